"""What may be claimed: the rules of a line, with a sentence for whoever breaks one, and what an approver looks at."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from linkworkers.templatetags import pounds
from volunteers.mileage import Rates, no_rate
from volunteers.models import ExpenseClaim, ExpenseLine, Shift, TrainingPlace, Vehicle, Volunteer
from volunteers.models.expenses import RECEIPT_FROM

LATE = relativedelta(months=3)  # the approver is told
TOO_LATE = relativedelta(months=12)  # refused


class Shifts:
    """The shifts that somebody was on and the trainings they came to, by their days in London; each read when asked."""

    def __init__(self, volunteer: Volunteer) -> None:
        self.volunteer, self.since = volunteer, timezone.now() - TOO_LATE * 2

    @cached_property
    def _by_day(self) -> dict[dt.date, Shift]:
        found = Shift.objects.filter(volunteer=self.volunteer, ended_at=None, starts_at__gte=self.since)
        shifts = found.exclude(attended=False).order_by("-starts_at")
        return {timezone.localdate(shift.starts_at): shift for shift in shifts}

    @cached_property
    def _trainings(self) -> dict[dt.date, str]:
        came = TrainingPlace.objects.filter(
            volunteer=self.volunteer, state=TrainingPlace.State.ATTENDED, training__starts_at__gte=self.since
        )
        return {place.training.on: place.training.title for place in came.select_related("training")}

    def on(self, day: dt.date) -> Shift | None:
        return self._by_day.get(day)

    def training_on(self, day: dt.date) -> str:
        """What a training they came to on a day was called; empty when there was none."""
        return self._trainings.get(day, "")


def problems(line: ExpenseLine, *, volunteer: Volunteer, rates: Rates) -> dict[str, str]:
    """What is wrong with a line, by its field. Its shift has to be looked up before."""
    found: dict[str, str] = {}
    today = timezone.localdate()
    if line.on > today:
        found["on"] = "This day is still to come. Claim when it is over."
    elif line.on < today - TOO_LATE:
        found["on"] = "This is more than twelve months ago. It can no longer be paid back."
    elif line.shift is None and not line.reason:
        found["reason"] = (
            "You had no shift on that day. Check the day, or write what you did: a training, an errand for the clinic."
        )
    if line.is_mileage:
        if line.on <= today and not rates.on(line.on, line.vehicle):
            found["on"] = no_rate(line.on, line.vehicle)
        elif line.passengers and line.on <= today and not rates.on(line.on, Vehicle.PASSENGER):
            found["passengers"] = no_rate(line.on, Vehicle.PASSENGER)
    elif line.kind == ExpenseLine.Kind.TRANSPORT and volunteer.has_bus_pass and not line.pass_reason:
        found |= {"pass_reason": "You have a free bus pass. Say why it did not serve, or leave this out."}
    return found


def missing_receipt(line: ExpenseLine, receipts: int) -> bool:
    return line.needs_receipt and not receipts


NO_RECEIPT = f"Whatever costs more than {pounds(RECEIPT_FROM)} needs a receipt, journeys of your own apart."


def same(line: ExpenseLine) -> tuple[object, ...]:
    """Two lines for which this is the same are one thing, claimed twice."""
    amount = line.miles if line.is_mileage else line.amount
    places = (line.from_place.casefold(), line.to_place.casefold())
    return (line.on, line.kind, line.vehicle, amount, *places, line.note.casefold())


def others_of_the_days(claim: ExpenseClaim, lines: Iterable[ExpenseLine]) -> list[ExpenseLine]:
    """Everything the claimant claims for these days, at whichever workplace, unless it was declined. One query."""
    found = ExpenseLine.objects.filter(claim__claimant=claim.claimant_id, on__in={line.on for line in lines})
    return list(found.exclude(claim__state=ExpenseClaim.State.DECLINED))


@dataclass(frozen=True)
class Flagged:
    """A line as an approver sees it: with what they should look at before they say yes."""

    line: ExpenseLine
    flags: list[str]


def flagged(claim: ExpenseClaim, lines: list[ExpenseLine]) -> list[Flagged]:
    """The lines, with shift and receipts fetched, and what is unusual about each. Two queries at most."""
    sent_on = timezone.localdate(claim.sent_at) if claim.sent_at else timezone.localdate()
    others, shifts = others_of_the_days(claim, lines), Shifts(claim.volunteer)
    found = []
    for line in lines:
        flags = []
        if line.shift is None and not shifts.training_on(line.on):
            flags.append("No shift on that day")
        elif line.shift and (line.shift.ended_at or line.shift.attended is False):
            flags.append("They were not on that shift after all")
        if line.on < sent_on - LATE:
            flags.append("More than three months old when it was sent")
        if any(other.pk != line.pk and _alike(other, line) for other in others):
            flags.append("Claimed twice? There is another of that day and kind")
        if line.pass_reason:
            flags.append(f"Has a bus pass: {line.get_pass_reason_display().lower()}")
        if missing_receipt(line, len(line.receipts.all())):
            flags.append("No receipt")
        found.append(Flagged(line, flags))
    return found


def _alike(one: ExpenseLine, other: ExpenseLine) -> bool:
    """Of one day and kind and, where both say it, for one journey."""
    if (one.on, one.kind) != (other.on, other.kind):
        return False
    journeys = {one.journey.casefold(), other.journey.casefold()}
    return len(journeys) == 1 or "" in journeys
