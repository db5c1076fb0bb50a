"""Parts that the forms of a volunteer's way share."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from linkworkers.forms import LineField, TypedDateField
from linkworkers.geo import normalise_postcode
from volunteers.models import AVAILABILITY, DAYS, PARTS

LONG = 3_000  # characters: a page and a half
DAY_NAMES = dict(zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
PART_NAMES = dict(zip(PARTS, ("morning", "afternoon", "evening"), strict=True))
CELLS = [(cell, f"{DAY_NAMES[cell[:3]]} {PART_NAMES[cell[4:]]}") for cell in AVAILABILITY]


class AvailabilityGrid(forms.CheckboxSelectMultiple):
    """Seven days by three parts of the day as a table, each of its ticks with a name of its own."""

    template_name = "volunteers/journey/_availability.html"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(value or [])
        made_id = (attrs or {}).get("id", "id_availability")
        rows = [
            {
                "day": DAY_NAMES[day],
                "cells": [
                    {
                        "id": f"{made_id}_{number}",
                        "value": cell,
                        "label": label,
                        "chosen": cell in chosen,
                    }
                    for number, (cell, label) in enumerate(CELLS)
                    if cell.startswith(day)
                ],
            }
            for day in DAYS
        ]
        parts = [part.capitalize() for part in PART_NAMES.values()]
        return render_to_string(self.template_name, {"rows": rows, "parts": parts, "name": name})


class AvailabilityField(forms.MultipleChoiceField):
    """The cells of the grid that somebody ticked, in the grid's order."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "When are you usually free?")
        kwargs.setdefault("help_text", "Tick every time at which you could come on most weeks.")
        kwargs.setdefault("error_messages", {"required": "Tick at least one time at which you could come."})
        super().__init__(choices=CELLS, widget=AvailabilityGrid, **kwargs)

    def clean(self, value: Any) -> list[str]:
        chosen = set(super().clean(value))
        return [cell for cell in AVAILABILITY if cell in chosen]


class PostcodeField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"class": "input-postcode", "autocomplete": "postal-code"})
        super().__init__(max_length=50, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        postcode = normalise_postcode(typed)
        if typed and not postcode:
            raise forms.ValidationError("Write a whole postcode, for example AL1 3JQ, or leave it empty.")
        return postcode or ""


def words(label: str, *, rows: int = 3, required: bool = False, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONG, required=required, widget=widget, **kwargs)


def phone_field(**kwargs: Any) -> LineField:
    widget = forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
    return LineField(label="Phone number", max_length=30, required=False, widget=widget, **kwargs)


def day_field(label: str, *, required: bool = True, help_text: str = "") -> TypedDateField:
    """A day typed as everywhere else, mostly one to come."""
    return TypedDateField(
        label=label,
        required=required,
        help_text=f"{help_text} For example 14 3 2027".strip(),
        error_messages={"required": "Write the day."},
    )


class Decision(forms.Form):
    """`seen` is the stage on the page that somebody decides on: what moved meanwhile is not decided unread."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)
