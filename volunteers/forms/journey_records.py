"""What is typed about checks, by referees, by volunteers about themselves, and about roles and requirements."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from linkworkers.forms import WHOLE_ADDRESS, PastDateField, laid_out, side_by_side
from volunteers.clearance import counts_until
from volunteers.forms.journey_fields import (
    AvailabilityField,
    Decision,
    LineField,
    day_field,
    phone_field,
    words,
)
from volunteers.models import CheckKind, ExitAnswer, Requirement, Volunteer, VolunteerReference, VolunteerRole

YES_NO = [("yes", "Yes"), ("no", "No")]


def yes_no(label: str, required: str, **kwargs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": required},
        **kwargs,
    )


class CheckForm(forms.Form):
    """An outcome and its date. There is no room for anything that a certificate says."""

    passed = forms.TypedChoiceField(
        label="What is the outcome?",
        choices=[("yes", "In order"), ("no", "Not in order")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the outcome."},
    )
    done_on = PastDateField(
        label="On which day was it done?",
        help_text="The date on the certificate, or of the training. For example 4 5 2026",
        error_messages={
            "required": "Write the day.",
            "invalid": "Type the day, the month and the year in full, for example 4 5 2026.",
        },
    )
    ends_on = day_field("Ends earlier than usual, on", required=False)
    helper = laid_out("passed", "done_on", "ends_on")

    def __init__(self, *args: Any, requirement: Requirement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requirement = requirement
        months = requirement.valid_months
        usual = f"It counts for {months} months." if months else "It counts for good."
        self.fields["ends_on"].help_text = f"{usual} Leave this empty unless it ends before that. For example 4 5 2027"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        done_on, ends_on = cleaned.get("done_on"), cleaned.get("ends_on")
        if not ends_on or not done_on:
            return cleaned
        if cleaned.get("passed") is False:
            cleaned["ends_on"] = None
            return cleaned
        latest = counts_until(self.requirement, done_on)
        if ends_on < done_on:
            self.add_error("ends_on", "This is before the day on which it was done.")
        elif latest and ends_on > latest:
            self.add_error("ends_on", f"It counts until {date_format(latest)} at most. Leave this empty for that day.")
        return cleaned


class RefereeForm(forms.Form):
    name = LineField(label="Their name", max_length=150, error_messages={"required": "Write their name."})
    email = forms.EmailField(
        label="Their e-mail address",
        max_length=254,
        error_messages={"required": "Write their e-mail address.", "invalid": WHOLE_ADDRESS},
    )
    relation = LineField(label="How do they know each other?", max_length=150, required=False)
    helper = laid_out(side_by_side("name", "email"), "relation")


class ReferenceForm(forms.Form):
    """What a referee says."""

    known_for = forms.ChoiceField(
        label="How long have you known them?",
        choices=VolunteerReference.KnownFor.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how long you have known them."},
    )
    how_known = words("How do you know them?", required=True, error_messages={"required": "Write how you know them."})
    strengths = words("What are they good at?", help_text="With people, above all.")
    has_concerns = yes_no(
        "Do you have any concern about them being with people who may be vulnerable?",
        "Choose yes or no. If you are unsure, choose yes and say what you think of.",
    )
    concerns = words("If yes: what is it?", help_text="Only the volunteer coordinators read this.")
    would_recommend = yes_no("Would you recommend them?", "Choose yes or no.")
    helper = laid_out("known_for", "how_known", "strengths", "has_concerns", "concerns", "would_recommend")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("has_concerns") and not cleaned.get("concerns") and "concerns" not in self.errors:
            self.add_error("concerns", "Write in a sentence or two what the concern is.")
        return cleaned


class OwnForm(forms.ModelForm):
    """What a volunteer says about themselves."""

    phone = phone_field()
    availability = AvailabilityField(required=False)

    class Meta:
        model = Volunteer
        fields = ["called", "phone", "emergency_contact", "has_bus_pass", "availability"]
        labels = {"called": "What should people call you?", "has_bus_pass": "I have a free bus pass"}
        help_texts = {"emergency_contact": "A name and a number. Only your coordinators see it."}

    helper = laid_out(side_by_side("called", "phone"), "emergency_contact", "availability", "has_bus_pass")

    def _post_clean(self) -> None:
        """The action decides what is saved; nothing of the model is set here."""


class AbsenceForm(forms.Form):
    first_day = day_field("First day away")
    last_day = day_field("Last day away")
    helper = laid_out(side_by_side("first_day", "last_day"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        today = timezone.localdate()
        if last and last < today:
            self.add_error("last_day", "These days have gone by. Choose days to come.")
        elif first and last and last < first:
            self.add_error("last_day", "The last day is before the first.")
        elif last and last > today + dt.timedelta(days=730):
            self.add_error("last_day", "This is more than two years away. Check the year.")
        return cleaned


class PauseForm(Decision):
    until = day_field("Until the end of", required=False, help_text="Leave it empty if it is not clear yet.")
    note = forms.CharField(
        label="A word to the coordinator", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    helper = laid_out("seen", "until", "note")

    def clean_until(self) -> dt.date | None:
        until = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise forms.ValidationError("This day has gone by. Choose today or a later day, or leave it empty.")
        if until and until > timezone.localdate() + dt.timedelta(days=366):
            raise forms.ValidationError("This is more than a year away. Leave it empty, and come back when you can.")
        return until


class LeaveForm(Decision):
    """Questions on the way out. Nobody has to answer."""

    why = words("What makes you leave?")
    best = words("What was best?")
    change = words("What should we change?")
    would_return = forms.ChoiceField(
        label="Would you come back one day?",
        choices=ExitAnswer.Again.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    helper = laid_out("seen", "why", "best", "change", "would_return")

    @property
    def answers(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("why", "best", "change", "would_return")}


class RoleForm(forms.ModelForm):
    skills = forms.CharField(
        label="What helps in it",
        required=False,
        max_length=400,
        help_text="With commas between: Listening, Patience",
    )

    class Meta:
        model = VolunteerRole
        fields = ["name", "summary", "skills", "meets_people", "needs"]
        labels = {"summary": "What it is", "needs": "What has to be in order before somebody is rostered"}
        widgets = {"summary": forms.Textarea(attrs={"rows": 3}), "needs": forms.CheckboxSelectMultiple}
        error_messages = {
            "name": {"required": "Write what the role is called."},
            "summary": {"required": "Write in a sentence what somebody does in it."},
        }

    helper = laid_out("name", "summary", "skills", "meets_people", "needs")

    def __init__(self, *args: Any, needs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["needs"]
        field.queryset = needs
        field.required = False
        if self.instance.pk:
            self.initial["skills"] = ", ".join(self.instance.skills)

    def clean_skills(self) -> list[str]:
        skills = [" ".join(each.split()) for each in self.cleaned_data["skills"].split(",")]
        if any(len(each) > 60 for each in skills):
            raise forms.ValidationError("One of these is longer than 60 letters. Put a comma between two.")
        return [each for each in skills if each]

    def _post_clean(self) -> None:
        """The action decides what is saved; nothing of the model is set here."""

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "summary", "skills", "meets_people")}


class RequirementForm(forms.ModelForm):
    class Meta:
        model = Requirement
        fields = ["kind", "name", "about", "valid_months", "course"]
        labels = {"about": "What it is for", "course": "Whoever passes this course has it"}
        help_texts = {"valid_months": "Leave it empty if it counts for good."}
        widgets = {"kind": forms.RadioSelect, "about": forms.Textarea(attrs={"rows": 2})}
        error_messages = {
            "kind": {"required": "Choose what kind of thing it is."},
            "name": {"required": "Write what it is called."},
            "valid_months": {"invalid": "Write a number of months, for example 12."},
        }

    helper = laid_out("kind", "name", "about", "valid_months", "course")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = CheckKind.choices
        course: Any = self.fields["course"]
        course.queryset = course.queryset.filter(is_published=True)
        course.empty_label = "No course"

    def clean_valid_months(self) -> int | None:
        months = self.cleaned_data["valid_months"]
        if months and months > 240:
            raise forms.ValidationError("Twenty years, 240 months, are the most. Leave it empty if it counts for good.")
        return months

    def _post_clean(self) -> None:
        """The action decides what is saved; nothing of the model is set here."""

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "name", "about", "valid_months", "course")}
