"""The pages of expenses: whose they are, what hostile input gets, how much they ask of the database."""

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from linkworkers.audit.models import AuditEvent
from members.models import Post, Role, User
from tests.world import logged_in
from volunteers.actions import expenses, settling
from volunteers.factories import VolunteerFactory, volunteer_of
from volunteers.factories_expenses import (
    ExpenseClaimFactory,
    ExpenseLineFactory,
    MileageRateFactory,
    PaymentListFactory,
    keep_receipt,
    photo,
    worked_shift,
)
from volunteers.models import ExpenseClaim, ExpenseLine, MileageRate, Receipt, Volunteer

pytestmark = pytest.mark.django_db
State = ExpenseClaim.State


@pytest.fixture
def helper(volunteer: User) -> Volunteer:
    return volunteer_of(volunteer)


@pytest.fixture
def draft(helper: Volunteer) -> ExpenseClaim:
    return expenses.start(helper, by=helper.user)


def at(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)


def send_line(client: Client, claim: ExpenseClaim, kind: str = "parking", **typed: Any) -> Any:
    day = timezone.localdate() - dt.timedelta(days=1)
    usual = {"on": f"{day:%d/%m/%Y}", "amount": "4.20", "reason": "A training"}
    return client.post(f"{at('expense_line_new', claim.pk)}?kind={kind}", usual | typed)


def said(response: Any) -> str:
    return " ".join(str(error) for errors in response.context["form"].errors.values() for error in errors)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bill.jpg", b"MZ\x90\x00" * 50, "is not JPG"),
        ("bill.exe", b"MZ\x90\x00", "We cannot take .exe"),
        ("bill.heic", b"\x00\x00\x00\x18ftypheic", "We cannot take .heic"),
        ("bill.svg", b"<svg onload='alert(1)'/>", "We cannot take .svg"),
        ("bill.jpg", photo()[:200], "cut off or damaged"),
        ("bill.pdf", b"%PDF-1.7 nothing", "This PDF cannot be read"),
        ("bill.jpg", b"", "empty"),
    ],
)
def test_a_receipt_that_is_none_is_refused_and_nothing_is_saved(
    draft: ExpenseClaim, name: str, content: bytes, sentence: str
) -> None:
    response = send_line(logged_in(draft.claimant), draft, receipts=SimpleUploadedFile(name, content))
    assert sentence in said(response)
    assert not ExpenseLine.objects.exists()


def test_a_bomb_is_refused(draft: ExpenseClaim) -> None:
    bomb = io.BytesIO()
    Image.new("1", (8_000, 8_000)).save(bomb, "PNG")
    response = send_line(
        logged_in(draft.claimant), draft, receipts=SimpleUploadedFile("bill.png", bomb.getvalue(), "image/png")
    )
    assert "50 million dots" in said(response)


def test_a_photo_is_kept_as_it_is_drawn_anew_and_given_out_to_be_saved(draft: ExpenseClaim) -> None:
    client = logged_in(draft.claimant)
    sent = photo(kind="PNG") + b"<script>hidden</script>"
    response = send_line(client, draft, amount="£12,40", receipts=SimpleUploadedFile("b.png", sent))
    assert response.url == at("expense_claim", draft.pk)
    assert ExpenseLine.objects.get().amount == Decimal("12.40")
    receipt = Receipt.objects.select_related("file").get()
    assert receipt.file.name == "b.jpg"
    answer = client.get(at("expense_receipt", receipt.pk))
    assert b"hidden" not in answer.content
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("parking", {"amount": "0"}, "a penny at least"),
        ("parking", {"amount": "-3"}, "a penny at least"),
        ("parking", {"amount": "1.999"}, "pounds and pence"),
        ("parking", {"amount": "NaN"}, "as in 4.20"),
        ("parking", {"amount": "1e9"}, "more than one line can hold"),
        ("parking", {"on": "31 2 2026"}, "day, the month and the year"),
        ("parking", {"on": f"{timezone.localdate() + dt.timedelta(days=2):%d/%m/%Y}"}, "in the future"),
        ("parking", {"reason": ""}, "You had no shift on that day"),
        ("mileage", {"miles": "10", "vehicle": "passenger", "from_place": "A", "to_place": "B"}, "valid choice"),
        ("mileage", {"miles": "0", "vehicle": "car", "from_place": "A", "to_place": "B"}, "a tenth of a mile at least"),
        ("mileage", {"miles": "10", "vehicle": "car", "from_place": "A", "to_place": "B"}, "no mileage rate for car"),
        (
            "mileage",
            {"miles": "10", "vehicle": "bicycle", "passengers": "2", "from_place": "A", "to_place": "B"},
            "in a car alone",
        ),
        ("no such kind", {"amount": "3"}, "how many miles"),
    ],
)
def test_wrong_input_gets_a_sentence(draft: ExpenseClaim, kind: str, typed: dict[str, str], sentence: str) -> None:
    assert sentence in said(send_line(logged_in(draft.claimant), draft, kind=kind, **typed))


