"""What is typed when somebody applies, and what a coordinator types on their way."""

import datetime as dt
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from linkworkers.forms import WHOLE_ADDRESS, PastDateField, Trap, laid_out, side_by_side
from members.models import Region, Workplace
from volunteers.forms.journey_fields import (
    AvailabilityField,
    Decision,
    LineField,
    PostcodeField,
    day_field,
    phone_field,
    words,
)
from volunteers.models import JOINING, Stage, Volunteer, VolunteerRole

ADULT = 18  # years
ANSWERS = (
    *("name", "email", "phone", "postcode", "date_of_birth", "motivation", "hopes", "skills"),
    *("availability", "heard_from", "agreed_to_six_months"),
)


def grown_up_on(born: dt.date) -> dt.date:
    """The day of somebody's eighteenth birthday; of whoever was born on 29 February, the day after it would be."""
    try:
        return born.replace(year=born.year + ADULT)
    except ValueError:
        return dt.date(born.year + ADULT, 3, 1)


class PlaceForm(forms.Form):
    """Where somebody looks for a place. Whatever is not understood narrows nothing."""

    q = forms.CharField(required=False, max_length=100)
    region = forms.ChoiceField(choices=[("", "Anywhere"), *Region.choices], required=False, label="Region")

    def __init__(self, data: Any) -> None:
        super().__init__({name: data.get(name, "").replace("\x00", "").strip()[:100] for name in self.base_fields})
        self.is_valid()

    @property
    def words(self) -> str:
        return self.cleaned_data.get("q", "")

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.cleaned_data.get("region"))


class ApplicationForm(forms.Form):
    name = LineField(
        label="Your full name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Write your name."},
    )
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="You get a link to your own page there.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Write your e-mail address.", "invalid": WHOLE_ADDRESS},
    )
    phone = phone_field()
    postcode = PostcodeField(label="Your postcode", required=False, help_text="Shows how far it is for you.")
    date_of_birth = PastDateField(
        label="Your date of birth",
        help_text="You have to be 18. For example 4 5 1971",
        error_messages={
            "required": "Write your date of birth.",
            "invalid": "Type the day, the month and the year in full, for example 4 5 1971.",
        },
    )
    roles = forms.ModelMultipleChoiceField(
        VolunteerRole.objects.none(),
        label="What would you like to do?",
        required=False,
        help_text="You can decide later, when you have talked to the coordinator.",
        widget=forms.CheckboxSelectMultiple,
    )
    motivation = words(
        "Why would you like to volunteer?",
        rows=4,
        required=True,
        help_text="A few sentences are enough.",
        error_messages={"required": "Write a few words on why you would like to volunteer."},
    )
    hopes = words("What do you hope to get out of it yourself?")
    skills = words("What do you bring along?", help_text="Languages, work, things you have been through, a good ear.")
    availability = AvailabilityField()
    agreed_to_six_months = forms.BooleanField(
        label="I can give at least six months",
        error_messages={
            "required": "Training takes a while, and people get used to you: please tick that you can give six months."
        },
    )
    heard_from = LineField(label="How did you hear of it?", max_length=200, required=False)
    website = Trap()

    def __init__(self, *args: Any, workplace: Workplace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = VolunteerRole.objects.at(workplace).filter(is_active=True)
        self.fields["roles"].queryset = roles  # type: ignore[attr-defined]
        for number in (1, 2):
            self.fields[f"referee_{number}_name"] = LineField(
                label="Their name", max_length=150, required=False, widget=_off()
            )
            self.fields[f"referee_{number}_email"] = forms.EmailField(
                label="Their e-mail address", required=False, widget=_off(), error_messages={"invalid": WHOLE_ADDRESS}
            )
            self.fields[f"referee_{number}_relation"] = LineField(
                label="How do they know you?", max_length=150, required=False, widget=_off()
            )
        referees = [
            Fieldset(
                f"{'First' if number == 1 else 'Second'} person who knows you (you can name them later)",
                side_by_side(f"referee_{number}_name", f"referee_{number}_email"),
                f"referee_{number}_relation",
            )
            for number in (1, 2)
        ]
        self.helper = laid_out(
            Fieldset("You", "name", side_by_side("email", "phone"), side_by_side("date_of_birth", "postcode")),
            Fieldset("What brings you here", "roles", "motivation", "hopes", "skills"),
            Fieldset("Your time", "availability", "agreed_to_six_months"),
            *referees,
            Fieldset("One more thing", "heard_from"),
        )

    def clean_date_of_birth(self) -> dt.date:
        born = self.cleaned_data["date_of_birth"]
        if grown_up_on(born) > timezone.localdate():
            raise forms.ValidationError(
                "Thank you for wanting to help. Volunteers here have to be 18, because of the people they meet. You can"
                f" apply from {date_format(grown_up_on(born))}, and we would love to hear from you then."
            )
        return born

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        addresses = [cleaned.get("email", "").lower()]
        for number in (1, 2):
            name, email = cleaned.get(f"referee_{number}_name"), (cleaned.get(f"referee_{number}_email") or "").lower()
            if name and not email and f"referee_{number}_email" not in self.errors:
                self.add_error(f"referee_{number}_email", f"Write the e-mail address of {name}, or leave both empty.")
            if email and not name:
                self.add_error(f"referee_{number}_name", "Write their name, or leave both empty.")
            if email and email in addresses:
                self.add_error(f"referee_{number}_email", "Name somebody else than yourself, and two different people.")
            addresses.append(email)
        return cleaned

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))

    @property
    def answers(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ANSWERS}

    @property
    def referees(self) -> list[dict[str, str]]:
        parts = ("name", "email", "relation")
        found = [{part: self.cleaned_data[f"referee_{number}_{part}"] for part in parts} for number in (1, 2)]
        return [{**each, "email": each["email"].lower()} for each in found if each["email"]]


