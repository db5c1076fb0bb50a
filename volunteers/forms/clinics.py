"""What a clinic and a room are described by."""

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from crispy_forms.layout import HTML
from django import forms
from django.db.models import Q
from django.forms import BoundField
from django.utils import timezone

from linkworkers.forms import TypedDateField, laid_out, side_by_side
from members.models import Post, Role, User, Workplace
from volunteers.models import Clinic, ClinicTime, Room, VolunteerRole
from volunteers.pattern import Half

Choice = forms.ModelChoiceField
LONGEST = dt.timedelta(hours=8)
FACTS = (
    *("name", "role", "room", "link_worker", "starts_on", "ends_on", "every_weeks", "on_bank_holidays"),
    *("slot_minutes", "at_once", "places", "at_least", "swaps_need_approval", "need_to_know"),
)


def time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


def current_link_workers(practice: Workplace) -> Any:
    """Those who work for a practice's network today."""
    posts = Post.objects.current().filter(workplace=practice.parent_id, role=Role.LINK_WORKER)
    return User.objects.filter(pk__in=posts.values("user"))


def _check_as_model(form: forms.ModelForm, check: Callable[[], None]) -> None:
    """What the model itself refuses. The form's row stays as it was: an action writes what was typed."""
    row, form.instance = form.instance, copy.copy(form.instance)
    check()
    form.instance = row