def test_text_of_any_script_is_kept_and_shown_as_text(draft: ExpenseClaim) -> None:
    client = logged_in(draft.claimant)
    note = "<b>Ζέβρα</b> 王 عربى"
    send_line(client, draft, note=note)
    assert ExpenseLine.objects.get().note == note
    assert "&lt;b&gt;Ζέβρα" in client.get(at("expense_claim", draft.pk)).content.decode()


def test_what_is_another_s_is_not_found_by_its_number(draft: ExpenseClaim, volunteer: User, coordinator: User) -> None:
    other = ExpenseLineFactory(claim=ExpenseClaimFactory(state=State.SENT))
    receipt = keep_receipt(other)
    made = PaymentListFactory(workplace=other.claim.volunteer.workplace)
    for user in (volunteer, coordinator):
        client = logged_in(user)
        for path in (
            at("expense_claim", other.claim_id),
            at("expense_line", other.pk),
            at("expense_line_new", other.claim_id),
            at("expense_receipt", receipt.pk),
            at("expense_discard", other.claim_id),
            at("expense_send_back", other.claim_id),
            at("payment_list", made.pk),
            at("expenses_export", made.pk, "csv"),
        ):
            assert client.get(path).status_code == 404, path
        for path in (
            at("expense_receipt_remove", receipt.pk),
            at("expense_line_remove", other.pk),
            at("expense_send", other.claim_id),
            at("expense_approve", other.claim_id),
            at("payment_list_paid", made.pk),
            at("payment_list_new", made.workplace_id),
            at("expenses_start", other.claim.volunteer.key),
        ):
            assert client.post(path, {"total": "4.20"}).status_code == 404, path


def test_a_coordinator_who_volunteers_sees_no_button_for_their_own_and_forces_none(
    coordinator: User, network: Any
) -> None:
    own = VolunteerFactory(user=coordinator, workplace=network)
    claim = ExpenseLineFactory(claim=ExpenseClaimFactory(volunteer=own, state=State.SENT)).claim
    client = logged_in(coordinator)
    assert "Approve" not in client.get(at("expense_claim", claim.pk)).content.decode()
    assert client.post(at("expense_approve", claim.pk), {"total": "4.20"}).status_code == 403
    assert client.post(at("expense_decline", claim.pk), {"answer": "Yes"}).status_code == 403
    claim.refresh_from_db()
    assert claim.state == State.SENT


def test_what_is_approved_is_what_was_seen(helper: Volunteer, coordinator: User) -> None:
    claim = ExpenseLineFactory(claim=ExpenseClaimFactory(volunteer=helper, state=State.SENT)).claim
    client = logged_in(coordinator)
    for total in ("", "4", "4.21", "x", "NaN", "Infinity"):
        assert client.post(at("expense_approve", claim.pk), {"total": total}).url == at("expense_claim", claim.pk)
    assert 'value="4.20"' in client.get(at("expense_claim", claim.pk)).content.decode()
    assert client.post(at("expense_approve", claim.pk), {"total": "4.20"}).url == at("expenses_to_approve")


def test_a_list_is_taken_home_without_formulas_and_with_money_as_numbers(helper: Volunteer, coordinator: User) -> None:
    Volunteer.objects.filter(pk=helper.pk).update(name='=HYPERLINK("http://thief.test")')
    ExpenseLineFactory(claim=ExpenseClaimFactory(volunteer=helper, state=State.APPROVED), amount=Decimal("12.10"))
    made = settling.make_list(helper.workplace, by=coordinator)
    client = logged_in(coordinator)
    answer = client.get(at("expenses_export", made.pk, "csv"))
    [head, row] = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert dict(zip(head, row, strict=True))["Volunteer"] == """'=HYPERLINK("http://thief.test")"""
    assert row[-1] == "12.10"
    answer = client.get(at("expenses_export", made.pk, "xlsx"))
    assert answer["Content-Disposition"].startswith("attachment")
    [_, cells] = load_workbook(io.BytesIO(answer.content)).active.iter_rows()
    assert {cell.data_type for cell in cells[:-1]} == {"s"}
    assert cells[-1].value == 12.1
    assert AuditEvent.objects.filter(verb="payment_list.taken_home").count() == 2
    assert client.get(at("expenses_export", made.pk, "pdf")).status_code == 404