def _off() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off"})


class CorrectForm(forms.Form):
    """What an applicant puts right by their link."""

    phone = phone_field()
    availability = AvailabilityField()
    helper = laid_out("phone", "availability")


class InterviewForm(Decision):
    day = day_field("Day")
    time = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input-time"}),
        error_messages={"required": "Choose the time.", "invalid": "Write a time, for example 14:30."},
    )
    place = LineField(
        label="Where",
        max_length=200,
        help_text="The room, or “by telephone”.",
        error_messages={"required": "Write where you meet, or “by telephone”."},
    )
    note = words("A few words for them", help_text="They get this in the mail.")
    helper = laid_out("seen", side_by_side("day", "time"), "place", "note")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("day") and cleaned.get("time"):
            try:
                cleaned["at"] = timezone.make_aware(dt.datetime.combine(cleaned["day"], cleaned["time"]))
            except OverflowError:
                cleaned["at"] = None
            if cleaned["at"] is None or cleaned["at"] <= timezone.now():
                self.add_error("day", "This time has gone by. Choose a later one.")
            elif cleaned["day"] > timezone.localdate() + dt.timedelta(days=366):
                self.add_error("day", "This is more than a year away. Check the year.")
        return cleaned


class StageForm(Decision):
    to = forms.ChoiceField(
        label="Which stage are they at?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a stage.", "invalid_choice": "Choose one of the stages here."},
    )
    note = forms.CharField(
        label="Note",
        max_length=500,
        required=False,
        help_text="Only coordinators read it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    helper = laid_out("seen", "to", "note")

    def __init__(self, *args: Any, volunteer: Volunteer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [stage for stage in JOINING if volunteer.can_move_to(stage)]
        self.fields["to"].choices = [(stage.value, stage.label) for stage in steps]  # type: ignore[attr-defined]


class NotedForm(Decision):
    """A decision with a note beside it."""

    note = forms.CharField(
        label="Note",
        max_length=500,
        required=False,
        help_text="Only coordinators read it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    helper = laid_out("seen", "note")


class DeclineForm(NotedForm):
    words = words("A few kind words for them", help_text="They get this in the mail, in a letter that thanks them.")
    helper = laid_out("seen", "words", "note")


class NoteForm(forms.Form):
    text = forms.CharField(
        label="Add a note",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write something first."},
    )
    helper = laid_out("text")


class DetailsForm(forms.ModelForm):
    """How somebody is reached, and what they do."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={"required": "Write their e-mail address.", "invalid": WHOLE_ADDRESS},
    )
    phone = phone_field()
    postcode = PostcodeField(label="Postcode", required=False)
    roles = forms.ModelMultipleChoiceField(
        VolunteerRole.objects.none(), label="Roles", required=False, widget=forms.CheckboxSelectMultiple
    )
    availability = AvailabilityField(required=False, label="When they are usually free")

    class Meta:
        model = Volunteer
        fields = ["name", "called", "email", "phone", "postcode", "emergency_contact", "availability"]
        error_messages = {"name": {"required": "Write their name."}}

    helper = laid_out(
        side_by_side("name", "called"),
        side_by_side("email", "phone"),
        side_by_side("postcode", "emergency_contact"),
        "roles",
        "availability",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["roles"]
        held = VolunteerRole.objects.filter(volunteers=self.instance)
        field.queryset = (VolunteerRole.objects.at(self.instance.workplace).filter(is_active=True) | held).distinct()
        field.initial = list(held)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def _post_clean(self) -> None:
        """The action decides what is saved; nothing of the model is set here."""

    @property
    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.base_fields if name != "roles"}


class SearchForm(forms.Form):
    """What the list of volunteers is narrowed to. Whatever is not understood narrows nothing."""

    q = forms.CharField(required=False, max_length=100)
    stage = forms.ChoiceField(required=False, choices=[("", ""), *Stage.choices])
    role = forms.ModelChoiceField(VolunteerRole.objects.none(), required=False, label="Role", empty_label="Any role")
    place = forms.ModelChoiceField(Workplace.objects.none(), required=False, label="Where", empty_label="Everywhere")
    ending = forms.BooleanField(required=False, label="A check ends within 60 days, or is missing")

    def __init__(self, data: Any, *, roles: Any, places: Any) -> None:
        super().__init__({name: data.get(name, "").replace("\x00", "").strip()[:100] for name in self.base_fields})
        self.fields["role"].queryset = roles  # type: ignore[attr-defined]
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        self.is_valid()

    def get(self, name: str) -> Any:
        return self.cleaned_data.get(name)
