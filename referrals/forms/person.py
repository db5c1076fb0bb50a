"""What is asked about the person, the same in the referral and on the case."""

import re
from typing import Any

from django import forms

from linkworkers.geo import normalise_postcode
from referrals.models.person import ContactWay, VisitRisk, validate_nhs_number

LONG = 20_000  # characters: more than anybody writes, less than would choke a page


class TextArea(forms.Textarea):
    """A line break is one character, as the browser counts it, though it is sent as two."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)
        return typed.replace("\r\n", "\n") if typed else typed


def text_area(rows: int = 3) -> TextArea:
    return TextArea(attrs={"rows": rows})


class PostcodeField(forms.CharField):
    """In capitals with its one space, however it was typed. What is no postcode is kept too, with single spaces."""

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return normalise_postcode(typed) or " ".join(typed.upper().split())


class NHSNumberField(forms.CharField):
    """Ten digits, typed with or without spaces. Empty is None: not everybody has one to hand."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-nhs"}),
            **kwargs,
        )

    def to_python(self, value: Any) -> str | None:
        return re.sub(r"[\s\-]", "", super().to_python(value) or "") or None

    def run_validators(self, value: str | None) -> None:
        if value:
            validate_nhs_number(value)


class DetailsFields(forms.Form):
    """How to reach the person safely, and what to know before meeting them."""

    known_as = forms.CharField(label="Likes to be called", max_length=150, required=False)
    phone = forms.CharField(
        label="Phone",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="E-mail", max_length=254, required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(
        label="Address", max_length=500, required=False, widget=TextArea(attrs={"rows": 2, "autocomplete": "off"})
    )
    postcode = PostcodeField(
        label="Postcode",
        max_length=8,
        required=False,
        widget=forms.TextInput(attrs={"class": "input-postcode", "autocomplete": "off"}),
    )
    contact_ways = forms.MultipleChoiceField(
        label="Safe ways to get in touch",
        choices=ContactWay.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one way that is safe for them."},
    )
    safe_contact = forms.CharField(
        label="Anything to take care with",
        max_length=LONG,
        required=False,
        widget=text_area(2),
        help_text="For example: leave no messages; her son reads her letters.",
    )
    language = forms.CharField(label="Language, if not English", max_length=60, required=False)
    needs_interpreter = forms.BooleanField(label="Needs an interpreter", required=False)
    access_needs = forms.CharField(
        label="Access needs",
        max_length=LONG,
        required=False,
        widget=text_area(2),
        help_text="Hearing, sight, walking, reading, anything that makes meeting easier.",
    )
    visit_risk = forms.ChoiceField(
        label="Is there a risk for somebody who visits?",
        choices=VisitRisk.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether there is a risk for somebody who visits."},
    )
    risk_details = forms.CharField(label="What is the risk?", max_length=LONG, required=False, widget=text_area(2))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("visit_risk") == VisitRisk.RISK and not cleaned.get("risk_details"):
            self.add_error("risk_details", "Say what the risk is, so that whoever visits is prepared.")
        ways = cleaned.get("contact_ways", [])
        if {ContactWay.PHONE, ContactWay.TEXT} & set(ways) and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", "You ticked phone or text: type the number, or untick it.")
        if ContactWay.EMAIL in ways and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "You ticked e-mail: type the address, or untick it.")
        return cleaned
