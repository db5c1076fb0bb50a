"""Expenses, in the states their pages can be in, and a claim on its way from a phone to the bank."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from members.models import User
from tests.browser.conftest import Visit
from tests.browser.scene import LONG_NOTE, UNBROKEN
from tests.browser.test_every_page import THEME, at, look_at, send_empty
from volunteers.actions import expenses
from volunteers.factories import volunteer_of
from volunteers.factories_expenses import (
    ExpenseClaimFactory,
    ExpenseLineFactory,
    MileageRateFactory,
    PaymentListFactory,
    keep_receipt,
    photo,
    worked_shift,
)
from volunteers.models import ExpenseClaim, ExpenseLine, MileageRate, Vehicle, Volunteer

pytestmark = pytest.mark.django_db(transaction=True)
State, Kind = ExpenseClaim.State, ExpenseLine.Kind


@pytest.fixture
def rates(db: None) -> None:
    for vehicle, pence in ((Vehicle.CAR, 45), (Vehicle.MOTORCYCLE, 24), (Vehicle.BICYCLE, 20), (Vehicle.PASSENGER, 5)):
        MileageRateFactory(vehicle=vehicle, pence_per_mile=Decimal(pence))


@pytest.fixture
def helper(volunteer: User, rates: None) -> Volunteer:
    return volunteer_of(volunteer)


def drive(claim: ExpenseClaim, miles: str, **more: object) -> ExpenseLine:
    facts = {
        "on": timezone.localdate() - dt.timedelta(days=1),
        "kind": Kind.MILEAGE,
        "miles": Decimal(miles),
        "vehicle": "car",
        "from_place": "Home, Ware",
        "to_place": "The Maltings Surgery",
        "reason": "",
        "note": "",
        **more,
    }
    return expenses.save_line(claim, None, facts=facts, by=claim.claimant)


def test_pages_of_expenses(visit: Visit, helper: Volunteer, coordinator: User, admin: User) -> None:
    empty = look_at(visit(helper.user), [("overview empty", at("expenses"))])
    for days in (-1, -3, -8):
        worked_shift(helper, days=days)
    expenses.declare_miles(year=2026, miles=Decimal(9_996), by=helper.user)
    full = expenses.start(helper, by=helper.user)
    drive(full, "12.4")
    bus = {
        "claim": full,
        "from_place": UNBROKEN,
        "to_place": "Ware",
        "note": LONG_NOTE[:250],
        "amount": Decimal("12.40"),
    }
    keep_receipt(ExpenseLineFactory(**bus))
    lacking = ExpenseLineFactory(claim=full, kind=Kind.PARKING, amount=Decimal("8.00"))
    new = ExpenseClaimFactory(volunteer=helper)
    made = {state: ExpenseClaimFactory(volunteer=helper, state=state) for state in State if state != State.DRAFT}
    for claim in made.values():
        for _ in range(2):  # one like the other
            keep_receipt(ExpenseLineFactory(claim=claim, amount=Decimal("14.20"), on=timezone.localdate()))
        ExpenseLineFactory(claim=claim, on=timezone.localdate() - dt.timedelta(days=120), reason=UNBROKEN)
    Volunteer.objects.filter(pk=helper.pk).update(has_bus_pass=True)
    add = at("expense_line_new", full.pk)
    problems = look_at(
        visit(helper.user),
        [
            ("overview", at("expenses")),
            ("claim", at("expense_claim", full.pk)),
            ("claim new", at("expense_claim", new.pk)),
            *((f"claim {state}", at("expense_claim", claim.pk)) for state, claim in made.items()),
            ("line mileage", f"{add}?kind=mileage"),
            ("line mileage errors", f"{add}?kind=mileage", send_empty),
            ("line transport errors", f"{add}?kind=transport", send_empty),
            ("line parking", f"{add}?kind=parking"),
            ("line", at("expense_line", full.lines.get(kind=Kind.TRANSPORT).pk)),
            ("line parking lacking", at("expense_line", lacking.pk)),
            ("discard", at("expense_discard", full.pk)),
            ("miles", at("miles_elsewhere")),
            ("miles errors", at("miles_elsewhere"), send_empty),
        ],
    )
    paid, approved = made[State.PAID].payment_list, made[State.APPROVED]
    assert paid is not None
    tills = PaymentListFactory(workplace=helper.workplace)
    others = visit(coordinator)
    problems += look_at(
        others,
        [
            ("approve list", at("expenses_to_approve")),
            ("approve list done", f"{at('expenses_to_approve')}?list=done"),
            ("approve claim", at("expense_claim", made[State.SENT].pk)),
            ("approve claim declined", at("expense_claim", made[State.DECLINED].pk)),
            ("send back errors", at("expense_send_back", made[State.SENT].pk), send_empty),
            ("decline", at("expense_decline", made[State.SENT].pk)),
            ("payments", at("expenses_payments")),
        ],
    )
    ExpenseClaim.objects.filter(pk=approved.pk).update(payment_list=tills)
    problems += look_at(others, [("payment list", at("payment_list", tills.pk))])
    ExpenseClaim.objects.exclude(state=State.DRAFT).update(volunteer=ExpenseClaimFactory().volunteer)
    problems += look_at(others, [("approve list empty", at("expenses_to_approve"))])
    problems += look_at(
        visit(admin),
        [
            ("office rates", at("admin:volunteers_mileagerate_changelist")),
            ("office rate new", at("admin:volunteers_mileagerate_add")),
            ("office claims", at("admin:volunteers_expenseclaim_changelist")),
            ("office claim", at("admin:volunteers_expenseclaim_change", made[State.SENT].pk)),
        ],
        forgiven=THEME,
    )
    assert not [*empty, *problems], "\n".join(["", *empty, *problems])


def fill_journey(page: Page, miles: str) -> None:
    page.get_by_label("From", exact=True).fill("Ware")
    page.get_by_label("To", exact=True).fill("The Maltings")
    page.get_by_label("How many miles?").fill(miles)
    page.get_by_label("Car or van").check()
    page.get_by_role("button", name="Save").click()


def test_a_claim_from_a_phone_to_the_bank(visit: Visit, helper: Volunteer, coordinator: User) -> None:
    shift = worked_shift(helper, days=-2)
    day = timezone.localdate(shift.starts_at)
    page = visit(helper.user, width=390)
    page.goto(at("my_shifts"))
    page.locator("summary", has_text="More").click()
    page.get_by_role("link", name="Expenses").click()
    expect(page.get_by_role("heading", name="You have not claimed for 1 shift")).to_be_visible()
    page.get_by_role("button", name="Claim for it").click()
    page.get_by_role("link", name="Mileage for").click()
    expect(page.get_by_label("Which day?")).to_have_value(f"{day:%-d %-m %Y}")
    fill_journey(page, "6.4")
    expect(page.get_by_text("Saved. 6.4 miles at 45p.")).to_be_visible()
    page.get_by_role("link", name="Parking").click()
    page.get_by_label("Which day?").fill(f"{day:%-d %-m %Y}")
    page.get_by_label("How much, in pounds?").fill("7.50")
    program = {"name": "receipt.jpg", "mimeType": "image/jpeg", "buffer": b"MZ\x90\x00 a program"}
    page.get_by_label("Receipt").set_input_files([program])
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("How much, in pounds?")).to_have_value("7.50")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Receipt needed")).to_be_visible()
    page.get_by_role("button", name="Send the claim").click()
    expect(page.get_by_text("A receipt is missing for Parking")).to_be_visible()
    page.get_by_role("link", name="Change parking").click()
    page.get_by_label("Receipt").set_input_files([{"name": "receipt.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Send the claim").click()
    expect(page.get_by_text("Your claim is sent.")).to_be_visible()
    expect(page.get_by_role("heading", name="£10.38")).to_be_visible()

    office = visit(coordinator)
    office.goto(at("expenses"))
    office.get_by_role("link", name=helper.name).click()
    with office.expect_download() as saved:
        office.get_by_role("link", name="Save receipt").click()
    assert saved.value.suggested_filename == "receipt.jpg"
    office.get_by_role("link", name="Send back with a question").click()
    office.get_by_label("What should they know?").fill("Which car park?")
    office.get_by_role("button", name="Send it back").click()

    page.reload()
    expect(page.get_by_text("Which car park?")).to_be_visible()
    page.get_by_role("link", name="Change parking").click()
    page.get_by_label("A note for whoever approves it").fill("Behind the station")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Send the claim again").click()

    office.goto(at("expenses_to_approve"))
    office.get_by_role("link", name=helper.name).click()
    office.get_by_role("button", name="Approve £10.38").click()
    office.get_by_role("link", name="Payments").click()
    expect(office.get_by_role("heading", name="£10.38 to be paid")).to_be_visible()
    office.get_by_role("button", name="Make a list").click()
    for kind, name in (("Spreadsheet (XLSX)", "xlsx"), ("CSV", "csv")):
        with office.expect_download() as taken:
            office.get_by_role("link", name=kind).click()
        assert taken.value.suggested_filename.endswith(name)
    office.get_by_role("button", name="Mark these as paid").click()
    expect(office.get_by_text("The volunteers get a mail.")).to_be_visible()

    page.goto(at("expenses"))
    expect(page.get_by_text("Paid", exact=True)).to_be_visible()


def test_the_day_without_a_rate_and_without_javascript(visit: Visit, helper: Volunteer) -> None:
    MileageRate.objects.filter(vehicle="car", until_date=None).delete()
    page = visit(helper.user, javascript=False)
    page.goto(at("expenses"))
    page.get_by_role("button", name="Claim expenses").click()
    page.get_by_role("link", name="Mileage").click()
    page.get_by_label("If you had no shift that day").fill("A training")
    fill_journey(page, "10")
    expect(page.get_by_role("link", name="Which day? There is no mileage rate for car or van")).to_be_visible()
