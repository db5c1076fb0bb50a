"""What is typed about expenses, checked."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from linkworkers.forms import PastDateField, laid_out, side_by_side
from linkworkers.pdf_safety import check_pdf
from linkworkers.pictures import clean_upload
from linkworkers.templatetags import plain_number
from linkworkers.uploads import IMAGES, PDF, Upload, UploadsField
from volunteers.expense_rules import Shifts, problems
from volunteers.mileage import Rates, tax_year, tax_year_label
from volunteers.models import ExpenseClaim, ExpenseLine
from volunteers.models.expenses import DRIVEN, MOST_RECEIPTS

Kind = ExpenseLine.Kind
COMMON = ["reason", "note", "receipts"]
JOURNEY = ["on", "from_place", "to_place", "miles", "vehicle", "passengers", "passenger_miles"]
# What is asked for each kind of expense, in this order.
ASKED: dict[str, list[str]] = {
    Kind.MILEAGE: [*JOURNEY, "reason", "note"],
    Kind.TRANSPORT: ["on", "amount", "from_place", "to_place", "pass_reason", *COMMON],
    Kind.TAXI: ["on", "amount", "from_place", "to_place", *COMMON],
    **{kind: ["on", "amount", *COMMON] for kind in (Kind.PARKING, Kind.MEAL, Kind.PHONE, Kind.OTHER)},
}


class NumberField(forms.DecimalField):
    """A number as people type it: £4, 4.20, 4,20 or 12 miles."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "input-postcode"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = value.strip().removeprefix("£").removesuffix("miles").strip().replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value:.2f}" if self.decimal_places == 2 else plain_number(value)
        return value


class ReceiptsField(UploadsField):
    """Photos, drawn anew, and PDFs that are pages and nothing else."""

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        kept, found = [], []
        for upload in super().clean(data, initial):
            try:
                kept.append(clean_upload(upload) if upload.content_type in IMAGES.values() else upload)
                if upload.content_type in PDF.values():
                    check_pdf(upload.content)
            except ValidationError as error:
                found += [f"{upload.name}: {message}" for message in error.messages]
        if found:
            raise ValidationError(found)
        return kept


