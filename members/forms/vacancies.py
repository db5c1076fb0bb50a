"""What is typed about jobs and volunteer roles, checked; and what people search them by."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Div, Fieldset
from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from linkworkers.forms import WHOLE_ADDRESS, Trap, TypedDateField, laid_out, side_by_side
from linkworkers.geo import normalise_postcode
from members.models import PayBand, Region, Vacancy
from members.models.vacancy import OFFER, latest_closing

Kind, Setting, Per, Contract = Vacancy.Kind, Vacancy.Setting, Vacancy.Per, Vacancy.Contract

# What a year and an hour of work can pay, in pounds: outside of it a digit or the period is wrong.
BELIEVABLE: dict[str, tuple[Decimal, Decimal]] = {
    Per.YEAR: (Decimal(1_000), Decimal(200_000)),
    Per.HOUR: (Decimal(5), Decimal(200)),
}
WHOLE_URL = "Write the whole web address. As in: https://example.org/jobs."
WAYS = ("apply_url", "apply_email", "apply_text")
ONE_LINE = ("title", "organization", "town", "expenses", "starts", "contact_name")


class ClosingDateField(TypedDateField):
    """The last day to apply: today or later, and at most six months on."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Closing date",
            help_text="The last day to apply, at most six months from now. Type the day, the month and the year.",
            error_messages={"required": "Write the closing date."},
            **kwargs,
        )

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        if value and value < timezone.localdate():
            raise forms.ValidationError("This date has gone by. Choose today or a later day.", code="past")
        if value and value > latest_closing():
            raise forms.ValidationError(
                f"Choose a day up to {date_format(latest_closing())}. You can extend it later.", code="far"
            )


def _pounds(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=9,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input-postcode", "autocomplete": "off"}),
        error_messages={"invalid": "Write an amount in pounds, for example 28500 or 14.75."},
    )


