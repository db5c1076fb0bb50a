"""The numbers behind the office's charts, counted by hand."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from members import figures
from members.actions import applications, memberships
from members.factories import EmployerFactory, MembershipFactory, PlanFactory, UserFactory, make_term
from members.figures import Movement, Share
from members.models import FOREVER, Membership, Payment, Region, Seat, Term

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 25)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def member_with(*spans: str, **facts: object) -> Membership:
    """Terms as "2026-01-01 2026-12-31": the first joined, the others renewed, unless a third word says else."""
    membership = MembershipFactory(term=False, **facts)
    for number, span in enumerate(spans):
        first, last, *reason = span.split()
        term = make_term(membership, start=day(first), days=(day(last) - day(first)).days + 1)
        Term.objects.filter(pk=term.pk).update(reason=reason[0] if reason else "renewed" if number else "joined")
    return membership


def counted(on: dt.date = TODAY) -> dict[str, tuple[int, int, int]]:
    """The months in which something happened."""
    every = {f"{each.month:%Y-%m}": (each.joined, each.renewed, each.lapsed) for each in figures.movements(on)}
    return {month: numbers for month, numbers in every.items() if any(numbers)}


def test_the_twelve_months_end_with_this_one():
    assert (figures.last_months(TODAY)[0], figures.last_months(TODAY)[-1]) == (day("2025-12-01"), day("2026-11-01"))
    assert len(figures.movements(TODAY)) == len(figures.income(TODAY)) == 12
    assert figures.movements(TODAY)[0] == Movement(day("2025-12-01"), 0, 0, 0)


def test_a_month_holds_its_first_and_its_last_day():
    for first in ("2025-11-30", "2025-12-01", "2025-12-31", "2026-01-01", "2026-11-25", "2026-11-26"):
        member_with(f"{first} 2027-12-31")
    assert counted() == {"2025-12": (2, 0, 0), "2026-01": (1, 0, 0), "2026-11": (1, 0, 0)}


def test_who_renewed_or_came_back_is_counted_when_that_term_begins():
    member_with("2025-01-01 2025-12-31", "2026-01-01 2026-12-31")
    member_with("2024-01-01 2024-12-31", "2026-03-05 2027-03-04 returned")
    member_with("2026-02-01 2026-06-30", "2026-07-01 2027-01-31 upgraded")  # changed plan: neither
    member_with("2025-11-01 2026-12-31", "2027-01-01 2027-12-31")  # renewed ahead: counted in January
    assert counted() == {"2026-01": (0, 1, 0), "2026-02": (1, 0, 0), "2026-03": (0, 1, 0)}


def test_who_lapsed_is_counted_on_the_first_day_after_grace():
    thirty = PlanFactory(key="thirty", grace_days=30)
    member_with("2025-06-01 2026-05-31", plan=thirty)  # grace to 30 June: 1 July
    member_with("2025-05-31 2026-05-30", plan=thirty)  # grace to 29 June: 30 June
    member_with("2025-11-01 2026-10-26", plan=thirty)  # grace to today
    member_with("2025-11-01 2026-10-25", plan=thirty)  # grace to yesterday: today
    assert counted() == {"2026-06": (0, 0, 1), "2026-07": (0, 0, 1), "2026-11": (0, 0, 1)}


def test_who_came_back_after_grace_had_lapsed_all_the_same_and_who_was_in_time_had_not():
    member_with("2025-01-01 2025-12-31", "2026-06-01 2027-05-31 returned")
    member_with("2025-01-01 2025-12-31", "2026-01-01 2026-12-31")
    member_with("2025-01-01 2025-12-31", "2026-01-31 2026-12-31 returned")  # the day after grace: no day between
    assert counted() == {"2026-01": (0, 2, 1), "2026-06": (0, 1, 0)}


def test_who_cancelled_has_no_grace_and_life_never_lapses():
    left = member_with("2025-04-01 2026-03-31")
    Membership.objects.filter(pk=left.pk).update(cancelled_on=day("2026-01-10"))
    life = member_with("2026-02-01 2026-12-31")
    Term.objects.filter(membership=life).update(end_date=FOREVER)
    assert counted() == {"2026-02": (1, 0, 0), "2026-04": (0, 0, 1)}


@time_machine.travel(dt.datetime(2027, 7, 31, 23, 30, tzinfo=dt.UTC), tick=False)  # half past midnight in London
def test_the_month_is_londons(admin):
    plan = PlanFactory(key="free-of-tests", price=0)
    applications.join(plan=plan, user=UserFactory(), by=admin)
    assert timezone.localdate() == day("2027-08-01")
    assert figures.movements()[-1] == Movement(day("2027-08-01"), 1, 0, 0)
    memberships.give(user=UserFactory(), plan=plan, by=admin)
    assert figures.movements()[-1].joined == 2


def test_income_is_what_came_in_less_what_was_paid_back():
    for number, (received, amount) in enumerate(
        [("2025-11-30", 5), ("2025-12-01", 36), ("2025-12-31", "24.50"), ("2026-01-01", 10), ("2026-01-31", -4)]
    ):
        Payment.objects.create(
            number=f"R{number}", received_on=day(received), amount=Decimal(amount), method=Payment.Method.TRANSFER
        )
    found = {f"{month:%Y-%m}": total for month, total in figures.income(TODAY) if total}
    assert found == {"2025-12": Decimal("60.50"), "2026-01": Decimal("6.00")}


def test_who_belongs_today_by_region_and_by_plan():
    free, trust_plan = PlanFactory(key="f", name="Free"), PlanFactory(key="t", name="Trust", employer=True)
    start = timezone.localdate()
    MembershipFactory(plan=free, region=Region.LONDON)
    MembershipFactory(plan=free, region="", term__start=start - dt.timedelta(days=370), term__days=365)  # in grace
    MembershipFactory(plan=free, region=Region.LONDON, term=False)  # applied
    trust = EmployerFactory(plan=trust_plan, region=Region.WALES)
    guest = MembershipFactory(plan=free, region=Region.WALES, term=False)
    Seat.objects.create(
        membership=trust,
        member=guest,
        email="g@x.test",
        token_hash="x",
        expires_at=timezone.now(),
        accepted_at=timezone.now(),
    )
    shares = {share.label: (share.people, share.employers) for share in figures.by_region()}
    assert {label: both for label, both in shares.items() if any(both)} == {
        "London": (1, 0),
        "Wales": (1, 1),
        "No region": (1, 0),
    }
    assert len(shares) == 13
    assert figures.by_plan() == [Share("Free", 2, 0), Share("On an employer’s seat", 1, 0), Share("Trust", 0, 1)]


def test_what_waits_for_the_office(admin):
    asking = PlanFactory(key="student-of-tests", needs_approval=True)
    MembershipFactory(plan=asking, term=False)
    late = applications.join(plan=PlanFactory(key="paid-one", price=36), user=UserFactory(), by=admin)
    assert figures.office() == figures.Office(applications=1, overdue=0, unplaced=0)
    Payment.objects.create(number="R1", received_on=TODAY, amount=5, method=Payment.Method.CARD)
    with time_machine.travel(timezone.now() + dt.timedelta(days=40)):
        assert late.invoices.get().due_on < timezone.localdate()
        assert figures.office() == figures.Office(applications=1, overdue=1, unplaced=1)


def test_each_chart_is_one_query(django_assert_num_queries):
    for _ in range(5):
        MembershipFactory(region=Region.LONDON)
    with django_assert_num_queries(4):
        figures.movements()
        figures.income()
        figures.by_region()
        figures.by_plan()
