"""The page where tickets are booked, for oneself and for others."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import permissions, selling
from events.actions import booking
from events.actions.wishes import Buyer, Wish
from events.forms.booking import MOST_ROWS, OF_A_ROW, BookingForm
from events.models import Event
from linkworkers.actions import Refused
from linkworkers.limits import allows
from members.models import User

TOO_OFTEN = "Many bookings came from where you are just now. Wait a few minutes and try again: all you wrote is here."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def book(request: HttpRequest, event_slug: str) -> HttpResponse:
    """Holds places for whoever is written down, or puts them on the waitlist; what follows is on the booking's page.

    The buttons “add” and “without” send the same form, and change nothing but its rows.
    """
    user = permissions.known(request.user)
    event = get_object_or_404(Event.objects.visible_to(user), slug=event_slug)
    types = list(event.ticket_types.all())
    step = selling.next_step(event, types)
    if not event.is_public:
        step = selling.Step("This is a draft. Tickets are booked once it is announced.")
    if not step.url:
        return render(request, "events/book.html", {"event": event, "step": step})
    bookable = permissions.bookable_types(event, user, types)
    if not bookable:
        return render(request, "events/book.html", {"event": event, "step": step, "log_in": user is None})
    facts: dict[str, Any] = {
        "event": event,
        "types": bookable,
        "buyer": user,
        "codes": event.discounts.exists(),
        "full": step.label == selling.JOIN,
    }
    if request.method == "POST":
        if "add" in request.POST or "without" in request.POST:
            form = _other_rows(request.POST, facts)
        else:
            form = BookingForm(request.POST, rows=_rows(request.POST), **facts)
            if form.is_valid() and (address := _hold(request, event, form, user)) is not None:
                return redirect(address)
    else:
        form = BookingForm(initial=_yours(user, bookable), **facts)
    context = {
        "event": event,
        "form": form,
        "full": facts["full"],
        "step": step,
        "for_members": user is None and _for_own(types, bookable),
        "can_add": form.rows < MOST_ROWS,
    }
    return render(request, "events/book.html", context)


def _hold(request: HttpRequest, event: Event, form: BookingForm, user: User | None) -> str | None:
    """The address of the booking, or of the first place on the waitlist; None when the form says why there is none."""
    name, email = form.who
    wishes = [Wish(*each) for each in form.wished]
    buyer = Buyer(name, email, user)
    if not allows(request, "event_book", event.pk):
        form.add_error(None, TOO_OFTEN)
        return None
    code = form.cleaned_data.get("code", "")
    try:
        if not form.cleaned_data["waits"]:
            return booking.hold(event, wishes, buyer=buyer, code=code).get_absolute_url()
        order, entries = booking.hold_or_wait(event, wishes, buyer=buyer, code=code)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    if order is not None:
        return order.get_absolute_url()
    if len(entries) > 1:
        messages.info(request, f"All {len(entries)} are on the waitlist, each with a mail that says where they stand.")
    return entries[0].get_absolute_url()


def _rows(typed: Mapping[str, str]) -> int:
    number = typed.get("rows", "1")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1


def _other_rows(typed: QueryDict, facts: dict[str, Any]) -> BookingForm:
    """The same form with one more row, or without one; nothing of it is judged yet."""
    rows = _rows(typed)
    said = typed.dict()
    kept = list(range(rows))
    removed = typed.get("without", "")
    if "add" in typed:
        kept.append(rows)
        said[f"type_{rows}"] = said.get(f"type_{rows - 1}", "")
        said[f"organisation_{rows}"] = said.get(f"organisation_{rows - 1}", "")
    elif removed in map(str, kept) and rows > 1:
        kept.remove(int(removed))
    others = {key: value for key, value in said.items() if key.rpartition("_")[0] not in OF_A_ROW}
    people = {f"{part}_{to}": said.get(f"{part}_{row}", "") for to, row in enumerate(kept) for part in OF_A_ROW}
    return BookingForm(initial={**others, **people, "waits": "waits" in said}, rows=len(kept), **facts)


def _yours(user: User | None, types: list[Any]) -> dict[str, Any]:
    first: dict[str, Any] = {"type_0": permissions.first_choice(user, types).pk}
    if user is not None:
        first |= {"name_0": user.name, "email_0": user.email}
    return first


def _for_own(types: list[Any], bookable: list[Any]) -> bool:
    return any(each.audience in selling.FOR_OWN and each.is_on_sale for each in types if each not in bookable)
