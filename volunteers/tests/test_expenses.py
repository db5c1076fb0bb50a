"""A volunteer’s own claims: what may be claimed, and how it is worked out."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.uploads import Upload
from members.models import StoredFile, User
from referrals.tests.race import race
from volunteers.actions import expenses, settling
from volunteers.expense_rules import flagged
from volunteers.factories import VolunteerFactory, in_london, volunteer_of
from volunteers.factories_expenses import (
    ExpenseClaimFactory,
    ExpenseLineFactory,
    MileageRateFactory,
    add,
    drive,
    journey,
    keep_receipt,
    photo,
    worked_shift,
    yesterday,
)
from volunteers.factories_training import TrainingFactory, TrainingPlaceFactory
from volunteers.models import ExpenseClaim, ExpenseLine, MilesElsewhere, Vehicle, Volunteer

State, Kind = ExpenseClaim.State, ExpenseLine.Kind


@pytest.fixture
def helper(volunteer: User) -> Volunteer:
    return volunteer_of(volunteer)


@pytest.fixture
def draft(helper: Volunteer) -> ExpenseClaim:
    return expenses.start(helper, by=helper.user)


# --- What may be claimed


def test_a_claim_begins_once(helper: Volunteer, draft: ExpenseClaim) -> None:
    assert expenses.start(helper, by=helper.user) == draft
    with pytest.raises(PermissionDenied):
        expenses.start(VolunteerFactory(), by=helper.user)


def test_a_day_with_a_shift_needs_no_reason(helper: Volunteer, draft: ExpenseClaim) -> None:
    shift = worked_shift(helper)
    assert add(draft, reason="").shift == shift


def test_a_day_without_a_shift_is_refused_unless_a_reason_is_given(draft: ExpenseClaim) -> None:
    with pytest.raises(Refused, match="You had no shift on that day"):
        add(draft, reason="")
    line = add(draft, reason="Picked up the leaflets")
    [row] = flagged(draft, [line])
    assert row.flags == ["No shift on that day"]


def test_a_shift_given_up_missed_or_somebody_else_s_is_no_shift(helper: Volunteer, draft: ExpenseClaim) -> None:
    worked_shift(helper, attended=False)
    worked_shift(helper, days=-2, ended_at=timezone.now(), end_reason="given_up")
    worked_shift(VolunteerFactory(workplace=helper.workplace), days=-3)
    for days in (1, 2, 3):
        with pytest.raises(Refused, match="no shift"):
            add(draft, on=yesterday(days), reason="")


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (lambda: yesterday(-1), "still to come"),
        (lambda: yesterday(367), "more than twelve months ago"),
    ],
)
def test_a_day_to_come_or_long_past_is_refused(draft: ExpenseClaim, on: Any, said: str) -> None:
    with pytest.raises(Refused, match=said):
        add(draft, on=on())


def test_a_day_of_more_than_three_months_ago_is_told_to_the_approver(draft: ExpenseClaim) -> None:
    [row] = flagged(draft, [add(draft, on=yesterday(100))])
    assert "More than three months old when it was sent" in row.flags


def test_the_same_thing_twice_is_refused_and_a_like_one_is_flagged(helper: Volunteer, draft: ExpenseClaim) -> None:
    first = add(draft, from_place="Ware", to_place="The Maltings")
    with pytest.raises(Refused, match="already"):
        add(draft, from_place="ware", to_place="the maltings")
    back = add(draft, from_place="The Maltings", to_place="Ware")
    assert [len(row.flags) for row in flagged(draft, [first, back])] == [1, 1]  # there and back is no double
    again = add(draft, from_place="Ware", to_place="The Maltings", amount=Decimal("3.00"))
    assert "Claimed twice" in flagged(draft, [again])[0].flags[1]


def test_the_same_thing_is_refused_in_another_claim_and_not_after_a_no(helper: Volunteer, draft: ExpenseClaim) -> None:
    other = ExpenseClaimFactory(volunteer=VolunteerFactory(user=helper.user), state=State.SENT)
    ExpenseLineFactory(claim=other)
    with pytest.raises(Refused, match="already"):
        add(draft)
    declined = ExpenseClaimFactory(volunteer=helper, state=State.DECLINED)
    ExpenseLineFactory(claim=declined, amount=Decimal("2.00"))
    assert add(draft, amount=Decimal("2.00")).pk


def test_whoever_has_a_bus_pass_says_why_it_did_not_serve(helper: Volunteer, draft: ExpenseClaim) -> None:
    assert add(draft).pk
    Volunteer.objects.filter(pk=helper.pk).update(has_bus_pass=True)
    with pytest.raises(Refused, match="free bus pass"):
        add(draft, note="Another")
    line = add(draft, note="Another", pass_reason="early")
    assert "Has a bus pass: i travelled before 9:30" in flagged(draft, [line])[0].flags
    assert add(draft, kind=Kind.PARKING).pk


def test_a_receipt_is_needed_for_more_than_five_pounds(draft: ExpenseClaim) -> None:
    add(draft, amount=Decimal("5.00"))
    dear = add(draft, kind=Kind.PARKING, amount=Decimal("5.01"))
    with pytest.raises(Refused, match="A receipt is missing for Parking"):
        expenses.send(draft, by=draft.claimant)
    keep_receipt(dear)
    assert expenses.send(draft, by=draft.claimant).state == State.SENT


def test_a_claim_without_lines_is_not_sent(draft: ExpenseClaim) -> None:
    with pytest.raises(Refused, match="nothing in this claim"):
        expenses.send(draft, by=draft.claimant)


def test_a_shift_that_fell_away_since_is_asked_about_when_it_is_sent(helper: Volunteer, draft: ExpenseClaim) -> None:
    shift = worked_shift(helper)
    line = add(draft, reason="")
    shift.attended = False
    shift.save()
    assert flagged(draft, list(draft.lines.all()))[0].flags == ["They were not on that shift after all"]
    with pytest.raises(Refused, match="no shift"):
        expenses.send(draft, by=draft.claimant)
    line.refresh_from_db()
    assert line.shift == shift


def test_receipts_are_deleted_with_their_line_and_claim(draft: ExpenseClaim) -> None:
    file = Upload("a.jpg", "image/jpeg", photo())
    line = add(draft, files=[file])
    with pytest.raises(Refused, match="4 receipts at most"):
        expenses.save_line(draft, line, facts={}, files=[file] * 4, by=draft.claimant)
    expenses.remove_line(line, by=draft.claimant)
    assert not StoredFile.objects.exists()
    add(draft, files=[file])
    expenses.discard(draft, by=draft.claimant)
    assert not StoredFile.objects.exists()
    assert not ExpenseClaim.objects.exists()


def test_nobody_changes_another_s_claim_or_one_that_was_sent(draft: ExpenseClaim, coordinator: User) -> None:
    line = add(draft)
    for act in (
        lambda: expenses.save_line(draft, line, facts={}, by=coordinator),
        lambda: expenses.remove_line(line, by=coordinator),
        lambda: expenses.send(draft, by=coordinator),
        lambda: expenses.take_back(draft, by=coordinator),
        lambda: expenses.discard(draft, by=coordinator),
    ):
        with pytest.raises(PermissionDenied):
            act()
    expenses.send(draft, by=draft.claimant)
    for act in (
        lambda: add(draft, note="x"),
        lambda: expenses.remove_line(line, by=draft.claimant),
        lambda: expenses.send(draft, by=draft.claimant),
        lambda: expenses.discard(draft, by=draft.claimant),
    ):
        with pytest.raises(Refused, match="Take it back"):
            act()
    expenses.take_back(draft, by=draft.claimant)
    assert expenses.send(draft, by=draft.claimant).state == State.SENT


# --- Mileage


def test_a_journey_without_a_rate_waits_for_the_office_and_the_rest_is_sent(draft: ExpenseClaim) -> None:
    with pytest.raises(Refused, match="The association’s office has to enter it"):
        drive(draft, "10")
    add(draft)
    assert expenses.send(draft, by=draft.claimant).total == Decimal("4.20")


@time_machine.travel(dt.datetime(2026, 4, 20, 10, tzinfo=dt.UTC))
def test_the_day_decides_the_rate_around_the_fifth_and_sixth_of_april(draft: ExpenseClaim) -> None:
    assert drive(draft, "10", on=dt.date(2026, 4, 5)).amount == Decimal("4.50")
    with pytest.raises(Refused, match="on 6 April 2026 yet"):
        drive(draft, "10", on=dt.date(2026, 4, 6))
    MileageRateFactory()
    assert drive(draft, "10", on=dt.date(2026, 4, 6)).amount == Decimal("4.00")


@time_machine.travel(dt.datetime(2026, 4, 20, 10, tzinfo=dt.UTC))
def test_miles_begin_anew_with_the_tax_year(helper: Volunteer, draft: ExpenseClaim) -> None:
    MileageRateFactory()
    expenses.declare_miles(year=2025, miles=Decimal("9995"), by=helper.user)
    assert drive(draft, "10", on=dt.date(2026, 4, 5)).amount == Decimal("3.50")
    assert drive(draft, "10", on=dt.date(2026, 4, 6)).amount == Decimal("4.00")


def test_one_line_that_crosses_ten_thousand_is_split_and_says_so(helper: Volunteer, draft: ExpenseClaim) -> None:
    MileageRateFactory()
    expenses.declare_miles(year=2026, miles=Decimal("9990"), by=helper.user)
    line = drive(draft, "30")
    assert line.amount == Decimal("8.00")
    assert line.working.startswith("10 miles at 40p, and 20 miles at 20p")
    expenses.declare_miles(year=2026, miles=Decimal(0), by=helper.user)
    line.refresh_from_db()
    assert line.amount == Decimal("12.00")


def test_miles_count_across_all_organisations(helper: Volunteer, draft: ExpenseClaim) -> None:
    MileageRateFactory()
    elsewhere = ExpenseClaimFactory(volunteer=VolunteerFactory(user=helper.user), state=State.APPROVED)
    journey(elsewhere, "9000", on=yesterday(30), first_rate_miles=Decimal(9000))
    paid = ExpenseClaimFactory(volunteer=VolunteerFactory(user=helper.user), state=State.PAID)
    journey(paid, "900", on=yesterday(20), first_rate_miles=Decimal(900))
    declined = ExpenseClaimFactory(volunteer=helper, state=State.DECLINED)
    journey(declined, "5000", on=yesterday(20), first_rate_miles=Decimal(5000))
    somebody = ExpenseClaimFactory(state=State.APPROVED)
    journey(somebody, "5000", on=yesterday(20), first_rate_miles=Decimal(5000))
    assert drive(draft, "150").amount == Decimal("50.00")  # 100 at 40p, 50 at 20p


def test_what_was_sent_is_worked_out_in_order_of_its_days_and_what_was_approved_stays(
    helper: Volunteer, coordinator: User
) -> None:
    MileageRateFactory()
    expenses.declare_miles(year=2026, miles=Decimal("9900"), by=helper.user)
    late = expenses.start(helper, by=helper.user)
    drive(late, "100", on=yesterday(1))
    late = expenses.send(late, by=helper.user)
    assert late.total == Decimal("40.00")
    early = expenses.start(helper, by=helper.user)
    drive(early, "60", on=yesterday(5))
    assert early.lines.get().amount == Decimal("12.00")  # a draft comes after what was sent
    early = expenses.send(early, by=helper.user)
    late.refresh_from_db()
    assert (early.total, late.total) == (Decimal("24.00"), Decimal("28.00"))
    assert AuditEvent.objects.filter(verb="expense_claim.repriced", subject_id=str(late.pk)).exists()
    with pytest.raises(Refused, match=r"£28\.00 by now"):
        settling.approve(late, total=Decimal("40.00"), by=coordinator)
    settling.approve(late, total=Decimal("28.00"), by=coordinator)
    settling.decline(early, answer="No.", by=coordinator)
    late.refresh_from_db()
    assert late.total == Decimal("28.00")  # approved, it stays
    again = expenses.start(helper, by=helper.user)
    assert drive(again, "60", on=yesterday(5)).amount == Decimal("24.00")  # and the declined miles are free again


def test_passengers_are_paid_for_beside_it(draft: ExpenseClaim) -> None:
    MileageRateFactory()
    with pytest.raises(Refused, match="no mileage rate for each passenger"):
        drive(draft, "10", passengers=2, passenger_miles=Decimal(10))
    MileageRateFactory(vehicle=Vehicle.PASSENGER, pence_per_mile=Decimal(5))
    assert drive(draft, "10", passengers=2, passenger_miles=Decimal(10)).amount == Decimal("5.00")


def test_a_rate_that_is_mended_changes_what_nobody_approved(draft: ExpenseClaim, admin: User) -> None:
    rate = MileageRateFactory()
    drive(draft, "10")
    approved = ExpenseClaimFactory(state=State.APPROVED, total=Decimal("4.00"))
    rate.pence_per_mile = Decimal(50)
    rate.save()
    assert expenses.rates_changed(by=admin) == 1
    draft.refresh_from_db()
    approved.refresh_from_db()
    assert (draft.total, approved.total) == (Decimal("5.00"), Decimal("4.00"))


@pytest.mark.django_db(transaction=True)
def test_two_claims_sent_at_once_do_not_use_the_same_miles(volunteer: User) -> None:
    MileageRateFactory()
    helper = volunteer_of(volunteer)
    MilesElsewhere.objects.create(user=volunteer, year=2026, miles=9900)
    second = VolunteerFactory(user=volunteer)
    claims = [expenses.start(each, by=volunteer) for each in (helper, second)]
    for claim, note in zip(claims, ("There", "Back"), strict=True):
        drive(claim, "100", note=note)
    results = race(User.objects.filter(pk=volunteer.pk), *(lambda c=c: expenses.send(c, by=volunteer) for c in claims))
    assert all(isinstance(each, ExpenseClaim) for each in results), results
    totals = sorted(ExpenseClaim.objects.values_list("total", flat=True))
    assert totals == [Decimal("20.00"), Decimal("40.00")]


def test_a_day_of_training_needs_no_reason_and_is_not_flagged(helper: Volunteer, draft: ExpenseClaim) -> None:
    training = TrainingFactory(title="Listening", starts_at=in_london(days=-2, hour=10))
    TrainingPlaceFactory(training=training, volunteer=helper, state="attended")
    line = add(draft, on=training.on, reason="")
    assert (line.shift, line.reason) == (None, "Training: Listening")
    assert flagged(draft, [line])[0].flags == []