class OfferForm(forms.ModelForm):
    """A job or a role as everybody reads it."""

    pay_from = _pounds("Pay from, in £")
    pay_to = _pounds("Pay to, in £")
    pay_per = forms.ChoiceField(label="That pays for", choices=[("", "Choose"), *Per.choices], required=False)
    pay_band = forms.ModelChoiceField(
        PayBand.objects.all(), label="Agenda for Change band", required=False, empty_label="None"
    )
    contract_until = TypedDateField(label="Fixed term until", required=False, help_text="For example 31 3 2028")
    apply_url = forms.URLField(
        label="Web address of the application",
        required=False,
        help_text="This, an e-mail address, or a few words: one of the three is enough.",
        max_length=500,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
        error_messages={"invalid": WHOLE_URL},
    )
    closes_on = ClosingDateField()

    class Meta:
        model = Vacancy
        fields = OFFER
        labels = {
            "kind": "What do you offer?",
            "title": "Title",
            "organization": "Organisation",
            "about": "What it is about",
            "setting": "Where is the work done?",
            "town": "Town or area",
            "expenses": "Expenses you pay back",
            "hours": "Hours a week",
            "starts": "Start",
            "apply_email": "E-mail address for applications",
            "apply_text": "In your own words",
        }
        help_texts = {
            "title": "As the person will be called: “Social prescribing link worker”.",
            "about": "What they will do, with whom, and whom you look for. Leave an empty line between paragraphs, "
            "begin the lines of a list with a dash, and a heading with ##.",
            "postcode": "Helps people see how they would get there.",
            "expenses": "Volunteers are reimbursed and never paid: fares, mileage, lunch. For a job it may stay empty.",
            "hours": "As a number. For example 37.5 or 3",
            "starts": "A date, or “as soon as possible”.",
        }
        widgets = {
            "kind": forms.RadioSelect,
            "setting": forms.RadioSelect,
            "about": forms.Textarea(attrs={"rows": 9}),
            "apply_text": forms.Textarea(attrs={"rows": 3}),
            "postcode": forms.TextInput(attrs={"class": "input-postcode", "autocomplete": "postal-code"}),
            "hours": forms.TextInput(attrs={"inputmode": "decimal", "class": "input-postcode", "autocomplete": "off"}),
            "organization": forms.TextInput(attrs={"autocomplete": "organization"}),
        }
        error_messages = {
            "kind": {"required": "Choose whether it is a paid job or a volunteer role."},
            "title": {"required": "Write the title."},
            "organization": {"required": "Write the name of your organisation."},
            "about": {"required": "Write what it is about."},
            "setting": {"required": "Choose where the work is done."},
            "apply_email": {"invalid": WHOLE_ADDRESS},
            "hours": {"invalid": "Write a number of hours, for example 37.5."},
        }

    # Asked for by one kind of offer or place, so not to be called optional.
    ASKED = ("region", "town", "pay_from", "pay_per", "expenses", "hours", "contract", "contract_until", *WAYS)
    use_required_attribute = False
    PARTS = (
        Fieldset("The role", "kind", "title", "organization", "about"),
        Fieldset("Where", "setting", side_by_side("region", "town"), "postcode"),
        Fieldset(
            "Pay and time",
            Div(side_by_side("pay_from", "pay_to", "pay_per"), "pay_band", css_class="only-jobs"),
            "expenses",
            "hours",
            Div("contract", Div("contract_until", css_class="only-fixed"), css_class="only-jobs"),
            "starts",
        ),
        Fieldset("Applying", "apply_url", "apply_email", "apply_text", "closes_on"),
    )
    helper = laid_out(*PARTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Kind.choices  # type: ignore[attr-defined]
        self.fields["setting"].choices = Setting.choices  # type: ignore[attr-defined]
        self.fields["region"].choices = [("", "Choose"), *Region.choices]  # type: ignore[attr-defined]
        self.fields["contract"].choices = [("", "Choose"), *Contract.choices]  # type: ignore[attr-defined]
        self._ask(True)

    def _ask(self, required: bool) -> None:
        for name in self.ASKED:
            self.fields[name].required = required

    def _clean_fields(self) -> None:
        """What belongs to which kind is asked in `clean`, when all is known."""
        self._ask(False)
        super()._clean_fields()  # type: ignore[misc]
        self._ask(True)

    @property
    def offer(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OFFER}

    def _post_clean(self) -> None:
        """The model is asked by the action, which decides what is saved; nothing of it is set here."""

    def clean_postcode(self) -> str:
        typed = self.cleaned_data["postcode"]
        postcode = normalise_postcode(typed)
        if typed and not postcode:
            raise forms.ValidationError("Write a whole postcode, for example AL1 3JQ, or leave it empty.")
        return postcode or ""

    def clean_apply_url(self) -> str:
        url = self.cleaned_data["apply_url"]
        if url and not url.startswith(("http://", "https://")):
            raise forms.ValidationError(WHOLE_URL)
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ONE_LINE:
            if cleaned.get(name):
                cleaned[name] = " ".join(cleaned[name].split())
        if cleaned.get("setting") in (Setting.ON_SITE, Setting.HYBRID):
            self._ask_for("region", "Choose the region.")
            self._ask_for("town", "Write the town or the area.")
        elif cleaned.get("setting") == Setting.REMOTE:
            cleaned["postcode"] = ""  # of an office that nobody has to come to
        if cleaned.get("kind") == Kind.JOB:
            self._clean_job(cleaned)
        elif cleaned.get("kind") == Kind.VOLUNTEER:
            self._clean_volunteer(cleaned)
        hours = cleaned.get("hours")
        if hours is not None and not 0 < hours <= 60:
            self.add_error("hours", "Write how many hours a week, more than 0 and at most 60.")
        if not any(cleaned.get(way) or way in self.errors for way in WAYS):
            self.add_error("apply_text", "Say how to apply: a web address, an e-mail address or words.")
        return cleaned

    def _ask_for(self, name: str, sentence: str) -> None:
        if self.cleaned_data.get(name) in (None, "") and name not in self.errors:
            self.add_error(name, sentence)

    def _clean_job(self, cleaned: dict[str, Any]) -> None:
        low, high, per = cleaned.get("pay_from"), cleaned.get("pay_to"), cleaned.get("pay_per")
        if low is None and "pay_from" not in self.errors:  # one amount, in the second box
            low, high = high, None
            cleaned.update(pay_from=low, pay_to=None)
        if low is None and not cleaned.get("pay_band"):
            self._ask_for("pay_from", "Write the pay, or choose a band: every job here shows it.")
        if low is None:
            cleaned["pay_per"] = ""
        else:
            self._ask_for("pay_per", "Choose whether this is a year’s or an hour’s pay.")
        if low is not None and high is not None and low > high:
            self.add_error("pay_to", "The pay ends below where it begins. Change one of the two.")
        if per in BELIEVABLE:
            least, most = BELIEVABLE[per]
            for name, amount in (("pay_from", low), ("pay_to", high)):
                if amount is not None and not least <= amount <= most:
                    period = Per(per).label
                    self.add_error(
                        name, f"We expect £{least:,} to £{most:,} {period}. Check the amount, and what it is for."
                    )
        self._ask_for("contract", "Choose the kind of contract.")
        if cleaned.get("contract") != Contract.SESSIONAL:
            self._ask_for("hours", "Write the hours a week.")
        if cleaned.get("contract") == Contract.FIXED:
            self._ask_for("contract_until", "Write the last day of the contract.")
            until = cleaned.get("contract_until")
            if until and until <= timezone.localdate():
                self.add_error("contract_until", "This date has gone by. Check the year.")
        else:
            cleaned["contract_until"] = None

    def _clean_volunteer(self, cleaned: dict[str, Any]) -> None:
        """Volunteers are reimbursed, never paid: what belongs to a job is emptied, so that nobody reads it as pay."""
        for name in ("pay_from", "pay_to", "pay_per", "contract", "contract_until"):
            if name in self.errors:
                del self.errors[name]
        cleaned.update(pay_from=None, pay_to=None, pay_per="", pay_band=None, contract="", contract_until=None)
        self._ask_for("expenses", "Say which expenses you pay back, or “None”.")


class PostForm(OfferForm):
    """The same, with who posts it: without an account."""

    contact_name = forms.CharField(
        label="Your name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Write your name."},
    )
    contact_email = forms.EmailField(
        label="Your e-mail address",
        help_text="We send you a link to confirm it, and to change it or take it down later. It is not shown.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Write your e-mail address.", "invalid": WHOLE_ADDRESS},
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    website = Trap()

    helper = laid_out(
        *OfferForm.PARTS,
        Fieldset("About you, for the office only", side_by_side("contact_name", "contact_email")),
        "submission",
    )

    def clean_submission(self) -> uuid.UUID:
        return self.cleaned_data["submission"] or uuid.uuid4()

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))


