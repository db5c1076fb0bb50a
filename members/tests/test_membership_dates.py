"""No day of a membership is lost or given twice, whatever is done in whatever order."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from linkworkers.actions import Refused
from members import periods
from members.actions import applications, memberships
from members.actions.fulfilment import fulfil
from members.factories import MembershipFactory, PlanFactory, UserFactory, make_term
from members.models import FOREVER, Association, Invoice, LedgerEntry, Membership, Plan, Status, Term
from members.models.membership import is_number, new_number

DAY = dt.timedelta(days=1)


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-04-01", 12, "2027-03-31"),
        ("2026-01-01", 12, "2026-12-31"),
        ("2028-02-29", 12, "2029-02-28"),  # 29 February does not come round
        ("2027-02-28", 12, "2028-02-27"),
        ("2027-03-01", 12, "2028-02-29"),
        ("2028-02-29", 48, "2032-02-28"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-05-31", 1, "2026-06-30"),
    ],
)
def test_a_term_ends_the_day_before_its_day_comes_round(start: str, months: int, end: str) -> None:
    assert periods.term_end(d(start), months) == d(end)


def test_a_term_without_months_is_for_life() -> None:
    assert periods.term_end(d("2026-04-01"), None) == FOREVER


@given(start=st.dates(d("2000-01-01"), d("2100-01-01")), months=st.integers(1, 60))
def test_terms_that_follow_on_leave_no_gap_and_never_shrink(start: dt.date, months: int) -> None:
    end = periods.term_end(start, months)
    assert (end - start).days + 1 >= 28 * months
    following = periods.next_start(ends_on=end, grace_days=0, paid_on=end, today=end)
    assert following == end + DAY
    # Twelve months are never short of the days of a year by more than the leap day that is not in them.
    if months == 12:
        assert (end - start).days + 1 in (365, 366)


@pytest.mark.parametrize(
    ("ends_on", "paid_on", "today", "start"),
    [
        (None, "2026-11-20", "2026-11-25", "2026-11-25"),  # the first: nobody pays for days gone by
        ("2027-01-31", "2026-11-25", "2026-11-25", "2027-02-01"),  # early
        ("2026-11-25", "2026-11-25", "2026-11-25", "2026-11-26"),  # on the last day
        ("2026-11-01", "2026-12-01", "2026-12-01", "2026-11-02"),  # on the last day of grace
        ("2026-11-01", "2026-12-02", "2026-12-02", "2026-12-02"),  # a day later
        ("2026-11-01", "2026-11-28", "2026-12-10", "2026-11-02"),  # paid in grace, and recorded after it
    ],
)
def test_the_next_term_follows_on_when_it_was_paid_in_time(
    ends_on: str | None, paid_on: str, today: str, start: str
) -> None:
    found = periods.next_start(ends_on=ends_on and d(ends_on), grace_days=30, paid_on=d(paid_on), today=d(today))
    assert found == d(start)


def test_numbers_tell_a_slip_of_the_finger() -> None:
    number = new_number()
    assert is_number(number)
    for place in range(1, 8):
        slip = str((int(number[place]) + 1) % 10)
        assert not is_number(number[:place] + slip + number[place + 1 :])
    assert not any(map(is_number, ["", "M", "M123456", number.lower(), number + "0", "M12345६7"]))


# --- Any sequence ------------------------------------------------------------------------------------------------

OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.sampled_from([1, 29, 46, 200, 300, 334, 364, 365, 366, 390])),
        st.tuples(st.just("join"), st.sampled_from(["nothing", "plain", "rich"])),
        st.tuples(st.just("renew"), st.sampled_from(["", "nothing", "plain", "rich"])),
        st.tuples(st.just("pay"), st.sampled_from([0, 0, 3, 40])),  # days between the bank and the books
        st.tuples(st.just("renew and pay"), st.sampled_from(["plain", "rich"])),
        st.tuples(st.just("upgrade"), st.sampled_from(["plain", "rich"])),
        st.tuples(st.just("cancel"), st.none()),
        st.tuples(st.just("resume"), st.none()),
    ),
    min_size=3,
    max_size=10,
)


def days_of(membership: Membership) -> dict[dt.date, int]:
    """Each covered day with the plan that covers it; fails when two terms cover one."""
    found: dict[dt.date, int] = {}
    for term in membership.terms.all():
        for offset in range(term.days):
            day = term.start_date + offset * DAY
            assert day not in found
            found[day] = term.plan_id
    return found


class Life:
    """A person's membership, lived through step by step, with what must hold after each of them."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        self.clock = clock
        self.plans = {
            "nothing": PlanFactory(key="nothing", price=0),
            "plain": PlanFactory(key="plain", price=Decimal("36.50"), grace_days=45),
            "rich": PlanFactory(key="rich", price=Decimal("90.00"), vat_rate=20),
        }
        self.user = UserFactory(second_factor=False)
        self.covered: dict[dt.date, int] = {}

    @property
    def membership(self) -> Membership | None:
        return Membership.objects.filter(user=self.user).select_related("plan", "sponsor__plan", "user").first()

    def do(self, name: str, detail: object) -> None:
        before = dict(self.covered)
        try:
            with transaction.atomic():
                changed = getattr(self, name.replace(" ", "_"))(detail)
        except Refused:
            changed = None
        membership = self.membership
        if membership is None:
            return
        self.covered = days_of(membership)
        self.holds(before, membership, changed)

    def holds(self, before: dict[dt.date, int], membership: Membership, changed: Term | None) -> None:
        today = timezone.localdate()
        assert before.keys() <= self.covered.keys(), "a day was lost"
        new = self.covered.keys() - before.keys()
        if changed is None:
            assert not new, "days came from nowhere"
        else:
            assert len(new) == changed.days, "a day was given twice, or some were not given"
        assert membership.ends_on == (max(self.covered) if self.covered else None)
        told = Membership.objects.with_status().get(pk=membership.pk).status
        assert told == membership.status_today
        if today in self.covered:
            assert told == Status.CURRENT
        terms = list(membership.terms.select_related("plan"))
        for one, following in pairwise(terms):
            gap = (following.start_date - one.end_date).days - 1
            assert gap == 0 or gap >= one.plan.grace_days, "days of grace were lost"

    def wait(self, days: int) -> None:
        self.clock.shift(dt.timedelta(days=days))

    def join(self, plan: str) -> Term | None:
        membership = applications.join(plan=self.plans[plan], user=self.user, by=self.user)
        return membership.terms.last() if self.plans[plan].is_free else None

    def renew(self, plan: str) -> Term | None:
        if self.membership is None:
            raise Refused
        given = memberships.renew(self.membership, plan=self.plans.get(plan), by=self.user)
        return given if isinstance(given, Term) else None

    def pay(self, late: int) -> Term | None:
        """Settles what waits; the money came in `late` days ago, if the invoice is as old as that."""
        invoice = Invoice.objects.unpaid().filter(membership__user=self.user).first()
        if invoice is None:
            raise Refused
        LedgerEntry.objects.create(kind=LedgerEntry.Kind.PAYMENT, amount=-invoice.total, invoice=invoice)
        received_on = max(invoice.issued_on, timezone.localdate() - late * DAY)
        before = set(days_of(self.membership))
        fulfil(invoice, received_on=received_on)
        if invoice.grants == Invoice.Grants.TERM:
            return invoice.terms.get()
        if invoice.covers_from is None:  # from a plan that costs nothing: its days give way to a whole term
            return Changed(len(set(days_of(self.membership)) - before))
        return None

    def renew_and_pay(self, plan: str) -> Term | None:
        self.renew(plan)
        return self.pay(0)

    def upgrade(self, plan: str) -> None:
        if self.membership is None:
            raise Refused
        memberships.upgrade(self.membership, plan=self.plans[plan], by=self.user)

    def cancel(self, _: None) -> None:
        if self.membership is None:
            raise Refused
        memberships.cancel(self.membership, by=self.user)

    def resume(self, _: None) -> None:
        if self.membership is None:
            raise Refused
        memberships.resume(self.membership, by=self.user)


