"""Joining and belonging in a browser: every page at both widths, and the two ways in."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linkworkers.outbox.models import Message
from members.actions import applications, memberships, payments, seats
from members.factories import EmployerFactory, MembershipFactory, PlanFactory, UserFactory
from members.models import Association, Invoice, Membership, Plan, Seat, User
from tests.browser.conftest import Visit
from tests.browser.scene import UNBROKEN
from tests.browser.test_every_page import at, look_at, send_empty

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plans() -> dict[str, Plan]:
    """What is offered; the tables are empty in a browser's test."""
    Association.objects.update_or_create(
        pk=1, defaults={"sort_code": "12-34-56", "account_number": "12345678", "account_name": "Link Workers"}
    )
    summary = "Everything in the free membership, and member prices at events."
    return {
        "free": PlanFactory(key="free", name="Free membership"),
        "paid": PlanFactory(key="individual", name="Individual membership", price=36, summary=summary),
        "student": PlanFactory(key="student", name="Student membership", price=12, needs_approval=True, asks="Where?"),
        "employer": PlanFactory(key="employer", employer=True, seats_included=10, asks="Whom do you employ?"),
    }


def mailed_path(kind: str) -> str:
    """The path of the link in the newest mail of a kind."""
    text = Message.objects.filter(kind=kind).latest("created_at").text
    return re.search(r"http://testserver(/\S+)", text)[1]


def test_pages_of_joining(visit: Visit, plans: dict[str, Plan], member: User) -> None:
    applications.send_link(plan=plans["paid"], name="Nia", email="nia@example.test", path=at("join"))
    page = visit()

    def ask(page: Page) -> None:
        page.get_by_label("Your name").fill("Nia Evans")
        page.get_by_label("Your e-mail address").fill("nia@example.test")
        page.get_by_role("button", name="Send me the link").click()
        page.get_by_role("heading", name="Look into your mail").wait_for()

    problems = look_at(
        page,
        [
            ("members join", at("join")),
            ("members join begin errors", at("join_plan", "individual"), send_empty),
            ("members join sent", at("join_plan", "individual"), ask),
        ],
    )
    problems += look_at(
        page,
        [
            ("members join details", mailed_path("join-link")),
            ("members join details errors", mailed_path("join-link"), send_empty),
            ("members join closed", at("join_confirm", "old")),
            ("members verify ask", at("verify_ask")),
            ("members verify current", at("verify", member.membership.number)),
            ("members verify unknown", at("verify", "M1234567")),
        ],
    )
    someone = visit(UserFactory(second_factor=False))
    problems += look_at(
        someone,
        [
            ("members home of a stranger", at("members")),
            ("members join employer errors", at("join_plan", "employer"), send_empty),
            ("members join student", at("join_plan", "student")),
        ],
    )
    assert not problems, "\n".join(["", *problems])


def test_pages_of_a_membership(visit: Visit, plans: dict[str, Plan], member: User) -> None:
    ended = MembershipFactory(user__name=UNBROKEN, term__start=timezone.localdate() - dt.timedelta(days=380))
    lapsed = MembershipFactory(term__start=timezone.localdate() - dt.timedelta(days=800))
    unpaid = applications.join(plan=plans["paid"], user=(payer := UserFactory()), by=payer)
    waiting = applications.join(plan=plans["student"], user=(student := UserFactory()), answer="Here", by=student)
    cancelled = MembershipFactory()
    memberships.cancel(cancelled, by=cancelled.user)
    employers = EmployerFactory(contact=member, organization_name=f"{UNBROKEN} Trust")
    sitting = seats.accept(
        seats.offer(employers, email="sits@example.test", name="Ada", by=member), name="Ada Sitting", password="x" * 12
    )
    seats.offer(employers, email=f"{UNBROKEN[:50].lower()}@example.test", name="", by=member)
    Membership.objects.filter(pk=member.membership.pk).update(plan=plans["free"])
    number = employers.number
    problems = look_at(
        visit(member),
        [
            ("members home", at("members")),
            ("members renew", at("membership_renew", member.membership.number)),
            ("members renew errors", at("membership_renew", number), send_empty),
            ("members upgrade", at("membership_upgrade", member.membership.number)),
            ("members cancel", at("membership_cancel", member.membership.number)),
            ("members employer", at("employer", number)),
            ("members seat offer errors", at("seat_offer", number), send_empty),
            ("members seat move", at("seat_move", Seat.objects.first().pk)),
            ("members seat end", at("seat_end", Seat.objects.first().pk)),
            ("members seats more", at("seats_more", number)),
        ],
    )
    for name, holder in (
        ("grace", ended.user),
        ("lapsed", lapsed.user),
        ("unpaid", unpaid.user),
        ("waiting", waiting.user),
        ("cancelled", cancelled.user),
        ("sponsored", sitting),
    ):
        problems += look_at(visit(holder), [(f"members home {name}", at("members"))])
    spare = EmployerFactory()
    offer = seats.offer(spare, email="new@example.test", name="Nia Evans", by=spare.contact)
    known = seats.offer(spare, email=payer.email, name="", by=spare.contact)
    problems += look_at(
        visit(),
        [
            ("members seat accept", offer.path),
            ("members seat accept errors", offer.path, send_empty),
            ("members seat accept log in", known.path),
            ("members seat closed", at("seat_accept", "unknown")),
        ],
    )
    assert not problems, "\n".join(["", *problems])


