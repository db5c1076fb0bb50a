"""Money that comes when things have changed: it is kept and shown to the office, and grants no more than it bought."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from members import figures
from members.actions import applications, bank, fulfilment, memberships
from members.actions.invoices import balance_of
from members.actions.leaving import leave
from members.factories import EmployerFactory, MembershipFactory, PlanFactory, UserFactory, make_term
from members.factories_money import pay, taken
from members.models import FOREVER, BankLine, Invoice, Membership, Payment, Plan, User
from tests.world import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def plain() -> Plan:
    return PlanFactory(key="plain", price=Decimal("36.50"))


@pytest.fixture
def rich() -> Plan:
    return PlanFactory(key="rich", price=Decimal("73.00"))


@pytest.fixture
def honorary() -> Plan:
    return PlanFactory(key="for-life", months=None, is_open=False)


def waiting(membership: Membership) -> Invoice:
    invoice = memberships.renew(membership, by=membership.user)
    assert isinstance(invoice, Invoice)
    return invoice


def for_life(membership: Membership, honorary: Plan) -> None:
    """Honoured while an invoice waits that nobody took back."""
    fulfilment.raise_plan(fulfilment.locked(membership), plan=honorary, invoice=None)


def test_a_membership_given_for_life_takes_back_what_waits_to_be_paid(plain: Plan, honorary: Plan, admin: User) -> None:
    membership = MembershipFactory(plan=plain, term__days=30)
    invoice = waiting(membership)
    memberships.give(user=membership.user, plan=honorary, by=admin)
    assert balance_of(invoice) == 0
    pay(invoice, "36.50")
    assert membership.terms.last().end_date == FOREVER


def test_a_payment_that_can_grant_nothing_is_kept_and_the_office_sees_it(
    plain: Plan, honorary: Plan, admin: User
) -> None:
    membership = MembershipFactory(plan=plain, term__days=30)
    invoice = waiting(membership)
    for_life(membership, honorary)
    pay(invoice, "36.50")
    invoice.refresh_from_db()
    assert (balance_of(invoice), invoice.granted_at) == (0, None)
    assert membership.terms.last().plan == honorary
    assert "for life" in AuditEvent.objects.get(verb="invoice.not_granted").facts["why"]
    assert figures.office().ungranted == 1
    page = logged_in(admin).get(reverse("admin:members_invoice_changelist"), {"standing": "ungranted"})
    assert [row.number for row in page.context["cl"].result_list] == [invoice.number]


def test_the_difference_to_a_dearer_plan_does_not_end_a_membership_for_life(plain: Plan, honorary: Plan) -> None:
    free = MembershipFactory()
    invoice = memberships.upgrade(free, plan=plain, by=free.user)
    for_life(free, honorary)
    pay(invoice, "36.50")
    free.refresh_from_db()
    assert (free.plan, free.ends_on) == (honorary, FOREVER)


def test_the_first_paid_year_ends_no_days_that_were_got_meanwhile(plain: Plan, rich: Plan, admin: User) -> None:
    free = MembershipFactory(term__days=30)
    invoice = memberships.upgrade(free, plan=plain, by=free.user)
    memberships.give(user=free.user, plan=rich, by=admin)
    pay(invoice, "36.50")
    assert [term.plan.name for term in free.terms.all()] == ["Free membership", rich.name, plain.name]


def test_one_bad_line_of_the_bank_does_not_hold_up_the_others(
    plain: Plan, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = (waiting(MembershipFactory(plan=plain, term__days=30)) for _ in range(2))
    taken(admin, (bad.number, "36.50"), (good.number, "36.50"))
    lines = {line.text: line for line in BankLine.objects.all()}
    bank.choose({lines[bad.number].pk: bad.pk, lines[good.number].pk: good.pk}, by=admin)
    real = bank.record_payment

    def record(*, invoice: Invoice, **facts: object) -> Payment:
        if invoice == bad:
            raise RuntimeError("What nobody has thought of.")
        return real(invoice=invoice, **facts)

    monkeypatch.setattr(bank, "record_payment", record)
    assert (bank.take_in().recorded, bank.take_in().recorded) == (1, 0)
    assert (balance_of(good), balance_of(bad)) == (0, Decimal("36.50"))
    assert BankLine.objects.waiting().get().problem


def test_seats_bought_now_are_not_fewer_in_the_year_that_has_more(db: None) -> None:
    employer = EmployerFactory(seats=3, term__days=40)
    make_term(employer, start=employer.ends_on + fulfilment.DAY, seats=20)
    invoice = memberships.buy_seats(employer, seats=10, by=employer.contact)
    pay(invoice, str(invoice.total))
    assert [term.seats for term in employer.terms.all()] == [10, 20]
    employer.refresh_from_db()
    assert employer.seats == 20


def test_a_plan_that_is_dearer_already_stays(plain: Plan, rich: Plan) -> None:
    """This year was paid for as the dearest, the next one as the cheapest: only the next one is raised, and paid."""
    middle = PlanFactory(key="middle", price=Decimal("50.00"))
    membership = MembershipFactory(plan=rich, term__days=40)
    membership.plan = plain
    membership.save()
    make_term(membership, start=membership.ends_on + fulfilment.DAY)
    invoice = memberships.upgrade(membership, plan=middle, by=membership.user)
    assert invoice.net == Decimal("13.50")
    pay(invoice, "13.50")
    assert [term.plan.key for term in membership.terms.all()] == ["rich", "middle"]


# --- The office's yes


def test_nobody_renews_into_a_plan_that_the_office_has_to_say_yes_to(plain: Plan) -> None:
    student = PlanFactory(key="students", price=12, needs_approval=True)
    membership = MembershipFactory(plan=plain, term__days=30)
    with pytest.raises(Refused, match="The office"):
        memberships.renew(membership, plan=student, by=membership.user)
    page = logged_in(membership.user).get(reverse("membership_renew", args=[membership.number]))
    assert student not in page.context["form"].fields["plan"].queryset


def test_whoever_has_such_a_plan_renews_it(plain: Plan) -> None:
    student = PlanFactory(key="students", price=12, needs_approval=True)
    membership = MembershipFactory(plan=student, term__days=30)
    assert memberships.renew(membership, by=membership.user).plan == student


def test_a_no_is_not_got_round_by_renewing_and_an_employer_may_ask_again(admin: User) -> None:
    asked: dict = {
        "plan": PlanFactory(key="employers-asking", employer=True, needs_approval=True),
        "contact": UserFactory(),
        "organization_name": "Chiltern Links",
        "seats": 2,
    }
    asked["by"] = asked["contact"]
    membership = applications.join_as_employer(**asked)
    applications.decline(membership, reason="We cannot find you.", by=admin)
    membership.refresh_from_db()
    with pytest.raises(Refused):
        memberships.renew(membership, by=asked["by"])
    assert applications.join_as_employer(**asked).waits_for_approval
    with pytest.raises(Refused, match="asked already"):
        applications.join_as_employer(**asked)


# --- Leaving


def test_nothing_is_asked_of_whoever_left_and_what_they_pay_late_brings_no_days(plain: Plan) -> None:
    membership = MembershipFactory(plan=plain, term__days=30)
    invoice = waiting(membership)
    leave(membership.user, take_texts=False, by=membership.user)
    assert balance_of(invoice) == 0
    pay(invoice, "36.50")
    assert membership.terms.count() == 1


def test_an_invoice_that_was_paid_in_part_stays_for_the_office(plain: Plan) -> None:
    membership = MembershipFactory(plan=plain, term__days=30)
    invoice = waiting(membership)
    pay(invoice, "30.00")
    leave(membership.user, take_texts=False, by=membership.user)
    assert not Invoice.objects.to_remind(2, before=timezone.localdate() + fulfilment.DAY * 90).exists()
    pay(invoice, "6.50")
    assert membership.terms.count() == 1
    assert figures.office().ungranted == 1