class LineForm(forms.Form):
    """One thing that was paid, or one journey. Asks for what its kind needs and nothing else."""

    on = PastDateField(
        label="Which day?",
        help_text="For example 4 5 2026",
        error_messages={"required": "Write the day."},
    )
    amount = NumberField(
        label="How much, in pounds?",
        min_value=Decimal("0.01"),
        max_value=Decimal("999.99"),
        max_digits=6,
        decimal_places=2,
        error_messages={
            "required": "Write how much you paid.",
            "invalid": "Write the amount in pounds, as in 4.20.",
            "min_value": "Write how much you paid: a penny at least.",
            "max_value": "This is more than one line can hold. Talk to your coordinator first.",
            "max_digits": "This is more than one line can hold. Talk to your coordinator first.",
            "max_decimal_places": "Write pounds and pence, as in 4.20.",
            "max_whole_digits": "This is more than one line can hold. Talk to your coordinator first.",
        },
    )
    from_place = forms.CharField(
        label="From", max_length=100, error_messages={"required": "Write where you set out, as in: home, Ware."}
    )
    to_place = forms.CharField(
        label="To", max_length=100, error_messages={"required": "Write where you went, as in: the surgery."}
    )
    miles = NumberField(
        label="How many miles?",
        help_text="There, or there and back: the whole way you claim for. In tenths, as in 6.4.",
        min_value=Decimal("0.1"),
        max_value=Decimal("999.9"),
        max_digits=4,
        decimal_places=1,
        error_messages={
            "required": "Write how many miles it was.",
            "invalid": "Write a number of miles, as in 6.4.",
            "min_value": "Write how many miles it was: a tenth of a mile at least.",
            "max_value": "One journey is under 1,000 miles. Write several lines.",
            "max_digits": "One journey is under 1,000 miles, in tenths, as in 6.4.",
            "max_decimal_places": "Round it to a tenth of a mile, as in 6.4.",
            "max_whole_digits": "One journey is under 1,000 miles. Write several lines.",
        },
    )
    vehicle = forms.ChoiceField(
        label="By what?",
        choices=DRIVEN,
        initial="car",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you drove or rode."},
    )
    passengers = forms.IntegerField(
        label="Other volunteers in the car",
        required=False,
        min_value=0,
        max_value=8,
        help_text="If you gave others a lift to the same work.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 8}),
        error_messages={"invalid": "Write a number, as in 1.", "max_value": "A car takes eight at most."},
    )
    passenger_miles = NumberField(
        label="Miles with them",
        required=False,
        min_value=Decimal("0.1"),
        max_digits=4,
        decimal_places=1,
        help_text="Leave this empty if it was the whole way.",
        error_messages={"invalid": "Write a number of miles, as in 6.4."},
    )
    pass_reason = forms.ChoiceField(
        label="Why did your free bus pass not serve?",
        choices=ExpenseLine.PassReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say why it did not serve. If it did, the journey cost nothing: leave this out."},
    )
    reason = forms.CharField(
        label="If you had no shift that day: what was it for?",
        max_length=200,
        required=False,
        help_text="A training, a meeting, an errand for the clinic. Nothing about a person you support.",
    )
    note = forms.CharField(
        label="A note for whoever approves it",
        max_length=300,
        required=False,
        help_text="Nothing about a person you support.",
    )
    receipts = ReceiptsField(
        label="Receipt",
        most=MOST_RECEIPTS,
        allowed=PDF | IMAGES,
        required=False,
        help_text="A photo or a PDF. Needed for whatever costs more than £5. Of a photo we keep what one sees, "
        "not where it was taken.",
    )

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict | None,
        *,
        claim: ExpenseClaim,
        kind: str,
        line: ExpenseLine | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        names = [name for name in ASKED[kind] if name != "pass_reason" or claim.volunteer.has_bus_pass]
        shown = {name: getattr(line, name) for name in names if line and name != "receipts"}
        super().__init__(data, files, initial=shown or initial)
        self.claim, self.kind, self.line = claim, kind, line
        self.fields = {name: self.fields[name] for name in names}
        if "receipts" in names:
            self.fields["receipts"].widget.attrs["accept"] = "image/*,application/pdf"
        pairs = [("from_place", "to_place"), ("passengers", "passenger_miles")]
        second = {second for _, second in pairs}
        row = dict(pairs)
        self.helper = laid_out(
            *(side_by_side(name, row[name]) if name in row else name for name in names if name not in second)
        )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        passengers, along = typed.get("passengers"), typed.get("passenger_miles")
        if passengers and typed.get("vehicle") != "car":
            self.add_error("passengers", "Passengers count in a car alone. Leave this empty.")
        if passengers and along and typed.get("miles") and along > typed["miles"]:
            self.add_error("passenger_miles", "They cannot have come further than you drove.")
        if not self.errors:
            line = ExpenseLine(**self.facts())
            line.shift = Shifts(self.claim.volunteer).on(line.on)
            for field, problem in problems(line, volunteer=self.claim.volunteer, rates=Rates.all()).items():
                self.add_error(field, problem)
        return typed

    def facts(self) -> dict[str, Any]:
        """The columns of a line."""
        typed = self.cleaned_data
        facts = {name: typed[name] for name in self.fields if name not in ("receipts", "passengers", "passenger_miles")}
        facts["kind"] = self.kind
        if self.kind == Kind.MILEAGE:
            passengers = typed.get("passengers") or 0
            facts["passengers"] = passengers
            facts["passenger_miles"] = (typed.get("passenger_miles") or typed["miles"]) if passengers else None
        return facts


class AnswerForm(forms.Form):
    """What is written back with a claim that is not approved."""

    answer = forms.CharField(
        label="What should they know?",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write a sentence or two. The volunteer reads it."},
    )

    helper = laid_out("answer")


class MilesForm(forms.Form):
    """Miles that somebody drove as a volunteer of others: this tax year or the one before."""

    year = forms.TypedChoiceField(label="In which tax year?", coerce=int, widget=forms.RadioSelect)
    miles = NumberField(
        label="How many miles by car, all others together?",
        min_value=Decimal(0),
        max_value=Decimal(100_000),
        max_digits=7,
        decimal_places=1,
        error_messages={
            "required": "Write how many miles, 0 if there were none.",
            "invalid": "Write a number of miles, as in 120.",
            "min_value": "This cannot be less than 0.",
            "max_value": "Nobody drives so far. Check the number.",
            "max_decimal_places": "Round it to a tenth of a mile.",
            "max_digits": "Nobody drives so far. Check the number.",
            "max_whole_digits": "Nobody drives so far. Check the number.",
        },
    )

    helper = laid_out("year", "miles")

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        now = tax_year(timezone.localdate())
        years = cast(forms.ChoiceField, self.fields["year"])
        years.choices = [(year, tax_year_label(year)) for year in (now, now - 1)]
        years.initial = now
