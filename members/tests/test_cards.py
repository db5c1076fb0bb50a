"""Card payments: messages signed as Stripe signs them, and a stub that answers as its API does."""

import json
import runpy
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
import stripe
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

import linkworkers.settings
from linkworkers.audit.models import AuditEvent
from members.actions.invoices import balance_of
from members.factories import MembershipFactory
from members.factories_money import invoiced
from members.models import Invoice, Payment, User
from referrals.tests.race import race
from tests.world import logged_in

SECRET = "whsec_of_tests"


class Stub(BaseHTTPRequestHandler):
    """Makes a session for each idempotency key, as Stripe does; with `fails`, answers that it is broken."""

    asked: list[dict[str, Any]] = []
    fails = False

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        key = self.headers["Idempotency-Key"]
        self.asked.append({"path": self.path, "key": key, "auth": self.headers["Authorization"], **sent})
        session = {"id": f"cs_{key}", "object": "checkout.session", "url": f"https://checkout.stripe.com/c/{key}"}
        body = json.dumps({"error": {"message": "broken"}} if self.fails else session).encode()
        self.send_response(500 if self.fails else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def company(settings: Settings) -> Iterator[type[Stub]]:
    """An installation with a card door, and the company behind it."""
    Stub.asked, Stub.fails = [], False
    with HTTPServer(("127.0.0.1", 0), Stub) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_x", SECRET
        settings.STRIPE_API = f"http://127.0.0.1:{server.server_port}"
        yield Stub
        server.shutdown()
        thread.join()


def session(invoice: str, pence: int = 4500, **facts: Any) -> dict[str, Any]:
    return {
        "object": "checkout.session",
        "client_reference_id": invoice,
        "payment_intent": "pi_1",
        "payment_status": "paid",
        "amount_total": pence,
        "currency": "gbp",
        "customer_details": {"name": "Priya Shah", "email": "priya@example.test"},
        **facts,
    }


def tell(
    kind: str, subject: dict[str, Any], *, secret: str = SECRET, at: float | None = None, id: str = "evt_1"
) -> HttpResponse:
    """Sends a message as Stripe does."""
    moment = int(at or time.time())
    event = {"id": id, "object": "event", "type": kind, "created": moment, "data": {"object": subject}}
    payload = json.dumps(event)
    signature = stripe.WebhookSignature.generate_signature_header(payload, secret, timestamp=moment)
    return send(payload, signature)


def send(payload: str | bytes, signature: str) -> HttpResponse:
    return Client(enforce_csrf_checks=True).post(
        reverse("card_events"), payload, content_type="application/json", headers={"Stripe-Signature": signature}
    )


COMPLETED = "checkout.session.completed"


@pytest.mark.django_db
def test_paying_by_card_leads_to_the_companys_page_for_what_is_owed(company: type[Stub], member: User) -> None:
    invoice = invoiced("Priya", membership=member.membership)
    client = logged_in(member)
    assert b"Pay \xc2\xa345.00 by card" in client.get(reverse("invoice", args=[invoice.number])).content
    first, second = [client.post(reverse("invoice_card", args=[invoice.number])) for _ in range(2)]
    assert first.status_code == 303
    assert first["Location"] == second["Location"]
    asked = company.asked[0]
    assert asked["path"] == "/v1/checkout/sessions"
    assert asked["client_reference_id"] == [invoice.number]
    assert asked["line_items[0][price_data][unit_amount]"] == ["4500"]
    assert asked["line_items[0][price_data][currency]"] == ["gbp"]
    assert asked["metadata[invoice]"] == [invoice.number]
    assert asked["success_url"][0].endswith(reverse("invoice_thanks", args=[invoice.number]))
    assert asked["auth"] == "Bearer sk_test_x"
    tell(COMPLETED, session(invoice.number, 2000))
    assert client.post(reverse("invoice_card", args=[invoice.number]))["Location"] != first["Location"]
    assert company.asked[-1]["line_items[0][price_data][unit_amount]"] == ["2500"]
    tell(COMPLETED, session(invoice.number, 2500, payment_intent="pi_2"))
    assert client.post(reverse("invoice_card", args=[invoice.number])).url == reverse("invoice", args=[invoice.number])


@pytest.mark.django_db
def test_a_company_that_is_away_is_said_so(company: type[Stub], member: User) -> None:
    company.fails = True
    invoice = invoiced("Priya", membership=member.membership)
    response = logged_in(member).post(reverse("invoice_card", args=[invoice.number]), follow=True)
    assert "cannot be reached just now" in response.content.decode()


@pytest.mark.django_db
def test_without_a_door_there_is_no_card(member: User) -> None:
    invoice = invoiced("Priya", membership=member.membership)
    client = logged_in(member)
    assert "Pay £45.00 by card" not in client.get(reverse("invoice", args=[invoice.number])).content.decode()
    assert client.post(reverse("invoice_card", args=[invoice.number])).status_code == 404
    assert send("{}", "").status_code == 404


@pytest.mark.django_db
def test_a_payment_that_is_told_is_recorded_once(company: type[Stub]) -> None:
    invoice = invoiced("Priya")
    for _ in range(3):
        assert tell(COMPLETED, session(invoice.number)).status_code == 200
    payment = Payment.objects.get()
    assert (payment.invoice, payment.amount, payment.source) == (invoice, Decimal("45.00"), "stripe:pi_1")
    assert (payment.method, payment.payer, payment.recorded_by) == ("card", "Priya Shah", None)
    assert balance_of(invoice) == 0


@pytest.mark.django_db(transaction=True)
def test_told_five_times_at_once_it_is_one_payment(company: type[Stub]) -> None:
    invoice = invoiced("Priya")
    answers = race(Invoice.objects.filter(pk=invoice.pk), *[partial(tell, COMPLETED, session(invoice.number))] * 5)
    assert [answer.status_code for answer in answers] == [200] * 5
    assert Payment.objects.get().number == "REC-00001"


@pytest.mark.django_db
def test_what_the_company_did_not_sign_is_refused(company: type[Stub]) -> None:
    invoice = invoiced("Priya")
    assert tell(COMPLETED, session(invoice.number), secret="whsec_another").status_code == 400
    assert tell(COMPLETED, session(invoice.number), at=time.time() - 3600).status_code == 400
    for signature in ("", "t=1,v1=00", "t=x", "nonsense"):
        assert send("{}", signature).status_code == 400
    signed = stripe.WebhookSignature.generate_signature_header("not json", SECRET, timestamp=int(time.time()))
    assert send("not json", signed).status_code == 400
    assert send(b"\xff\xfe", "t=1,v1=00").status_code == 400
    assert not Payment.objects.exists()


@pytest.mark.django_db
def test_what_is_nothing_to_us_is_let_be(company: type[Stub]) -> None:
    invoice = invoiced("Priya")
    assert tell("customer.created", {"object": "customer"}).status_code == 200
    assert tell(COMPLETED, session(invoice.number, payment_status="unpaid")).status_code == 200
    assert tell(COMPLETED, session(invoice.number, payment_intent=None)).status_code == 200
    assert not Payment.objects.exists()
    assert tell("checkout.session.async_payment_succeeded", session(invoice.number)).status_code == 200
    assert Payment.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"client_reference_id": "INV-99999"}, "no invoice of ours"),
        ({"client_reference_id": None}, "no invoice of ours"),
        ({"currency": "eur"}, "45 EUR, NOT pounds"),
    ],
)
def test_money_that_nobody_can_place_waits_for_the_office(
    company: type[Stub], facts: dict[str, Any], said: str
) -> None:
    invoice = invoiced("Priya")
    for _ in range(2):
        assert tell(COMPLETED, session(invoice.number) | facts).status_code == 200
    payment = Payment.objects.unplaced().get()
    assert said in payment.reference
    assert balance_of(invoice) == 45
    assert AuditEvent.objects.filter(verb="payment.recorded").count() == 1


