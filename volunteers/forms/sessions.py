"""What is typed about one session."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from linkworkers.forms import TypedDateField, laid_out, side_by_side
from volunteers.forms.clinics import time_input
from volunteers.models import Clinic, ClinicSession, Room
from volunteers.pattern import in_utc


class WhenForm(forms.Form):
    """A day, from when until when, and in which room of the practice."""

    day = TypedDateField(label="Day", error_messages={"required": "Say on which day."})
    starts = forms.TimeField(
        label="From",
        widget=time_input(),
        error_messages={"required": "Say when it begins.", "invalid": "Write it as 09:00."},
    )
    ends = forms.TimeField(
        label="Until",
        widget=time_input(),
        error_messages={"required": "Say when it ends.", "invalid": "Write it as 12:00."},
    )
    room = forms.ModelChoiceField(
        queryset=Room.objects.none(),
        label="Room",
        required=False,
        empty_label="No room yet",
        error_messages={"invalid_choice": "Choose one of the list."},
    )

    layout: tuple[Any, ...] = ("day", side_by_side("starts", "ends"), "room")

    def __init__(self, *args: Any, clinic: Clinic, session: ClinicSession | None = None, **kwargs: Any) -> None:
        if session:
            begins, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
            known = {"day": begins.date(), "starts": begins.time(), "ends": ends.time(), "room": session.room_id}
            kwargs["initial"] = known
        super().__init__(*args, **kwargs)
        room = self.fields["room"]
        assert isinstance(room, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        room.queryset = clinic.practice.rooms.filter(is_active=True)

    @property
    def helper(self) -> Any:
        return laid_out(*self.layout)

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError("This day is over.")
        if day > timezone.localdate() + dt.timedelta(days=730):
            raise forms.ValidationError("Two years from now is the latest. Check the year.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        day, starts, ends = (data.get(name) for name in ("day", "starts", "ends"))
        if starts and ends and starts >= ends:
            self.add_error("ends", "It has to end after it begins.")
        elif day and starts and ends:
            data["starts_at"], data["ends_at"] = in_utc(day, starts, ends)
            if data["starts_at"] <= timezone.now():
                self.add_error("starts", "This time is over.")
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes, of a valid form."""
        return {name: self.cleaned_data[name] for name in ("starts_at", "ends_at", "room")}


def note_field() -> forms.CharField:
    return forms.CharField(
        label="Note for the volunteers of that day",
        required=False,
        max_length=300,
        help_text="They read it on the session’s page. Nothing about the people who are booked.",
    )


class ExtraForm(WhenForm):
    """A session outside the pattern."""

    places = forms.IntegerField(label="Places for volunteers", min_value=1, max_value=20)
    note = note_field()

    layout = (*WhenForm.layout, "places", "note")

    @property
    def facts(self) -> dict[str, Any]:
        return {**super().facts, "places": self.cleaned_data["places"], "note": self.cleaned_data["note"]}


class SessionForm(forms.Form):
    places = forms.IntegerField(label="Places for volunteers", min_value=1, max_value=20)
    at_least = forms.IntegerField(label="Volunteers it needs at least", min_value=1, max_value=20)
    note = note_field()

    helper = laid_out(side_by_side("places", "at_least"), "note")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("places") and data.get("at_least") and data["at_least"] > data["places"]:
            self.add_error("at_least", "It cannot need more volunteers than it has places.")
        return data


class CancelSessionForm(forms.Form):
    reason = forms.CharField(
        label="Why is it cancelled?",
        max_length=200,
        help_text="Volunteers and the practice read it on the session’s page. Nothing about the people who are booked.",
        error_messages={"required": "Write why it is cancelled."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    helper = laid_out("reason")
