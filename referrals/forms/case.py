"""What a link worker types on a case."""

import datetime as dt
import uuid
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.utils import timezone

from linkworkers.fingerprint import fingerprint
from linkworkers.forms import PastDateField, laid_out, side_by_side
from members.models import Post, Role, User
from referrals.forms.person import LONG, DetailsFields, NHSNumberField, text_area
from referrals.models import Appointment, CareContact, Episode
from referrals.models.episode import CLOSING_OUTCOMES, Complexity, ShareBack

LETTER = 6_000  # characters: three pages


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input-date"})


def time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "input-time"})


def not_past(day: dt.date | None) -> dt.date | None:
    if day and day < timezone.localdate():
        raise forms.ValidationError("This day is over. Choose today or a day to come.")
    return day


def in_london(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment of a London wall clock. An hour that the clocks skip counts from before they change."""
    return timezone.make_aware(dt.datetime.combine(day, time))


class ContactForm(forms.Form):
    """One form of four answers: how, how it went, what happened, and when to be in touch again.

    The day and the minutes are there for whoever writes it down later; today is filled in.
    """

    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label="How?",
        choices=[("", "Choose"), *CareContact.Kind.choices],
        error_messages={"required": "Choose how you were in touch."},
    )
    result = forms.ChoiceField(
        label="How did it go?",
        choices=CareContact.Result.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it went."},
    )
    note = forms.CharField(
        label="What happened?",
        max_length=LONG,
        required=False,
        widget=text_area(5),
        help_text="A line is enough. It may stay empty when nobody answered.",
    )
    follow_up_on = forms.DateField(label="Next follow-up", required=False, widget=date_input())
    follow_up = forms.CharField(
        label="What to do then",
        max_length=200,
        required=False,
    )
    happened_on = forms.DateField(label="Day", required=False, widget=date_input())
    happened_time = forms.TimeField(label="Time", required=False, widget=time_input())
    minutes = forms.IntegerField(
        label="Minutes",
        min_value=1,
        max_value=600,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input-short"}),
    )

    helper = laid_out("kind", "result", "note", side_by_side("follow_up_on", "follow_up"))
    when_helper = laid_out(side_by_side("happened_on", "happened_time", "minutes"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        now = timezone.localtime()
        kwargs["initial"] = {
            "submission_key": uuid.uuid4(),
            "happened_on": now.date(),
            "happened_time": now.time().replace(second=0, microsecond=0),
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean_follow_up_on(self) -> dt.date | None:
        return not_past(self.cleaned_data["follow_up_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        now = timezone.localtime()
        if "happened_on" not in self.errors and "happened_time" not in self.errors:
            day = cleaned.get("happened_on") or now.date()
            happened_at = in_london(
                day, cleaned.get("happened_time") or (now.time() if day == now.date() else dt.time(12))
            )
            if happened_at > now + dt.timedelta(minutes=5):
                self.add_error("happened_on", "This is still to come. Book it as an appointment instead.")
            cleaned["happened_at"] = min(happened_at, now)
        if cleaned.get("result") == CareContact.Result.TOOK_PART and not cleaned.get("note"):
            self.add_error("note", "Write a line about what happened.")
        if cleaned.get("follow_up") and not cleaned.get("follow_up_on") and "follow_up_on" not in self.errors:
            self.add_error("follow_up_on", "Choose the day for it.")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the action takes, of a valid form."""
        names = ("submission_key", "kind", "result", "note", "follow_up_on", "follow_up", "minutes", "happened_at")
        return {name: self.cleaned_data[name] for name in names}

    @staticmethod
    def known_from(appointment: Appointment | None) -> dict[str, Any]:
        """What an appointment tells about the contact that came of it."""
        if appointment is None:
            return {}
        starts_at = timezone.localtime(appointment.starts_at)
        return {
            "kind": appointment.kind,
            "happened_on": starts_at.date(),
            "happened_time": starts_at.time(),
            "minutes": appointment.minutes,
        }


class AnyContactForm(ContactForm):
    """The same, begun from *today*: it asks whom first."""

    case = forms.ModelChoiceField(
        Episode.objects.none(),
        label="Who?",
        empty_label="Choose somebody from your caseload",
        error_messages={"required": "Choose who it was."},
    )
    helper = laid_out("case", "kind", "result", "note", side_by_side("follow_up_on", "follow_up"))
    field_order = ["case"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: forms.ModelChoiceField = self.fields["case"]  # type: ignore[assignment]
        field.queryset = (
            Episode.objects.visible_to(user)
            .on_caseload()
            .held_by(user)
            .select_related("person")
            .order_by("person__given_name", "person__family_name")
        )
        field.label_from_instance = lambda episode: f"{episode.person}, {episode.reference}"  # type: ignore[assignment, method-assign]


class AmendmentForm(forms.Form):
    note = forms.CharField(
        label="What the note should say",
        max_length=LONG,
        widget=text_area(6),
        error_messages={"required": "Type the whole note as it should be."},
    )
    reason = forms.CharField(
        label="What was wrong",
        max_length=300,
        help_text="For example: wrong day; this was about somebody else.",
        error_messages={"required": "Say in a few words what was wrong."},
    )
    helper = laid_out("note", "reason")


class AppointmentForm(forms.Form):
    kind = forms.ChoiceField(
        label="What kind?",
        choices=Appointment.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of appointment it is."},
    )
    day = forms.DateField(label="Day", widget=date_input(), error_messages={"required": "Choose the day."})
    time = forms.TimeField(label="Time", widget=time_input(), error_messages={"required": "Choose the time."})
    minutes = forms.IntegerField(
        label="Minutes",
        min_value=5,
        max_value=480,
        initial=45,
        widget=forms.NumberInput(attrs={"class": "input-short"}),
    )
    place = forms.CharField(
        label="Where", max_length=200, required=False, help_text="For example: The Maltings, room 4."
    )
    note = forms.CharField(label="What is it for?", max_length=LONG, required=False, widget=text_area(2))
    helper = laid_out("kind", side_by_side("day", "time", "minutes"), "place", "note")

    def clean_day(self) -> dt.date | None:
        return not_past(self.cleaned_data["day"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("day") and cleaned.get("time"):
            cleaned["starts_at"] = in_london(cleaned["day"], cleaned["time"])
            if cleaned["starts_at"] < timezone.now() - dt.timedelta(minutes=5):
                self.add_error("time", "This time is over. If you have met already, log a contact instead.")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the action takes, of a valid form."""
        return {name: self.cleaned_data[name] for name in ("kind", "starts_at", "minutes", "place", "note")}


class CancelForm(forms.Form):
    note = forms.CharField(label="Why?", max_length=LONG, required=False, widget=text_area(2))
    helper = laid_out("note")


class FollowUpForm(forms.Form):
    what = forms.CharField(
        label="What to do",
        max_length=200,
        help_text="For example: ring Joan about the bereavement group.",
        error_messages={"required": "Say what there is to do."},
    )
    due_on = forms.DateField(label="When", widget=date_input(), error_messages={"required": "Choose the day."})
    helper = laid_out("what", "due_on")

    def clean_due_on(self) -> dt.date | None:
        return not_past(self.cleaned_data["due_on"])


class SeenForm(forms.Form):
    """A form that remembers what it showed, so that nobody undoes unseen what a colleague has just changed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, known: dict[str, Any], **kwargs: Any) -> None:
        """`known` is what there is to change, as it is now."""
        kwargs["initial"] = {**known, "seen": fingerprint(known)}
        super().__init__(*args, **kwargs)


class PersonForm(SeenForm, DetailsFields):
    """What is known of the person, kept up to date."""

    helper = laid_out(
        "seen",
        "known_as",
        side_by_side("phone", "email"),
        side_by_side("address", "postcode"),
        "contact_ways",
        "safe_contact",
        side_by_side("language", "needs_interpreter"),
        "access_needs",
        "visit_risk",
        Field("risk_details", wrapper_class="only-at-risk"),
    )


class IdentityForm(forms.Form):
    """Who the person is. Wrong once, it would be wrong for every referral to come."""

    given_name = forms.CharField(label="First name", max_length=150)
    family_name = forms.CharField(label="Last name", max_length=150)
    date_of_birth = PastDateField(label="Date of birth")
    nhs_number = NHSNumberField(label="NHS number", required=False)
    helper = laid_out(side_by_side("given_name", "family_name"), "date_of_birth", "nhs_number")


class CaseForm(SeenForm):
    what_matters = forms.CharField(
        label="What matters to them",
        max_length=LONG,
        required=False,
        widget=text_area(4),
        help_text="In their own words.",
    )
    complexity = forms.ChoiceField(
        label="How much does this case ask of you?",
        choices=[("", "Not said yet"), *Complexity.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    helper = laid_out("seen", "what_matters", "complexity")


class ConsentForm(SeenForm):
    share_back = forms.ChoiceField(
        label="What do they agree the practice may be told?",
        choices=ShareBack.choices,
        widget=forms.RadioSelect,
        help_text="It counts from the next message. Letters already sent stay sent.",
        error_messages={"required": "Choose what they agree to."},
    )
    helper = laid_out("seen", "share_back")


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(
        User.objects.none(),
        label="Who takes it on?",
        empty_label="Choose a link worker",
        error_messages={"required": "Choose who takes it on."},
    )
    helper = laid_out("to")

    def __init__(self, *args: Any, episode: Episode, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Post.objects.current().filter(workplace=episode.network_id, role=Role.LINK_WORKER)
        field: forms.ModelChoiceField = self.fields["to"]  # type: ignore[assignment]
        field.queryset = User.objects.filter(pk__in=posts.values("user")).exclude(episodes=episode)


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label="How did it end?",
        choices=[(outcome.value, outcome.label) for outcome in CLOSING_OUTCOMES],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what fits best."},
    )
    note = forms.CharField(
        label="Note for the case",
        max_length=LONG,
        required=False,
        widget=text_area(3),
        help_text="Stays in the case record. The practice does not see it.",
    )
    letter = forms.CharField(
        label="What the practice should know",
        max_length=LETTER,
        required=False,
        widget=text_area(4),
        help_text="Goes into the last letter to the practice.",
    )

    def __init__(self, *args: Any, shares_everything: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not shares_everything:
            del self.fields["letter"]
        self.helper = laid_out("outcome", "note", *(["letter"] if shares_everything else []))


class MessageForm(forms.Form):
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label="What should the practice know?",
        max_length=LETTER,
        widget=text_area(6),
        help_text="It becomes a letter that the practice files in the person's record.",
        error_messages={"required": "Type the message."},
    )
    helper = laid_out("submission_key", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"submission_key": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