@pytest.mark.django_db
def test_a_refund_on_the_companys_pages_is_noted_once_for_each_telling(company: type[Stub]) -> None:
    invoice = invoiced("Priya")
    tell(COMPLETED, session(invoice.number))
    charge = {"object": "charge", "payment_intent": "pi_1", "amount_refunded": 500, "currency": "gbp"}
    for number in ("evt_2", "evt_2", "evt_3"):
        assert tell("charge.refunded", charge, id=number).status_code == 200
    assert AuditEvent.objects.filter(verb="payment.refunded_by_card").count() == 2
    assert tell("charge.refunded", charge | {"payment_intent": "pi_of_a_shop"}).status_code == 200
    assert balance_of(invoice) == 0


@pytest.mark.django_db
def test_the_page_of_thanks_says_that_we_are_still_to_be_told(company: type[Stub], member: User) -> None:
    invoice = invoiced("Priya", membership=member.membership)
    client, url = logged_in(member), reverse("invoice_thanks", args=[invoice.number])
    assert "told by the bank in a moment" in client.get(url).content.decode()
    tell(COMPLETED, session(invoice.number))
    assert "Your payment is here" in client.get(url).content.decode()


@pytest.mark.django_db
def test_one_cannot_pay_or_see_anothers_invoice(company: type[Stub], member: User) -> None:
    invoice = invoiced("Somebody", membership=MembershipFactory())
    client = logged_in(member)
    assert client.post(reverse("invoice_card", args=[invoice.number])).status_code == 404
    assert client.get(reverse("invoice_thanks", args=[invoice.number])).status_code == 404
    assert not company.asked


def test_an_installation_has_both_secrets_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "https://checkout.stripe.com" not in form_action()
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_x")
    with pytest.raises(ImproperlyConfigured, match="STRIPE_WEBHOOK_SECRET"):
        form_action()
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", SECRET)
    assert "https://checkout.stripe.com" in form_action()
    monkeypatch.delenv("STRIPE_SECRET_KEY")
    with pytest.raises(ImproperlyConfigured, match="STRIPE_SECRET_KEY"):
        form_action()


def form_action() -> list[str]:
    """Where forms may lead, as the settings have it in this environment."""
    settings = runpy.run_path(linkworkers.settings.__file__)
    return settings["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"]
