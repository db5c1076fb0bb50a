"""How an event stands for somebody who thinks of coming: what is free, what it costs, and the one next step."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from events.models import Event, TicketType
from linkworkers.templatetags import pounds

JOIN = "Join the waitlist"
FEW = 10  # from so many places left on, the number is told
Audience = TicketType.Audience
FOR_ALL = frozenset({Audience.NON_MEMBER, Audience.FREE})
FOR_OWN = frozenset({Audience.MEMBER, Audience.VOLUNTEER})


@dataclass(frozen=True)
class Step:
    """What to do next: a button with a `label` that leads to `url`, where there is one, and a sentence beside it."""

    note: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True)
class Offered:
    """A kind of ticket as the page shows it; `state` is "free", "few", "gone", "before" or "after", `left` says it, and
    `words` says until when, too.
    """

    type: TicketType
    state: str
    left: str
    until: str = ""

    @property
    def words(self) -> str:
        return f"{self.left}, {self.until}" if self.until else self.left


def places(event: Event) -> str:
    """The places left, in words."""
    if event.is_cancelled:
        return "Cancelled"
    if event.is_over:
        return "Over"
    if event.has_begun:
        return "Has begun"
    if not event.free:
        return "Full: join the waitlist"
    return _left(event.free) if event.free <= FEW else "Places free"


def price(types: Iterable[TicketType]) -> str:
    """The lowest prices in a line, with VAT: everybody’s, and members’ and volunteers’ where theirs are lower."""
    types = list(types)
    everybody = _lowest(types, FOR_ALL)
    own = [("members", _lowest(types, {Audience.MEMBER})), ("volunteers", _lowest(types, {Audience.VOLUNTEER}))]
    if own[0][1] == own[1][1]:
        own = [("members and volunteers", own[0][1])]
    parts = [] if everybody is None else [f"From {pounds(everybody)}" if everybody else "Free"]
    for who, amount in own:
        if amount is not None and (everybody is None or amount < everybody):
            parts.append(f"{who} {pounds(amount) if amount else 'free'}")
    line = ", ".join(parts)
    return line[:1].upper() + line[1:]


def offered(event: Event, types: Iterable[TicketType]) -> list[Offered]:
    """Each kind of ticket with what is left of it and when it is sold."""
    return [_offered(event, each) for each in types]


def next_step(event: Event, types: Sequence[TicketType], *, ticket_key: str = "") -> Step:
    """The one thing to do on the page of an event: `ticket_key` opens the ticket of whoever looks, if they have one."""
    yours = reverse("event_ticket", args=[ticket_key]) if ticket_key else ""
    if event.is_cancelled:
        return Step("It does not take place.", "See your ticket" if yours else "", yours)
    if event.is_over:
        return Step("This event is over.", "See your ticket" if yours else "", yours)
    if yours:
        return Step("You are coming.", "See your ticket", yours)
    if event.has_begun:
        return Step("It has begun. Tickets are no longer booked here.")
    if not types:
        return Step("Tickets are not on sale yet.")
    book = reverse("event_book", args=[event.slug])
    if not event.free:
        return Step("All places are taken. Whoever waits is asked in the order in which they came.", JOIN, book)
    selling = [each for each in types if each.is_on_sale]
    if not selling:
        return Step(_not_selling(types))
    if all(each.free == 0 for each in selling):
        return Step("All tickets that are on sale are taken.", JOIN, book)
    left = f" {_left(event.free)}." if event.free <= FEW else ""
    return Step(f"Book for yourself, or for colleagues.{left}", "Book", book)


def _offered(event: Event, each: TicketType) -> Offered:
    if event.is_cancelled or event.has_begun or each.is_after_sale:
        return Offered(each, "after", "Sale has ended")
    if each.is_before_sale and each.sale_from:
        return Offered(each, "before", f"On sale from {_moment(each.sale_from)}")
    left = event.free if each.free is None else min(each.free, event.free)
    until = f"on sale until {_moment(each.sale_until)}" if each.sale_until else ""
    if not left:
        return Offered(each, "gone", "All taken", until)
    return Offered(each, "few", _left(left), until) if left <= FEW else Offered(each, "free", "Places free", until)


def _not_selling(types: Iterable[TicketType]) -> str:
    coming = [each.sale_from for each in types if each.is_before_sale and each.sale_from]
    return f"Sale opens on {_moment(min(coming))}." if coming else "The sale of tickets has ended."


def _moment(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i")


def _left(number: int) -> str:
    return "1 place left" if number == 1 else f"{number} places left"


def _lowest(types: Iterable[TicketType], audiences: Iterable[str]) -> Decimal | None:
    return min((each.price_with_vat for each in types if each.audience in audiences), default=None)