def test_joining_and_paying_by_transfer(visit: Visit, plans: dict[str, Plan], admin: User) -> None:
    page = visit()
    page.goto(at("join"))
    page.get_by_role("link", name="Choose Individual membership").click()
    page.get_by_label("Your name").fill("Nia Evans")
    page.get_by_label("Your e-mail address").fill("nia@example.test")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()

    page.goto(mailed_path("join-link"))
    page.get_by_label("Choose a password").fill("four other herons fly")
    page.get_by_label("Your region or nation").select_option("Wales")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("12-34-56").first).to_be_visible()  # the invoice says how to pay
    invoice = Invoice.objects.get()
    expect(page.get_by_text(invoice.number).first).to_be_visible()
    page.goto(at("members"))
    expect(page.get_by_text("Begins when it is paid")).to_be_visible()

    payments.record_payment(
        invoice=invoice, amount=invoice.total, received_on=timezone.localdate(), method="transfer", by=admin
    )
    page.reload()
    expect(page.get_by_text("Current", exact=True)).to_be_visible()
    page.get_by_role("link", name="What others see when they check your number").click()
    expect(page.get_by_role("heading", name="This membership is current")).to_be_visible()
    assert User.objects.get(email="nia@example.test").membership.terms.count() == 1


def test_an_employers_seats(visit: Visit, plans: dict[str, Plan]) -> None:
    employers = EmployerFactory(organization_name="Calder Trust")
    page = visit(employers.contact)
    page.goto(at("members"))
    page.get_by_role("link", name="Look after its seats").click()
    for name in ("Nia Evans", "Tom Reed"):
        page.get_by_role("link", name="Offer a seat").click()
        page.get_by_label("Name").fill(name)
        page.get_by_label("E-mail address").fill(f"{name.split()[0].lower()}@example.test")
        page.get_by_role("button", name="Send the offer").click()
        expect(page.get_by_text("The offer is on its way")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Seats taken")).to_be_visible()
    expect(page.get_by_role("link", name="Offer a seat")).to_have_count(0)  # none is left

    guest = visit(width=390)
    guest.goto(mailed_path("seat-offered"))
    guest.get_by_label("Choose a password").fill("four other herons fly")
    guest.get_by_role("button", name="Take the seat").click()
    expect(guest.get_by_text("Through Calder Trust")).to_be_visible()

    page.reload()
    page.get_by_role("link", name="Give to somebody else (the seat of Tom Reed)").click()
    page.get_by_label("Name").fill("Ines Prado")
    page.get_by_label("E-mail address").fill("ines@example.test")
    page.get_by_role("button", name="Give the seat").click()
    expect(page.get_by_text("The seat is offered to ines@example.test")).to_be_visible()
    guest.goto(at("members"))
    expect(guest.get_by_text("Choose a plan to have everything again")).to_be_visible()
