"""What every action on a claim shares: its lock, and its amounts worked out anew."""

from collections import defaultdict
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db.models import Sum

from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User
from volunteers.mileage import Rates, price, tax_year
from volunteers.models import ExpenseClaim, ExpenseLine, MilesElsewhere, Vehicle

State = ExpenseClaim.State
OPEN = (State.DRAFT, State.RETURNED)


def lock_person(user_id: int) -> None:
    """One person's claims are changed by one at a time, at whichever workplaces: together they use up a tax year's
    miles. Comes before the lock of a claim.
    """
    User.objects.select_for_update(no_key=True).values_list("pk").get(pk=user_id)


def lock_claim(claim: ExpenseClaim) -> ExpenseClaim:
    """The claim as it is now, with its volunteer, workplace and claimant; it and its claimant are locked."""
    lock_person(claim.claimant_id)
    found = ExpenseClaim.objects.select_for_update(of=("self",)).select_related(
        "volunteer__workplace__parent", "claimant"
    )
    locked = found.filter(pk=claim.pk).first()
    if locked is None:
        raise Refused("This claim was thrown away.")
    return locked


def own_open(claim: ExpenseClaim, by: User) -> ExpenseClaim:
    """One's own claim, locked, while one may change it. Raises PermissionDenied, and Refused."""
    if claim.claimant_id != by.pk:
        raise PermissionDenied
    claim = lock_claim(claim)
    if not claim.is_open:
        raise Refused("This claim was sent. Take it back to change it.")
    return claim


def reprice(user_id: int, *, rates: Rates, by: User | None, apart_from: ExpenseClaim | None = None) -> None:
    """Works out anew what somebody's journeys are worth that nobody approved yet; they are locked.

    What was approved stays, and the miles that it had at the higher rate are used up. Then come the journeys that were
    sent, in order of their days, then those that were not. A journey whose day has no rate stays as it is: who sends
    or approves it is told. Other claims whose total changes by it are in the trail.
    """
    journeys = ExpenseLine.objects.filter(claim__claimant=user_id, kind=ExpenseLine.Kind.MILEAGE)
    waiting = list(journeys.filter(claim__state__in=[State.SENT, *OPEN]).select_related("claim"))
    used = _used_up(user_id, waiting)
    for line in sorted(waiting, key=lambda line: (line.claim.state != State.SENT, line.on, line.pk)):
        rate = rates.on(line.on, line.vehicle)
        if rate is None or line.miles is None:
            continue
        year = (tax_year(line.on), line.vehicle)
        priced = price(
            miles=line.miles,
            rate=rate,
            used=used[year],
            passengers=line.passengers,
            passenger_miles=line.passenger_miles or Decimal(0),
            passenger_rate=rates.on(line.on, Vehicle.PASSENGER),
        )
        used[year] += priced.first_rate_miles
        line.amount, line.first_rate_miles, line.working = priced.amount, priced.first_rate_miles, priced.words
    ExpenseLine.objects.bulk_update(waiting, ["amount", "first_rate_miles", "working"])
    _add_up(user_id, by, apart_from)


def _used_up(user_id: int, waiting: list[ExpenseLine]) -> dict[tuple[int, str], Decimal]:
    """Miles at the higher rate that are spent, by tax year and vehicle: approved ones, and by car those driven for
    others.
    """
    used: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    if waiting:
        years = [line.on.year for line in waiting]
        settled = ExpenseLine.objects.filter(
            claim__claimant=user_id,
            kind=ExpenseLine.Kind.MILEAGE,
            claim__state__in=[State.APPROVED, State.PAID],
            on__year__range=(min(years) - 1, max(years) + 1),
        )
        for on, vehicle, miles in settled.values_list("on", "vehicle", "first_rate_miles"):
            used[tax_year(on), vehicle] += miles
        for year, miles in MilesElsewhere.objects.filter(user=user_id).values_list("year", "miles"):
            used[year, Vehicle.CAR.value] += miles
    return used


def _add_up(user_id: int, by: User | None, apart_from: ExpenseClaim | None) -> None:
    """Brings the totals of claims that are not approved up to date."""
    claims = ExpenseClaim.objects.filter(state__in=[State.SENT, *OPEN], claimant=user_id)
    for claim in claims.annotate(sum=Sum("lines__amount")):
        total = claim.sum or Decimal("0.00")
        if total == claim.total:
            continue
        ExpenseClaim.objects.filter(pk=claim.pk).update(total=total)
        if claim.state == State.SENT and (apart_from is None or claim.pk != apart_from.pk):
            facts = {"total": [str(claim.total), str(total)]}
            record("expense_claim.repriced", by=by, subject=claim, facts=facts)
    if apart_from is not None:
        apart_from.refresh_from_db(fields=["total"])
