"""The last step of a booking: what the people need, and how it is paid for, together."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from events.actions import booking, transfers
from events.models import Order, Ticket
from members.models import User


@transaction.atomic
def finish(
    order: Order,
    *,
    needs: Mapping[int, Mapping[str, Any]],
    pays: str = "",
    bill_to: str = "",
    address: str = "",
    purchase_order: str = "",
    by: User | None,
) -> Order:
    """Books what is held, as `booking.confirm` does, and keeps what was said of each ticket's needs, by its key.

    Needs are asked once: of a booking that is finished already nothing is changed. Raises Refused as `confirm` does.
    """
    before = order.is_held
    finished = booking.confirm(order, pays=pays, bill_to=bill_to, address=address, purchase_order=purchase_order, by=by)
    if before:
        for ticket in Ticket.objects.standing().filter(order=finished, pk__in=needs).order_by("pk"):
            transfers.set_needs(ticket, **needs[ticket.pk], by=by)
    return finished