class Changed:
    def __init__(self, days: int) -> None:
        self.days = days


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Late; too late; raised while a year that costs nothing lies ahead; paid in grace and booked after it.
@example(plan="plain", begin="2024-02-29", operations=[("wait", 390), ("renew and pay", "plain")])
@example(plan="plain", begin="2026-03-28", operations=[("wait", 366), ("wait", 46), ("renew and pay", "rich")])
@example(
    plan="nothing", begin="2026-03-28", operations=[("wait", 300), ("renew", ""), ("upgrade", "plain"), ("pay", 0)]
)
@example(plan="plain", begin="2027-12-31", operations=[("wait", 390), ("renew", ""), ("wait", 46), ("pay", 40)])
@given(
    operations=OPERATIONS,
    begin=st.sampled_from(["2024-02-29", "2026-03-28", "2027-12-31"]),
    plan=st.sampled_from(["nothing", "plain", "rich"]),
)
def test_no_day_is_lost_or_given_twice(operations: list[tuple[str, object]], begin: str, plan: str) -> None:
    with time_machine.travel(f"{begin}T12:00:00+00:00", tick=False) as clock, transaction.atomic():
        life = Life(clock)
        for name, detail in [("join", plan), ("pay", 0), *operations]:
            life.do(name, detail)
        transaction.set_rollback(True)


