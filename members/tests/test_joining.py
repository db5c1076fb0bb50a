"""How somebody becomes a member, as the pages see it."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.actions import applications, payments
from members.factories import EmployerFactory, MembershipFactory, PlanFactory, UserFactory
from members.models import Invoice, Membership, Plan, Status, User, Workplace
from members.permissions import is_member

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Nia Evans",
    "password": "four other herons fly",
    "region": "wales",
    "billing_address": "1 High Street",
}


@pytest.fixture
def free() -> Plan:
    return PlanFactory(key="free", name="Free membership")


@pytest.fixture
def paid() -> Plan:
    return PlanFactory(key="paid", name="Individual membership", price=36)


def link_sent_to(client: Client, plan: Plan, email: str = "nia@example.test") -> str:
    """The path that somebody who typed an address into the first page gets by mail."""
    client.post(reverse("join_plan", args=[plan.key]), {"name": "Nia Evans", "email": email})
    return re.search(r"http://testserver(/members/join/confirm/\S+)", Message.objects.latest("created_at").text)[1]


def test_a_stranger_joins_by_the_link_in_their_mail(client: Client, free: Plan) -> None:
    path = link_sent_to(client, free, "Nia@Example.test")
    answer = client.post(path, TYPED, follow=True)
    assert "You belong now" in answer.content.decode()
    user = User.objects.get(email="nia@example.test")
    assert user.membership.status_today == Status.CURRENT
    assert user.emailaddress_set.get().verified
    assert is_member(user)
    assert answer.wsgi_request.user == user


def test_nothing_is_kept_of_somebody_who_does_not_go_on(client: Client, free: Plan) -> None:
    before = AuditEvent.objects.count()
    link_sent_to(client, free)
    assert not User.objects.exists()
    assert not Membership.objects.exists()
    assert AuditEvent.objects.count() == before
    assert Message.objects.get().secret


def test_whoever_has_an_account_is_told_by_mail_and_nobody_else_learns_of_it(client: Client, free: Plan) -> None:
    known = UserFactory(email="known@example.test")
    pages = [
        client.post(reverse("join_plan", args=["free"]), {"name": "X", "email": email}).content.decode()
        for email in ("known@example.test", "nobody@example.test")
    ]
    assert pages[0].replace("known@", "nobody@") == pages[1]
    assert Message.objects.get(to=known.email).kind == "join-known"


def test_a_closed_account_is_not_written_to(client: Client, free: Plan) -> None:
    UserFactory(email="gone@example.test", is_active=False)
    client.post(reverse("join_plan", args=["free"]), {"name": "X", "email": "gone@example.test"})
    assert not Message.objects.exists()


def test_a_program_that_fills_in_everything_sends_nothing(client: Client, free: Plan) -> None:
    client.post(reverse("join_plan", args=["free"]), {"name": "X", "email": "a@example.test", "website": "spam"})
    assert not Message.objects.exists()


def test_an_address_gets_five_links_an_hour(client: Client, free: Plan) -> None:
    answers = [
        client.post(reverse("join_plan", args=["free"]), {"name": "X", "email": "a@example.test"}).status_code
        for _ in range(6)
    ]
    assert answers == [200] * 5 + [429]


@pytest.mark.parametrize("change", [lambda path: path[:-3] + "x/", lambda path: "/members/join/confirm/made-up/"])
def test_an_altered_link_opens_nothing(client: Client, free: Plan, change) -> None:
    assert client.get(change(link_sent_to(client, free))).status_code == 404


def test_a_link_works_for_three_days_and_once(client: Client, free: Plan) -> None:
    path = link_sent_to(client, free)
    with time_machine.travel(timezone.now() + timezone.timedelta(days=3, minutes=1)):
        assert client.get(path).status_code == 404
    client.post(path, TYPED)
    client.logout()
    assert client.post(path, TYPED).headers["Location"] == reverse("join_plan", args=["free"])
    assert User.objects.count() == 1


def test_a_weak_password_is_refused_and_what_was_typed_stays(client: Client, free: Plan) -> None:
    page = client.post(link_sent_to(client, free), TYPED | {"password": "short"}).content.decode()
    assert "too short" in page
    assert "Nia Evans" in page
    assert not User.objects.exists()


def test_a_plan_that_costs_leads_to_its_invoice_and_begins_when_it_is_paid(client: Client, paid: Plan, admin) -> None:
    answer = client.post(link_sent_to(client, paid), TYPED)
    invoice = Invoice.objects.get()
    assert answer.headers["Location"] == reverse("invoice", args=[invoice.number])
    membership = invoice.membership
    assert (membership.status_today, invoice.total, invoice.address) == (Status.APPLIED, 36, "1 High Street")
    payments.record_payment(invoice=invoice, amount=36, received_on=timezone.localdate(), method="transfer", by=admin)
    membership.refresh_from_db()
    assert membership.status_today == Status.CURRENT
    assert Message.objects.filter(kind="membership-begun", to="nia@example.test").exists()


def test_somebody_changes_their_mind_before_they_pay(paid: Plan) -> None:
    user, dearer = UserFactory(), PlanFactory(key="dearer", price=90)
    applications.join(plan=paid, user=user, by=user)
    applications.join(plan=dearer, user=user, by=user)
    assert Invoice.objects.unpaid().get().plan == dearer
    assert Membership.objects.get().plan == dearer


def test_an_invoice_that_nobody_wants_any_more_is_taken_back(client: Client, paid: Plan, admin) -> None:
    user = UserFactory()
    invoice = applications.join(plan=paid, user=user, by=user).invoices.get()
    page = reverse("invoice_take_back", args=[invoice.number])
    client.force_login(UserFactory())
    assert client.post(page).status_code == 404
    client.force_login(user)
    assert "taken back: you need not pay it" in client.post(page, follow=True).content.decode()
    assert client.post(page).status_code == 404
    assert not Invoice.objects.unpaid().exists()
    assert Membership.objects.get().status_today == Status.CANCELLED
    other = applications.join(plan=paid, user=user, by=user).invoices.unpaid().get()
    payments.record_payment(invoice=other, amount=1, received_on=timezone.localdate(), method="transfer", by=admin)
    assert client.post(reverse("invoice_take_back", args=[other.number])).status_code == 404


def test_a_plan_that_the_office_gives_is_not_offered(client: Client, member) -> None:
    PlanFactory(key="honorary", months=None, is_open=False)
    client.force_login(member)
    assert client.get(reverse("join_plan", args=["honorary"])).status_code == 404


def test_who_belongs_already_is_told_so(client: Client, member, free: Plan) -> None:
    client.force_login(member)
    page = client.post(reverse("join_plan", args=["free"]), {"region": "wales"}).content.decode()
    assert "You are a member already" in page


def test_who_came_back_keeps_their_number(client: Client, free: Plan) -> None:
    membership = MembershipFactory(term__start=timezone.localdate() - timezone.timedelta(days=800))
    assert membership.status_today == Status.LAPSED
    client.force_login(membership.user)
    client.post(reverse("join_plan", args=["free"]), {"region": "wales"})
    again = Membership.objects.get()
    assert (again.number, again.status_today) == (membership.number, Status.CURRENT)
    assert again.terms.last().start_date == timezone.localdate()


class TestApplications:
    @pytest.fixture
    def student(self) -> Plan:
        return PlanFactory(key="of-students", needs_approval=True, asks="Where do you study?")

    def test_the_office_looks_first_where_the_plan_says_so(self, client: Client, student: Plan, admin) -> None:
        user = UserFactory()
        client.force_login(user)
        page = client.post(reverse("join_plan", args=["of-students"]), {"region": "wales"}).content.decode()
        assert "Write a sentence or two" in page
        client.post(reverse("join_plan", args=["of-students"]), {"region": "wales", "answer": "At Cardiff"})
        membership = Membership.objects.get()
        assert (membership.answer, membership.status_today, is_member(user)) == ("At Cardiff", Status.APPLIED, False)
        applications.approve(membership, by=admin)
        membership.refresh_from_db()
        assert membership.status_today == Status.CURRENT

    def test_a_no_says_why_and_may_be_asked_again(self, student: Plan, admin) -> None:
        user = UserFactory()
        membership = applications.join(plan=student, user=user, answer="Nowhere", by=user)
        applications.decline(membership, reason="We could not find the college.", by=admin)
        assert "We could not find the college." in Message.objects.get(kind="membership-declined").text
        again = applications.join(plan=student, user=user, answer="At Cardiff", by=user)
        assert (again.pk, again.status_today) == (membership.pk, Status.APPLIED)

    def test_an_employer_gets_its_workplace_with_the_yes(self, admin) -> None:
        plan = PlanFactory(employer=True, price=0, seat_price=0, needs_approval=True)
        contact = UserFactory()
        membership = applications.join_as_employer(
            plan=plan, contact=contact, organization_name="Calder Trust", seats=2, region="yorkshire", by=contact
        )
        applications.approve(membership, by=admin)
        assert Workplace.objects.get(name="Calder Trust").membership == membership

    def test_a_workplace_has_one_membership(self, admin, employer: Workplace) -> None:
        EmployerFactory(workplace=employer)
        waiting = EmployerFactory(plan__needs_approval=True, plan__key="looked-at", term=False)
        with pytest.raises(Exception, match="has a membership already"):
            applications.approve(waiting, workplace=employer, by=admin)


def test_the_check_says_current_or_not_and_nothing_more(client: Client, member) -> None:
    number = member.membership.number
    page = client.get(reverse("verify", args=[number])).content.decode()
    assert "This membership is current" in page
    for private in (member.name, member.email, "Free membership", "East of England"):
        assert private not in page
    typed = client.get(reverse("verify_ask"), {"number": f" {number[:3].lower()}-{number[3:]} "})
    assert typed.headers["Location"] == reverse("verify", args=[number])


def test_a_number_that_ended_and_one_that_nobody_has_look_alike(client: Client) -> None:
    ended = MembershipFactory(term__start=timezone.localdate() - timezone.timedelta(days=800)).number
    nobody = next(n for n in ("M1000009", "M1000017") if n != ended)
    pages = [client.get(reverse("verify", args=[number])).content.decode() for number in (ended, nobody)]
    assert pages[0].replace(ended, nobody) == pages[1]


@pytest.mark.parametrize("number", ["", "M", "M12345678901234567890", "m١٢٣٤٥٦٧", "%00", "'; DROP TABLE", "😀"])
def test_any_number_can_be_asked_for(client: Client, number: str) -> None:
    assert client.get(reverse("verify_ask"), {"number": number}, follow=True).status_code == 200


def test_card_and_certificate_hold_a_name_of_any_script(client: Client, member) -> None:
    member.name = "محمد বাংলা 𓀀 Łukasz O’Neill" * 3
    member.save()
    client.force_login(member)
    for page in ("membership_card", "membership_certificate"):
        assert client.get(reverse(page)).content.startswith(b"%PDF")