class ClinicForm(forms.ModelForm):
    """A clinic of a practice, with a row of times for each day of the week. Actions take its `facts` and `week`."""

    starts_on = TypedDateField(
        label="First day",
        initial=timezone.localdate,
        help_text="What happens every two or more weeks is counted from this week.",
        error_messages={"required": "Say on which day it begins."},
    )
    ends_on = TypedDateField(label="Last day", required=False, help_text="Empty for as long as it goes well.")

    class Meta:
        model = Clinic
        fields = FACTS
        labels = {
            "name": "What is it called?",
            "role": "What do volunteers do here?",
            "room": "Room",
            "link_worker": "Link worker who stands behind it",
            "every_weeks": "Every so many weeks",
            "on_bank_holidays": "It takes place on bank holidays too",
            "slot_minutes": "Minutes for each person",
            "at_once": "People seen at the same time",
            "places": "Places for volunteers",
            "at_least": "Volunteers it needs at least",
            "swaps_need_approval": "I approve swaps between volunteers before they count",
            "need_to_know": "What volunteers need to know",
        }
        help_texts = {
            "name": "As people say it: Tuesday clinic.",
            "link_worker": "Whoever is booked here is in their hands.",
            "every_weeks": "1 is every week.",
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "need_to_know": forms.Textarea(attrs={"rows": 4}),
            **{
                name: forms.NumberInput(attrs={"inputmode": "numeric"})
                for name in ("every_weeks", "slot_minutes", "at_once", "places", "at_least")
            },
        }
        error_messages = {
            "name": {"required": "Write what it is called."},
            "role": {"required": "Choose what volunteers do here."},
        }

    def __init__(self, *args: Any, practice: Workplace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice = practice
        clinic = self.instance
        role, room, worker = (cast(Choice, self.fields[name]) for name in ("role", "room", "link_worker"))
        role.queryset = VolunteerRole.objects.at(practice).filter(Q(is_active=True) | Q(pk=clinic.role_id))
        room.queryset = practice.rooms.filter(Q(is_active=True) | Q(pk=clinic.room_id))
        worker.queryset = current_link_workers(practice)
        role.empty_label, room.empty_label, worker.empty_label = "Choose", "No room yet", "Nobody yet"
        for field in (role, room, worker):
            field.error_messages["invalid_choice"] = "Choose one of the list."
        times = {time.weekday: time for time in clinic.times.all()} if clinic.pk else {}
        for weekday, label in ClinicTime.Weekday.choices:
            for end, says in (("starts", "from"), ("ends", "until")):
                self.fields[f"{end}_{weekday}"] = forms.TimeField(
                    label=f"{label}, {says}",
                    required=False,
                    widget=time_input(),
                    initial=getattr(times.get(weekday), end, None),
                    error_messages={"invalid": "Write it as 09:00."},
                )

    @property
    def helper(self) -> Any:
        return laid_out(
            "name",
            "role",
            HTML('{% include "volunteers/clinics/_week.html" %}'),
            "every_weeks",
            side_by_side("starts_on", "ends_on"),
            "on_bank_holidays",
            "room",
            "link_worker",
            side_by_side("places", "at_least"),
            side_by_side("slot_minutes", "at_once"),
            "swaps_need_approval",
            "need_to_know",
        )

    @property
    def days(self) -> list[tuple[str, BoundField, BoundField]]:
        """The rows of the week: the day, from, until."""
        return [(label, self[f"starts_{day}"], self[f"ends_{day}"]) for day, label in ClinicTime.Weekday.choices]

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes, of a valid form."""
        return {name: self.cleaned_data[name] for name in FACTS}

    @property
    def week(self) -> dict[int, Half]:
        data = self.cleaned_data
        return {day: (data[f"starts_{day}"], data[f"ends_{day}"]) for day in range(7) if data[f"starts_{day}"]}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.practice.clinics.filter(name=name).exclude(pk=self.instance.pk or 0).exists():
            raise forms.ValidationError(f"{self.practice} has a clinic of that name. Call it something else.")
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        minutes = data.get("slot_minutes")
        for day in range(7):
            starts, ends = data.get(f"starts_{day}"), data.get(f"ends_{day}")
            if f"starts_{day}" in self.errors or f"ends_{day}" in self.errors:
                continue
            if (starts is None) != (ends is None):
                self.add_error(f"{'starts' if starts is None else 'ends'}_{day}", "Fill in both, or neither.")
            elif starts and ends:
                length = dt.datetime.combine(dt.date.min, ends) - dt.datetime.combine(dt.date.min, starts)
                if length <= dt.timedelta():
                    self.add_error(f"ends_{day}", "It has to end after it begins.")
                elif length > LONGEST:
                    self.add_error(f"ends_{day}", "Eight hours are the most. Make two clinics of it.")
                elif minutes and length < dt.timedelta(minutes=minutes):
                    self.add_error(f"ends_{day}", f"A person’s {minutes} minutes do not fit.")
        if not self.errors and not self.week:
            self.add_error("starts_0", "Fill in the times of at least one day.")
        if data.get("places") and data.get("at_least") and data["at_least"] > data["places"]:
            self.add_error("at_least", "It cannot need more volunteers than it has places.")
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "The last day is before the first.")
        return data

    def _post_clean(self) -> None:
        _check_as_model(self, super()._post_clean)  # type: ignore[misc]


class EndForm(forms.Form):
    """The last day of a clinic."""

    ends_on = TypedDateField(
        label="Last day",
        help_text="Sessions up to this day take place. For example 4 5 2027",
        error_messages={"required": "Say which day is the last."},
    )

    helper = laid_out("ends_on")

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic

    def clean_ends_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["ends_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("This day is over. Today is the earliest.")
        if day < self.clinic.starts_on:
            raise forms.ValidationError(f"It begins on {self.clinic.starts_on:%-d %B %Y}. Choose that day or later.")
        return day


class RoomForm(forms.ModelForm):
    class Meta:
        model = Room
        fields = ["name", "directions", "is_active"]
        labels = {"name": "Name", "directions": "How people find it", "is_active": "It can be used"}
        error_messages = {"name": {"required": "Write what the room is called."}}

    helper = laid_out("name", "directions", "is_active")

    def __init__(self, *args: Any, practice: Workplace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice = practice

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.practice.rooms.filter(name=name).exclude(pk=self.instance.pk or 0).exists():
            raise forms.ValidationError(f"{self.practice} has a room of that name. Call it something else.")
        return name

    def _post_clean(self) -> None:
        _check_as_model(self, super()._post_clean)  # type: ignore[misc]


class AnswersForm(forms.Form):
    """What is to happen with each kind of session that a change is about. `stamp` is what was looked at."""

    stamp = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, asked: list[tuple[str, str, str, list[tuple[str, str]]]], **kwargs: Any) -> None:
        """`asked` has the name of each question, its label, its hint and its answers."""
        super().__init__(*args, **kwargs)
        for name, label, hint, choices in asked:
            self.fields[name] = forms.ChoiceField(
                label=label,
                help_text=hint,
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={"required": "Choose what is to happen with them."},
            )

    @property
    def helper(self) -> Any:
        return laid_out(*self.fields)

    @property
    def deeds(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "stamp"}