# --- What a change costs, and what it covers ----------------------------------------------------------------------


@pytest.fixture
def plans(db: None) -> dict[str, Plan]:
    return {
        "nothing": PlanFactory(key="nothing"),
        "plain": PlanFactory(key="plain", price=Decimal("36.50")),
        "rich": PlanFactory(key="rich", price=Decimal("73.00")),
    }


def paid(invoice: Invoice) -> None:
    LedgerEntry.objects.create(kind=LedgerEntry.Kind.PAYMENT, amount=-invoice.total, invoice=invoice)
    fulfil(invoice, received_on=timezone.localdate())


@time_machine.travel("2026-11-25T12:00:00+00:00", tick=False)
def test_a_dearer_plan_costs_the_difference_for_the_days_that_are_left(plans: dict[str, Plan]) -> None:
    membership = MembershipFactory(plan=plans["plain"], term__start=d("2026-04-01"))
    invoice = memberships.upgrade(membership, plan=plans["rich"], by=membership.user)
    assert (invoice.covers_from, invoice.covers_until) == (d("2026-11-25"), d("2027-03-31"))
    assert invoice.net == Decimal("12.70")  # £36.50 more a year is 10p a day, and there are 127 days
    paid(invoice)
    assert [(term.start_date, term.end_date, term.plan.key) for term in membership.terms.all()] == [
        (d("2026-04-01"), d("2026-11-24"), "plain"),
        (d("2026-11-25"), d("2027-03-31"), "rich"),
    ]
    membership.refresh_from_db()
    assert (membership.plan, membership.ends_on) == (plans["rich"], d("2027-03-31"))


@time_machine.travel("2026-11-25T12:00:00+00:00", tick=False)
def test_a_year_that_was_renewed_early_is_raised_too(plans: dict[str, Plan]) -> None:
    membership = MembershipFactory(plan=plans["plain"], term__start=d("2026-01-01"))
    make_term(membership, start=d("2027-01-01"))
    invoice = memberships.upgrade(membership, plan=plans["rich"], by=membership.user)
    assert invoice.net == Decimal("3.70") + Decimal("36.50")  # 37 days, and a year
    paid(invoice)
    assert [term.plan.key for term in membership.terms.all()] == ["plain", "rich", "rich"]


