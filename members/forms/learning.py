"""What is typed about learning and supervision, checked."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from linkworkers.forms import PastDateField, laid_out, side_by_side
from linkworkers.templatetags import plain_number
from linkworkers.uploads import UploadsField
from members.models import LearningEntry, LearningKind, Supervision, SupervisionKind, SupervisionTheme
from members.models.learning import HOURS_A_DAY, MOST_DAYS, MOST_FILES, MOST_POINTS, QUARTER, points_for

NO_PERSON = "Nothing about a person you support: no name, no story."
OWN_WORDS = ["learned", "next_step", "link", "evidence"]


class QuarterField(forms.DecimalField):
    """A number of hours or points in quarters, from nought to `most`. A comma is taken for a point."""

    def __init__(self, *, most: Decimal, too_much: str, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "input-postcode"}))
        self.most, self.too_much = most, too_much
        super().__init__(
            max_digits=7,
            error_messages={"invalid": "Write a number, as in 1.5.", "max_digits": too_much},
            **kwargs,
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return plain_number(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        number = super().clean(value)
        if number is None:
            return None
        if number < 0:
            raise ValidationError("This cannot be less than 0.")
        if number > self.most:
            raise ValidationError(self.too_much)
        if number % QUARTER:
            raise ValidationError("Round it to a quarter, for instance 1.25.")
        return number.quantize(Decimal("0.01"))


class EntryForm(forms.Form):
    """An entry of a learning record. One that came from elsewhere is asked for the person's own words alone."""

    title = forms.CharField(
        label="What was it?",
        max_length=200,
        help_text="As in: Motivational interviewing, day two.",
        error_messages={"required": "Write what it was."},
    )
    kind = forms.ChoiceField(
        label="What kind?",
        choices=LearningKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of learning it was."},
    )
    on = PastDateField(
        label="When?",
        help_text="For example 4 5 2026. If it took several days, the last one.",
        error_messages={"required": "Write the day."},
    )
    days = forms.IntegerField(
        label="How many days?",
        initial=1,
        min_value=1,
        max_value=MOST_DAYS,
        error_messages={
            "required": "Write how many days it took: 1 for most things.",
            "invalid": "Write a whole number of days.",
            "min_value": "It took one day at least.",
            "max_value": f"One entry is {MOST_DAYS} days at most. Write a longer course as several entries.",
        },
        widget=forms.NumberInput(attrs={"min": 1, "max": MOST_DAYS}),
    )
    provider = forms.CharField(
        label="Who offered it?",
        max_length=120,
        required=False,
        help_text="A college, your network, a colleague.",
    )
    formal_hours = QuarterField(
        label="Formal hours",
        most=Decimal(HOURS_A_DAY * MOST_DAYS),
        too_much="These are more hours than the days have.",
        required=False,
        help_text="Taught or led by somebody: a course, a conference, a workshop. In quarters, as in 2.25.",
    )
    points = QuarterField(
        label="Points",
        most=MOST_POINTS,
        too_much=f"One entry counts for {MOST_POINTS} points at most.",
        required=False,
        help_text="Leave this empty to count one point for each formal hour. Reading, reflecting or shadowing has no "
        "formal hours: say what it is worth.",
    )
    learned = forms.CharField(
        label="What did you learn?",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"What was new, what surprised you, what you already do well. {NO_PERSON}",
    )
    next_step = forms.CharField(
        label="What will you do differently?",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One thing that you will try, and by when.",
    )
    link = forms.URLField(
        label="A link that shows it",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="The programme, an article, a recording.",
        error_messages={"invalid": "Write the whole address, as in: https://example.org/course."},
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    evidence = UploadsField(label="Files that show it", most=MOST_FILES, required=False)

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict | None,
        *,
        entry: LearningEntry | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        shown = {name: getattr(entry, name) for name in self.base_fields if entry and name != "evidence"}
        super().__init__(data, files, initial=shown or initial)
        if entry and entry.is_credited:
            self.fields = {name: self.fields[name] for name in OWN_WORDS}
            self.helper = laid_out(*OWN_WORDS)
        else:
            self.helper = laid_out(
                "title",
                "kind",
                side_by_side("on", "days"),
                "provider",
                side_by_side("formal_hours", "points"),
                *OWN_WORDS,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "points" in self.fields:
            self._count(cleaned)
        if self.errors and cleaned.get("evidence"):
            self.add_error("evidence", "Choose your files again: they are kept once the rest is right.")
        return cleaned

    def _count(self, cleaned: dict[str, Any]) -> None:
        """Hours fit into the days, and points follow from them unless they were typed."""
        hours, days = cleaned.get("formal_hours"), cleaned.get("days")
        if hours and days and hours > days * HOURS_A_DAY:
            self.add_error("formal_hours", f"A day has {HOURS_A_DAY} hours, and this took {days}. Check both.")
        if "formal_hours" in self.errors or "points" in self.errors:
            return
        cleaned["formal_hours"] = hours or Decimal(0)
        if cleaned.get("points") is None:
            cleaned["points"] = points_for(cleaned["formal_hours"])
            if not hours:
                self.add_error("points", "Write what it counts for: the points, or the formal hours.")
            elif cleaned["points"] > MOST_POINTS:
                self.add_error("points", f"One entry counts for {MOST_POINTS} points at most. Write the points.")

    def facts(self) -> dict[str, Any]:
        """The arguments of the actions."""
        return {name: value for name, value in self.cleaned_data.items() if name != "evidence"}


class SupervisionForm(forms.Form):
    """One session of supervision."""

    on = PastDateField(label="When?", help_text="For example 4 5 2026.", error_messages={"required": "Write the day."})
    minutes = forms.IntegerField(
        label="How many minutes?",
        min_value=Supervision.LEAST_MINUTES,
        max_value=Supervision.MOST_MINUTES,
        error_messages={
            "required": "Write how many minutes it took.",
            "invalid": "Write a whole number of minutes.",
            "min_value": "Write five minutes or more.",
            "max_value": "Write eight hours, 480 minutes, or less.",
        },
    )
    kind = forms.ChoiceField(
        label="How?",
        choices=SupervisionKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you met."},
    )
    with_whom = forms.CharField(
        label="With whom?",
        max_length=120,
        help_text="Their role is enough: my manager, a clinical supervisor, three colleagues.",
        error_messages={"required": "Write with whom: their role is enough."},
    )
    themes = forms.MultipleChoiceField(
        label="What was it about?",
        choices=SupervisionTheme.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label="A note to yourself",
        max_length=300,
        required=False,
        help_text=NO_PERSON,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
    )
    helper = laid_out(side_by_side("on", "minutes"), "kind", "with_whom", "themes", "note")

    def __init__(self, data: QueryDict | None, *, session: Supervision | None = None) -> None:
        shown = {name: getattr(session, name) for name in self.base_fields} if session else None
        super().__init__(data, initial=shown)