def test_whoever_left_still_sees_and_claims_what_is_owed_to_them(draft: ExpenseClaim, volunteer: User) -> None:
    Post.objects.filter(user=volunteer).delete()
    Volunteer.objects.filter(user=volunteer).update(stage="left", left_on=timezone.localdate())
    assert logged_in(volunteer).get(at("expenses")).status_code == 200


def test_the_question_can_be_ended_and_asked_for_again(draft: ExpenseClaim) -> None:
    client = logged_in(draft.claimant)
    assert "I do not claim" in client.get(at("expenses")).content.decode()
    client.post(at("expenses_asking"), {"stop": "1"})
    assert "Ask me again" in client.get(at("expenses")).content.decode()
    client.post(at("expenses_asking"), {"ask": "1"})
    assert "I do not claim" in client.get(at("expenses")).content.decode()


def test_the_last_journey_is_offered_for_the_next_day(helper: Volunteer, draft: ExpenseClaim) -> None:
    MileageRateFactory()
    worked_shift(helper, days=-2)
    client = logged_in(draft.claimant)
    typed = {"miles": "6.4", "vehicle": "car", "from_place": "Ware", "to_place": "The Maltings"}
    assert send_line(client, draft, kind="mileage", **typed).status_code == 302
    day = timezone.localdate() - dt.timedelta(days=2)
    page = client.get(f"{at('expense_line_new', draft.pk)}?kind=mileage&on={day}").content.decode()
    assert f'value="{day:%-d %-m %Y}"' in page
    assert 'value="6.4"' in page
    assert 'value="Ware"' in page


@pytest.mark.parametrize("rows", [1, 30])
def test_pages_ask_the_same_of_the_database_however_much_there_is(
    rows: int, helper: Volunteer, coordinator: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    full = ExpenseClaimFactory(volunteer=helper)
    for number in range(rows):
        shift = worked_shift(helper, days=-number - 1)
        keep_receipt(ExpenseLineFactory(claim=full, shift=shift, note=str(number)))
        for state in (State.SENT, State.APPROVED, State.PAID):
            ExpenseClaimFactory(volunteer=helper, state=state)
        worked_shift(helper, days=-number - 40)
    made = PaymentListFactory(workplace=helper.workplace)
    ExpenseClaim.objects.filter(state=State.APPROVED).update(payment_list=made)
    sent = ExpenseClaim.objects.filter(state=State.SENT).first()
    assert sent is not None
    ExpenseLine.objects.filter(pk__in=full.lines.values("pk")[: rows // 2]).update(claim=sent)
    theirs, others = logged_in(helper.user), logged_in(coordinator)
    for client, path in (
        (theirs, at("expenses")),
        (theirs, at("expense_claim", full.pk)),
        (others, at("expense_claim", sent.pk)),
        (others, at("expenses_to_approve")),
        (others, at("expenses_payments")),
        (others, at("payment_list", made.pk)),
    ):
        client.get(path)
        with django_assert_max_num_queries(9):
            assert client.get(path).status_code == 200


# --- The office


def test_the_office_enters_a_rate_and_what_waits_follows(admin: User, helper: Volunteer) -> None:
    client = logged_in(admin)
    assert "no mileage rate for today" in client.get("/admin/").content.decode()
    typed = {
        "vehicle": "car",
        "from_date": "6/4/2026",
        "pence_per_mile": "45",
        "after_miles": "10000",
        "pence_after": "25",
        "source": "HMRC",
    }
    assert client.post("/admin/volunteers/mileagerate/add/", typed).status_code == 302
    assert MileageRate.objects.filter(vehicle="car").count() == 2
    assert AuditEvent.objects.filter(verb="mileagerate.created").exists()
    again = client.post("/admin/volunteers/mileagerate/add/", typed | {"from_date": "1/5/2026"})
    assert "There is a rate for this vehicle in that time" in again.content.decode()
    half = client.post("/admin/volunteers/mileagerate/add/", typed | {"vehicle": "bicycle", "pence_after": ""})
    assert "A second rate needs both" in half.content.decode()
    for vehicle in ("motorcycle", "bicycle", "passenger"):
        MileageRateFactory(vehicle=vehicle)
    assert "no mileage rate for today" not in client.get("/admin/").content.decode()


def test_a_role_alone_opens_nothing(link_worker: User, member: User) -> None:
    for user in (link_worker, member):
        assert not user.has_role(Role.VOLUNTEER, Role.COORDINATOR)
        assert logged_in(user).get(at("expenses")).status_code == 404