@time_machine.travel("2026-11-25T12:00:00+00:00", tick=False)
def test_from_a_free_plan_a_whole_term_begins_on_the_day_it_is_paid(plans: dict[str, Plan]) -> None:
    membership = MembershipFactory(plan=plans["nothing"], term__start=d("2026-04-01"))
    paid(memberships.upgrade(membership, plan=plans["plain"], by=membership.user))
    assert [(term.start_date, term.end_date) for term in membership.terms.all()] == [
        (d("2026-04-01"), d("2026-11-24")),
        (d("2026-11-25"), d("2027-11-24")),
    ]


def test_it_is_not_renewed_a_year_ahead_again_and_again(plans: dict[str, Plan]) -> None:
    membership = MembershipFactory(plan=plans["nothing"])
    with pytest.raises(Refused, match="You can renew it from"):
        memberships.renew(membership, by=membership.user)


def test_renewing_twice_is_one_invoice(plans: dict[str, Plan]) -> None:
    membership = MembershipFactory(plan=plans["plain"], term__days=30)
    first = memberships.renew(membership, by=membership.user)
    assert memberships.renew(membership, by=membership.user) == first
    second = memberships.renew(membership, plan=plans["rich"], by=membership.user)
    assert Invoice.objects.unpaid().get() == second
    assert first.credit_notes.get().total == first.total


def test_a_plan_that_the_office_looks_at_is_not_had_by_renewing(plans: dict[str, Plan]) -> None:
    student = PlanFactory(key="of-students", price=1, needs_approval=True)
    membership = MembershipFactory(plan=plans["plain"], term__days=30)
    with pytest.raises(Refused, match="The office looks at each application"):
        memberships.renew(membership, plan=student, by=membership.user)


def test_an_invoice_grants_once(plans: dict[str, Plan]) -> None:
    membership = MembershipFactory(plan=plans["plain"], term__days=30)
    invoice = memberships.renew(membership, by=membership.user)
    paid(invoice)
    fulfil(Invoice.objects.get(pk=invoice.pk), received_on=timezone.localdate())
    assert membership.terms.count() == 2


def test_renewing_takes_a_cancellation_back(plans: dict[str, Plan]) -> None:
    membership = MembershipFactory(plan=plans["nothing"], term__days=30)
    memberships.cancel(membership, reason="Moving abroad", by=membership.user)
    memberships.renew(membership, by=membership.user)
    membership.refresh_from_db()
    assert (membership.cancelled_on, membership.status_today) == (None, Status.CURRENT)


def test_a_cancelled_membership_runs_until_its_last_day_and_has_no_grace(plans: dict[str, Plan]) -> None:
    membership = MembershipFactory(plan=plans["nothing"], term__days=30)
    membership = memberships.cancel(membership, by=membership.user)
    assert membership.status_on(membership.ends_on) == Status.CURRENT
    assert membership.status_on(membership.ends_on + DAY) == Status.CANCELLED


def test_the_database_refuses_a_day_in_two_terms(plans: dict[str, Plan]) -> None:
    membership = MembershipFactory(plan=plans["nothing"])
    with pytest.raises(IntegrityError, match="term_no_overlap"), transaction.atomic():
        make_term(membership, start=membership.ends_on)


def test_a_term_that_is_taken_away_takes_its_end_along(plans: dict[str, Plan]) -> None:
    membership = MembershipFactory(plan=plans["nothing"])
    membership.terms.all().delete()
    membership.refresh_from_db()
    assert membership.ends_on is None


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-11-25", "2026-04-01", "2027-03-31"),
        ("2027-03-31", "2026-04-01", "2027-03-31"),
        ("2028-02-29", "2027-04-01", "2028-03-31"),
    ],
)
def test_the_learning_year_is_the_associations(day: str, first: str, last: str) -> None:
    assert Association().learning_year(d(day)) == (d(first), d(last))
