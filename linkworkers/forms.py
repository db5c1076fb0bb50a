"""Form parts that every app uses."""

import datetime as dt
import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date

WHOLE_ADDRESS = "Write the whole e-mail address. As in: name@example.org."
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def side_by_side(*fields: str) -> Div:
    """Fields next to each other where there is room, below each other on a phone."""
    return Div(*fields, css_class="field-row")


def laid_out(*layout: Any) -> FormHelper:
    """How a form, or a part of one, is laid out inside the page's own <form>."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    made.layout = Layout(*layout)
    return made


class TypedDateField(forms.DateField):
    """A date typed as people write it: 4 5 1971, 04/05/1971, 4 May 1971. Day before month, the year with four digits.

    Quicker than three boxes, and a date pasted from another system is taken too.
    """

    default_error_messages = {"invalid": "Type the day, the month and the year in full, for example 4 5 1971."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "For example 4 5 1971")
        kwargs.setdefault(
            "widget", forms.DateInput(format="%-d %-m %Y", attrs={"inputmode": "text", "class": "input-date"})
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        parsed = typed_date(str(value).strip())
        if parsed is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return parsed


def typed_date(text: str) -> dt.date | None:
    """A day as `TypedDateField` takes it, from text without spaces around it; None when it is none."""
    parts = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?[\s/.\-]+(\d{1,2}|[a-z]{3,9})\.?[\s/.,\-]+(\d{4})", text.lower())
    together = re.fullmatch(r"(\d{2})(\d{2})(\d{4})", text)
    try:
        if parts or together:
            day, month, year = (parts or together).groups()  # type: ignore[union-attr]
            number = int(month) if month.isdigit() else MONTHS.index(month[:3]) + 1
            return dt.date(int(year), number, int(day))
        return parse_date(text)
    except ValueError:
        return None


class PastDateField(TypedDateField):
    """A date that has been: refuses tomorrow, and anything more than 125 years ago."""

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        today = timezone.localdate()
        if value and value > today:
            raise forms.ValidationError("This date is in the future. Check the year.", code="future")
        if value and value.year < today.year - 125:
            raise forms.ValidationError("This date is too long ago. Check the year.", code="too_old")


class LineField(forms.CharField):
    """One line: whatever white space is in it counts as one space."""

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class Trap(forms.CharField):
    """A field that people do not see, and that programs fill in: whatever is in it, the form is not for us."""

    widget = forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})

    def __init__(self) -> None:
        super().__init__(label="Leave this empty", required=False, max_length=200)
