"""The card door: another company's page takes the card, and tells us when the money is there."""

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

import stripe
from django.conf import settings
from django.utils import timezone

from members.models import Invoice

TIMEOUT = 10  # seconds, of a request to the company
POUNDS = "gbp"


class CardDoorShut(Exception):
    """The company cannot be reached, or refuses what we asked of it."""


class BadSignature(Exception):
    """What was sent was not sent by the company, or too long ago."""


class Happened(StrEnum):
    PAID = "paid"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class CardEvent:
    """What the company tells: `id` names the telling, `payment` the payment. `amount` is in a hundredth of `currency`'s
    larger unit, as pounds in pence; of a refund it is all that was sent back so far.
    """

    id: str
    happened: Happened
    payment: str
    amount: Decimal
    currency: str
    invoice_number: str
    payer: str
    on: dt.date


class CardDoor(Protocol):
    def begin(self, invoice: Invoice, amount: Decimal, success_url: str, cancel_url: str) -> str:
        """The address of the page where so many pounds are paid for the invoice. Raises CardDoorShut."""

    def read(self, payload: bytes, signature: str) -> CardEvent | None:
        """What a message tells; None when it is nothing to us. Raises BadSignature."""


class StripeDoor:
    """Stripe Checkout. `api` is where its API answers."""

    def __init__(self, *, secret_key: str, webhook_secret: str, api: str) -> None:
        self.webhook_secret = webhook_secret
        self.client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api},
            max_network_retries=1,
            http_client=stripe.RequestsClient(timeout=TIMEOUT),
        )

    def begin(self, invoice: Invoice, amount: Decimal, success_url: str, cancel_url: str) -> str:
        about = {"invoice": invoice.number}
        # Pressed twice, it is one page; once something was paid or paid back, it is another one.
        key = f"checkout:{invoice.number}:{amount}:{invoice.entries.count()}"
        try:
            session = self.client.v1.checkout.sessions.create(
                params={
                    "mode": "payment",
                    "client_reference_id": invoice.number,
                    "customer_email": invoice.email,
                    "line_items": [
                        {
                            "quantity": 1,
                            "price_data": {
                                "currency": POUNDS,
                                "unit_amount": int(amount * 100),
                                "product_data": {"name": f"Invoice {invoice.number}"},
                            },
                        }
                    ],
                    "metadata": about,
                    "payment_intent_data": {"metadata": about, "description": f"Invoice {invoice.number}"},
                    "success_url": success_url,
                    "cancel_url": cancel_url,
                },
                options={"idempotency_key": key},
            )
        except stripe.StripeError as error:
            raise CardDoorShut(str(error)) from error
        if not session.url:
            raise CardDoorShut("Stripe gave no address.")
        return session.url

    def read(self, payload: bytes, signature: str) -> CardEvent | None:
        try:
            stripe.Webhook.construct_event(payload, signature, self.webhook_secret)
            told = json.loads(payload)
        except (ValueError, stripe.SignatureVerificationError) as error:
            raise BadSignature from error
        subject = told["data"]["object"]
        match told["type"]:
            case "checkout.session.completed" | "checkout.session.async_payment_succeeded":
                if subject.get("payment_status") != "paid" or not subject.get("payment_intent"):
                    return None
                who = subject.get("customer_details") or {}
                return _event(
                    told,
                    Happened.PAID,
                    pence=subject["amount_total"],
                    invoice_number=subject.get("client_reference_id") or "",
                    payer=who.get("name") or who.get("email") or "",
                )
            case "charge.refunded":
                return _event(told, Happened.REFUNDED, pence=subject["amount_refunded"])
        return None


def _event(
    told: dict[str, Any], happened: Happened, *, pence: int, invoice_number: str = "", payer: str = ""
) -> CardEvent:
    subject = told["data"]["object"]
    moment = dt.datetime.fromtimestamp(told["created"], dt.UTC)
    return CardEvent(
        id=told["id"],
        happened=happened,
        payment=f"stripe:{subject['payment_intent']}",
        amount=Decimal(pence) / 100,
        currency=subject["currency"].lower(),
        invoice_number=invoice_number,
        payer=payer,
        on=timezone.localdate(moment),
    )


def door() -> CardDoor | None:
    """The door, if this installation has one."""
    if not settings.STRIPE_SECRET_KEY:
        return None
    return StripeDoor(
        secret_key=settings.STRIPE_SECRET_KEY,
        webhook_secret=settings.STRIPE_WEBHOOK_SECRET,
        api=settings.STRIPE_API,
    )
