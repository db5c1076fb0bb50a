"""What is typed when somebody joins, renews, changes or cancels."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from linkworkers.forms import WHOLE_ADDRESS, Trap, laid_out, side_by_side
from linkworkers.templatetags import pounds
from members.models import Plan, Region, User


class BeginForm(forms.Form):
    """Who wants to join: the link that goes on is mailed there, so that an address is its owner's."""

    name = forms.CharField(
        label="Your name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Write your name."},
    )
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="We send a link there. You will log in with this address.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Write your e-mail address.", "invalid": WHOLE_ADDRESS},
    )
    website = Trap()

    helper = laid_out("name", "email")

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))


class DetailsForm(forms.Form):
    """What joining under a plan asks of somebody with an account. Has only the fields that the plan needs."""

    organization_name = forms.CharField(
        label="Your organisation",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": "Write the name of your organisation."},
    )
    seats = forms.IntegerField(
        label="How many seats",
        min_value=1,
        max_value=2000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "Say how many of your staff are to have a seat."},
    )
    region = forms.ChoiceField(
        label="Your region or nation",
        choices=[("", "Choose"), *Region.choices],
        help_text="Its community and its news are for you.",
        error_messages={"required": "Choose your region or nation."},
    )
    answer = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write a sentence or two. The office reads it."},
    )
    billing_address = forms.CharField(
        label="Address for the invoice",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
    )
    purchase_order = forms.CharField(
        label="Purchase order number",
        max_length=60,
        required=False,
        help_text="If your accounts department asks for one on the invoice. You can add it later.",
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        for name in self._not_needed():
            del self.fields[name]
        if "answer" in self.fields:
            self.fields["answer"].label = plan.asks
        if "seats" in self.fields:
            seats = self.fields["seats"]
            seats.initial = plan.seats_included
            seats.help_text = (
                f"{plan.seats_included} are included. Each further one is {pounds(plan.seat_price)} a year."
            )

    def _not_needed(self) -> list[str]:
        plan = self.plan
        unwanted = [] if plan.is_for_employers else ["organization_name", "seats", "purchase_order"]
        if not plan.asks:
            unwanted.append("answer")
        if plan.is_free:
            unwanted.append("billing_address")
        return unwanted

    def clean_seats(self) -> int:
        seats: int = self.cleaned_data["seats"]
        if seats < self.plan.seats_included:
            raise ValidationError(f"{self.plan.seats_included} seats are included. Say that many or more.")
        return seats

    @property
    def helper(self) -> FormHelper:
        return laid_out(*self.fields)


class NewcomerForm(DetailsForm):
    """The same for somebody without an account: with the name and the password of the new one."""

    email = forms.EmailField(
        label="Your e-mail address", disabled=True, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    name = forms.CharField(
        label="Your name",
        max_length=150,
        help_text="As colleagues know you. It stands on your certificate.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Write your name."},
    )
    password = forms.CharField(
        label="Choose a password",
        strip=False,
        max_length=256,
        help_text="At least 12 characters. Three words that do not belong together are easy to keep in mind.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )

    field_order = ["email", "name", "password"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=self.initial["email"], name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class PlanChoice(forms.ModelChoiceField):
    """Plans as radio buttons, each with its price."""

    def label_from_instance(self, plan: Plan) -> str:
        return f"{plan}: {price_of(plan)}"


def price_of(plan: Plan) -> str:
    """A plan's price in words: "free", "£36 a year", "£290 a year + VAT"."""
    if plan.price == 0:
        return "free"
    length = "a year" if plan.months == 12 else f"for {plan.months} months"
    return f"{pounds(plan.price)} {length}{' + VAT' if plan.vat_rate else ''}"


class PlanForm(forms.Form):
    """Which plan, of those that are offered."""

    plan = PlanChoice(
        Plan.objects.none(),
        label="Plan",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a plan.", "invalid_choice": "Choose one of these plans."},
    )

    helper = laid_out("plan")

    def __init__(self, *args: Any, plans: Sequence[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["plan"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = Plan.objects.filter(pk__in=[plan.pk for plan in plans])


class RenewForm(PlanForm):
    """The plan and, for an employer, the seats of the next term."""

    seats = forms.IntegerField(
        label="How many seats",
        min_value=1,
        max_value=2000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "Say how many seats the next year is to have."},
    )

    def __init__(self, *args: Any, for_employer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not for_employer:
            del self.fields["seats"]

    @property
    def helper(self) -> FormHelper:
        return laid_out(*self.fields)


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Would you tell us why?",
        required=False,
        max_length=1000,
        help_text="It helps us to do better. You need not.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    helper = laid_out("reason")


class SeatForm(forms.Form):
    """Whom a seat is offered to."""

    name = forms.CharField(
        label="Name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the person’s name."},
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="Their own, not a shared mailbox.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the person’s e-mail address.", "invalid": WHOLE_ADDRESS},
    )

    helper = laid_out(side_by_side("name", "email"))


class MoreSeatsForm(forms.Form):
    seats = forms.IntegerField(
        label="How many seats in all",
        min_value=1,
        max_value=2000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "Say how many seats there should be in all."},
    )

    helper = laid_out("seats")