class RenewForm(forms.Form):
    closes_on = ClosingDateField()

    helper = laid_out("closes_on")


HOURS = {"few": "Up to 10", "part": "10 to 30", "full": "30 or more"}
SORTS = {"": "Newest first", "closing": "Closing soonest"}


class SearchForm(forms.Form):
    """What listings are narrowed to. Whatever is not understood narrows nothing."""

    q = forms.CharField(required=False, max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=[("", "Any"), *Kind.choices], required=False)
    region = forms.ChoiceField(label="Region", choices=[("", "Anywhere"), *Region.choices], required=False)
    setting = forms.ChoiceField(label="Where it is done", choices=[("", "Any"), *Setting.choices], required=False)
    pay = forms.DecimalField(
        label="Pay at least, £ a year",
        required=False,
        min_value=0,
        max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Write a number of pounds, for example 28000."},
    )
    hours = forms.ChoiceField(label="Hours a week", choices=[("", "Any"), *HOURS.items()], required=False)
    sort = forms.ChoiceField(label="Order", choices=list(SORTS.items()), required=False)

    def __init__(self, data: QueryDict) -> None:
        typed = {name: data.get(name, "").replace("\x00", "").strip()[:200] for name in self.base_fields}
        typed["pay"] = typed["pay"].lstrip("£").replace(",", "")
        super().__init__(typed)
        self.is_valid()

    @property
    def words(self) -> str:
        return self.cleaned_data.get("q", "")

    @property
    def further(self) -> list[BoundField]:
        """What is less often asked for."""
        return [self[name] for name in ("pay", "hours", "setting", "sort")]

    @property
    def narrowed_further(self) -> bool:
        return any(field.data for field in self.further)

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name != "sort")

    def found(self, vacancies: QuerySet[Vacancy]) -> QuerySet[Vacancy]:
        """Those that fit, in the order asked for. One by the hour counts as 37.5 hours a week."""
        asked = self.cleaned_data
        if self.words:
            vacancies = vacancies.about(self.words)  # type: ignore[attr-defined]
        for name in ("kind", "setting"):
            if asked.get(name):
                vacancies = vacancies.filter(**{name: asked[name]})
        if asked.get("region"):
            vacancies = vacancies.in_region(asked["region"])  # type: ignore[attr-defined]
        if asked.get("pay"):
            vacancies = vacancies.filter(pay_a_year__gte=asked["pay"])
        match asked.get("hours"):
            case "few":
                vacancies = vacancies.filter(hours__lte=10)
            case "part":
                vacancies = vacancies.filter(hours__gte=10, hours__lte=30)
            case "full":
                vacancies = vacancies.filter(hours__gte=30)
        order = ("closes_on", "pk") if asked.get("sort") == "closing" else ("-published_at", "-pk")
        return vacancies.order_by(*order)
