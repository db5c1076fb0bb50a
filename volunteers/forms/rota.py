"""What is chosen on the rota, and what is said when a shift is given up or given."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date

from linkworkers.forms import laid_out
from volunteers.models import Shift
from volunteers.rota import Known, Period

YEARS = range(2000, 2101)  # of days that a rota is asked for


class RotaFilter(forms.Form):
    """The practice and the role that a rota is narrowed to. What is not among the choices is as if it were not said."""

    practice = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    role = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, clinics: Mapping[int, Known]) -> None:
        super().__init__(data)
        self.clinics = clinics
        self.practices = {each.practice_id: each.practice for each in clinics.values()}
        self.roles = {each.role_id: each.role for each in sorted(clinics.values(), key=lambda each: each.role)}
        self.fields["practice"].choices = [*self.practices.items()]  # type: ignore[attr-defined]
        self.fields["role"].choices = [*self.roles.items()]  # type: ignore[attr-defined]
        self.is_valid()
        self.practice_id: int | None = self.cleaned_data.get("practice")
        self.role_id: int | None = self.cleaned_data.get("role")

    @property
    def chosen(self) -> dict[int, Known]:
        return {
            pk: each
            for pk, each in self.clinics.items()
            if self.practice_id in (None, each.practice_id) and self.role_id in (None, each.role_id)
        }


def period_of(view: str, on: str) -> Period:
    """The week or month around a day of an address; this week where they make no sense."""
    return Period.of("month" if view == "month" else "week", _day(on))


def month_of(text: str) -> Period:
    """The month "2026-11" of an address; this month where it makes no sense."""
    return Period.of("month", _day(f"{text}-01"))


def _day(text: str) -> dt.date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    return day if day and day.year in YEARS else timezone.localdate()


class GiveUpForm(forms.Form):
    why = forms.ChoiceField(
        label="Why can you not come?",
        choices=Shift.Why.choices,
        widget=forms.RadioSelect,
        help_text="Only your coordinator reads it.",
        error_messages={"required": "Choose why you cannot come. You need not say more than you like."},
    )

    helper = laid_out("why")


class AssignForm(forms.Form):
    """Who is put on a session, by the key of the volunteer."""

    volunteer = forms.UUIDField(
        error_messages={
            "required": "Choose somebody from the list.",
            "invalid": "Choose somebody from the list.",
        }
    )
