"""Pages of the office on which one thing is done with a row: a form, a button, and the action behind it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextInputWidget,
)

from linkworkers.forms import TypedDateField
from members.admin._steps import step
from members.http import Request
from members.models import Invoice, Payment


def deed(
    model_admin: ModelAdmin,
    request: Request,
    subject: Model,
    *,
    title: str,
    form: forms.Form,
    button: str,
    do: Callable[[Any], str],
    about: str = "",
) -> HttpResponse:
    """The page of a form about `subject`. `do` gets what was typed, calls the action, and says what was done; when the
    action refuses, the page says why and keeps what was typed.
    """
    meta = model_admin.opts
    return step(
        model_admin,
        request,
        title=title,
        form=form,
        act=do,
        back=reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[subject.pk]),
        button=button,
        about=about,
        more={"original": subject},
    )


def _amount() -> forms.DecimalField:
    return forms.DecimalField(
        label="Amount in pounds",
        max_digits=9,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget(attrs={"inputmode": "decimal"}),
        error_messages={"required": "Write the amount.", "invalid": "Write it as in: 45.00."},
    )


def _day(label: str) -> TypedDateField:
    return TypedDateField(
        label=label,
        initial=lambda: f"{timezone.localdate():%-d %-m %Y}",
        help_text="As in: 4 5 2026",
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the day."},
    )


def _text(label: str, *, longest: int, required: bool = False, help_text: str = "", error: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        error_messages={"required": error},
    )


class PaymentForm(forms.Form):
    amount = _amount()
    received_on = _day("Received on")
    method = forms.ChoiceField(
        label="How",
        choices=[choice for choice in Payment.Method.choices if choice[0] != Payment.Method.CARD],
        initial=Payment.Method.TRANSFER,
        widget=UnfoldAdminRadioSelectWidget,
    )
    reference = _text("Reference", longest=200, help_text="What the bank or the cheque says of it.")


class RefundForm(forms.Form):
    amount = _amount()
    paid_on = _day("Sent on")
    method = forms.ChoiceField(
        label="How",
        choices=Payment.Method.choices,
        initial=Payment.Method.TRANSFER,
        widget=UnfoldAdminRadioSelectWidget,
    )
    reference = _text("Reference", longest=200)


class CreditForm(forms.Form):
    amount = _amount()
    reason = _text(
        "Why", longest=300, required=True, help_text="The payer reads it.", error="Write why. The payer reads it."
    )


class SendBackForm(forms.Form):
    paid_on = _day("Sent on")
    reference = _text("Reference", longest=200)


class PlaceForm(forms.Form):
    invoice = _text(
        "Invoice", longest=20, required=True, help_text="As in: INV-00042.", error="Write the invoice’s number."
    )

    def clean_invoice(self) -> Invoice:
        return find_invoice(self.cleaned_data["invoice"])


def find_invoice(typed: str) -> Invoice:
    """The invoice of a number as it was typed: INV-00042, inv 42, 42. Raises ValidationError."""
    digits = typed.upper().removeprefix("INV").strip(" -")
    if digits.isascii() and digits.isdigit():
        found = Invoice.objects.filter(number=f"INV-{int(digits):05}").first()
        if found:
            return found
    raise forms.ValidationError(f"There is no invoice “{typed}”. Look for it under Invoices.")
