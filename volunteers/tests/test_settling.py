"""Claims of others: approved by somebody else, paid once, and asked about once a month."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.actions.mail import choose_mails
from members.factories import PostFactory
from members.models import Role, StoredFile, User
from referrals.tests.race import race
from volunteers.actions import expense_nudges, expenses, settling
from volunteers.factories import VolunteerFactory, volunteer_of
from volunteers.factories_expenses import (
    ExpenseClaimFactory,
    ExpenseLineFactory,
    MileageRateFactory,
    PaymentListFactory,
    add,
    journey,
    keep_receipt,
    worked_shift,
)
from volunteers.models import ExpenseClaim, ExpenseLine, MileageRate, MilesElsewhere, PaymentList, Volunteer

State = ExpenseClaim.State


@pytest.fixture
def helper(volunteer: User) -> Volunteer:
    return volunteer_of(volunteer)


@pytest.fixture
def draft(helper: Volunteer) -> ExpenseClaim:
    return expenses.start(helper, by=helper.user)


@pytest.fixture
def sent(draft: ExpenseClaim) -> ExpenseClaim:
    add(draft)
    return expenses.send(draft, by=draft.claimant)


def test_the_coordinators_get_a_mail_and_the_volunteer_hears_back(sent: ExpenseClaim, coordinator: User) -> None:
    outsider = PostFactory(role=Role.COORDINATOR).user
    again = ExpenseClaimFactory(volunteer=sent.volunteer)
    add(again, note="Another")
    expenses.send(again, by=again.claimant)
    mails = Message.objects.filter(kind="expenses-sent")
    assert {mail.to for mail in mails} == {coordinator.email}
    assert not mails.filter(to=outsider.email).exists()
    settling.send_back(sent, answer="Which bus?", by=coordinator)
    assert "Which bus?" not in Message.objects.get(kind="expenses-returned").text
    expenses.send(sent, by=sent.claimant)
    settling.decline(sent, answer="No.", by=coordinator)
    assert Message.objects.get(kind="expenses-declined").to == sent.claimant.email


def test_one_s_own_is_approved_by_somebody_else(network: Any, coordinator: User) -> None:
    own = VolunteerFactory(user=coordinator, workplace=network)
    claim = expenses.start(own, by=coordinator)
    add(claim)
    claim = expenses.send(claim, by=coordinator)
    assert not Message.objects.filter(kind="expenses-sent").exists()
    for act in (settling.send_back, settling.decline):
        with pytest.raises(PermissionDenied):
            act(claim, answer="Yes", by=coordinator)
    with pytest.raises(PermissionDenied):
        settling.approve(claim, total=claim.total, by=coordinator)
    facts = {"state": State.APPROVED, "decided_at": timezone.now(), "decided_by": coordinator}
    with pytest.raises(IntegrityError, match="not_decided_by_claimant"), transaction.atomic():
        ExpenseClaim.objects.filter(pk=claim.pk).update(**facts)
    other = PostFactory(workplace=network, role=Role.COORDINATOR).user
    claim = settling.approve(claim, total=claim.total, by=other)
    with pytest.raises(Refused, match="Nothing waits"):
        settling.make_list(network, by=coordinator)
    made = settling.make_list(network, by=other)
    with pytest.raises(Refused, match="Your own claim"):
        settling.mark_paid(made, by=coordinator)
    with pytest.raises(IntegrityError, match="not_paid_by_claimant"), transaction.atomic():
        made.claims.update(state=State.PAID, paid_at=timezone.now(), paid_by=coordinator)
    settling.mark_paid(made, by=other)


def test_whoever_does_not_look_after_them_settles_nothing(sent: ExpenseClaim, link_worker: User) -> None:
    stranger = PostFactory(role=Role.COORDINATOR).user
    made = PaymentListFactory(workplace=sent.volunteer.workplace)
    for user in (stranger, link_worker):
        with pytest.raises(PermissionDenied):
            settling.approve(sent, total=sent.total, by=user)
        with pytest.raises(PermissionDenied):
            settling.make_list(sent.volunteer.workplace, by=user)
        with pytest.raises(PermissionDenied):
            settling.mark_paid(made, by=user)
        assert not ExpenseClaim.objects.visible_to(user).exists()
        assert not PaymentList.objects.visible_to(user).exists()


def test_a_draft_is_its_volunteer_s_alone(draft: ExpenseClaim, coordinator: User, admin: User) -> None:
    assert draft in ExpenseClaim.objects.visible_to(draft.claimant)
    assert not ExpenseClaim.objects.visible_to(coordinator).exists()
    assert not ExpenseClaim.objects.visible_to(admin).exists()


def test_the_office_settles_where_nobody_else_can(sent: ExpenseClaim, admin: User) -> None:
    settling.approve(sent, total=sent.total, by=admin)
    assert settling.make_list(sent.volunteer.workplace, by=admin).claims.get() == sent


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_is_told(volunteer: User, coordinator: User, network: Any) -> None:
    helper = volunteer_of(volunteer)
    claim = ExpenseLineFactory(claim=ExpenseClaimFactory(volunteer=helper, state=State.SENT)).claim
    other = PostFactory(workplace=network, role=Role.COORDINATOR).user
    first, second = race(
        User.objects.filter(pk=volunteer.pk),
        lambda: settling.approve(claim, total=claim.total, by=coordinator),
        lambda: settling.decline(claim, answer="No", by=other),
    )
    assert first.state == State.APPROVED
    assert isinstance(second, Refused)
    assert "approved" in str(second)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_pay_at_once_one_list_is_made_and_each_claim_paid_once(
    volunteer: User, coordinator: User, network: Any
) -> None:
    helper = volunteer_of(volunteer)
    claims = [ExpenseLineFactory(claim=ExpenseClaimFactory(volunteer=helper, state=State.APPROVED)).claim for _ in "ab"]
    other = PostFactory(workplace=network, role=Role.COORDINATOR).user
    held = ExpenseClaim.objects.filter(pk__in=[claim.pk for claim in claims])
    made, refused = race(
        held,
        lambda: settling.make_list(network, by=coordinator),
        lambda: settling.make_list(helper.workplace, by=other),
    )
    assert isinstance(refused, Refused), refused
    assert made.claims.count() == 2
    late = ExpenseLineFactory(claim=ExpenseClaimFactory(volunteer=helper, state=State.APPROVED)).claim
    paid = race(
        PaymentList.objects.filter(pk=made.pk),
        lambda: settling.mark_paid(made, by=coordinator),
        lambda: settling.mark_paid(made, by=other),
    )
    assert {each.paid_by_id for each in paid} == {coordinator.pk}
    assert Message.objects.filter(kind="expenses-paid").count() == 2
    late.refresh_from_db()
    assert late.state == State.APPROVED  # it came after the list was taken home
    with pytest.raises(Refused, match="marked as paid"):
        settling.undo_list(made, by=coordinator)


def test_a_list_that_is_taken_apart_gives_its_claims_back(helper: Volunteer, coordinator: User) -> None:
    claim = ExpenseLineFactory(claim=ExpenseClaimFactory(volunteer=helper, state=State.APPROVED)).claim
    made = settling.make_list(helper.workplace, by=coordinator)
    settling.undo_list(made, by=coordinator)
    assert not PaymentList.objects.exists()
    assert settling.make_list(helper.workplace, by=coordinator).claims.get() == claim


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"state": "sent"}, "sent_has_time"),
        ({"state": "approved", "sent_at": timezone.now()}, "decided_has_facts"),
        ({"total": Decimal(-1)}, "total_not_negative"),
        ({"paid_at": timezone.now()}, "paid_has_facts"),
    ],
)
def test_the_database_asks_for_the_facts_of_a_state(draft: ExpenseClaim, facts: dict[str, Any], name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ExpenseClaim.objects.filter(pk=draft.pk).update(**facts)


def test_the_database_lets_no_two_rates_overlap_and_no_line_be_half_a_journey(draft: ExpenseClaim) -> None:
    with pytest.raises(IntegrityError, match="one_a_day"), transaction.atomic():
        MileageRateFactory(from_date=dt.date(2026, 4, 5))
    for wrong in ({"miles": None}, {"vehicle": ""}, {"vehicle": "passenger"}, {"passengers": 1}, {"reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            journey(draft, "10")
            ExpenseLine.objects.update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpenseLineFactory(claim=draft, amount=Decimal(0))
    assert MileageRate.objects.count() == 4


def test_whoever_leaves_takes_their_drafts_along_and_the_books_stay(sent: ExpenseClaim) -> None:
    draft = ExpenseClaimFactory(volunteer=sent.volunteer)
    keep_receipt(ExpenseLineFactory(claim=draft))
    expenses.declare_miles(year=2026, miles=Decimal(5), by=sent.claimant)
    expenses.erase(sent.claimant)
    assert list(ExpenseClaim.objects.all()) == [sent]
    assert not StoredFile.objects.exists()
    assert not MilesElsewhere.objects.exists()


# --- The monthly question


def test_whoever_was_there_and_claimed_nothing_is_asked_once_a_month(db: None) -> None:
    last = timezone.localdate().replace(day=1) - dt.timedelta(days=3)
    days = (last - timezone.localdate()).days
    asked, claimed, stopped, paused = (VolunteerFactory() for _ in range(4))
    for helper in (asked, claimed, stopped, paused):
        worked_shift(helper, days=days)
    ExpenseLineFactory(claim=ExpenseClaimFactory(volunteer=claimed), on=last)
    choose_mails({"expenses-nudge": "off"}, by=stopped.user)
    Volunteer.objects.filter(pk=paused.pk).update(stage="paused")
    worked_shift(VolunteerFactory(), days=-60)
    assert expense_nudges.nudge() == 1
    [mail] = Message.objects.filter(kind="expenses-nudge")
    assert mail.to == asked.user.email
    assert "1 shift in" in mail.text
    assert mail.unsubscribe
    assert expense_nudges.nudge() == 0
