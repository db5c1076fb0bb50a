"""What is typed when a training is offered, changed, called off, and looked at afterwards."""

import datetime as dt
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from linkworkers.forms import TypedDateField, laid_out, side_by_side
from members.models import Course, Role, User, Workplace
from members.models.course import MOST_HOURS, check_quarters
from members.models.learning import MOST_POINTS
from volunteers.models import TAUGHT, Requirement, Training, Volunteer

CLOCK = "Write a time of day, for example 14:30."


def time_field(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"required": CLOCK, "invalid": CLOCK},
    )


def quarters(label: str, most: Any, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=most,
        decimal_places=2,
        validators=[check_quarters],
        help_text=help_text,
        widget=forms.NumberInput(attrs={"step": "0.25", "inputmode": "decimal"}),
        error_messages={"required": "Write a number; 0 when it counts for none."},
    )


class TrainingForm(forms.ModelForm):
    """A training, new or as it is. Its workplace is chosen once: people there have places in it."""

    on = TypedDateField(
        label="Day",
        help_text="For example 14 3 2027",
        error_messages={"required": "Write the day."},
    )
    starts = time_field("From")
    ends = time_field("Until")
    online_link = forms.URLField(
        label="Link for joining online",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="Shown to those who have a place.",
        error_messages={"invalid": "Paste the whole link. It begins with https://"},
    )
    capacity = forms.IntegerField(
        label="How many can come",
        min_value=1,
        max_value=500,
        initial=12,
        error_messages={
            "required": "Say how many can come.",
            "min_value": "At least one has to be able to come.",
            "max_value": "500 at most.",
        },
    )
    points = quarters("Points in their learning record", MOST_POINTS, "In quarters. An hour is usually one point.")
    formal_hours = quarters("Formal hours", MOST_HOURS)

    class Meta:
        model = Training
        fields = [
            "workplace",
            "title",
            "about",
            "place",
            "online_link",
            "capacity",
            "requirement",
            "course",
            "points",
            "formal_hours",
        ]
        labels = {
            "workplace": "Whom it is for",
            "place": "Where",
            "requirement": "Who comes then has",
            "course": "Course to read beforehand",
        }
        help_texts = {
            "workplace": "A network’s is for the volunteers of all its practices.",
            "about": "What people learn, what to bring, how to find the room.",
            "place": "Leave it empty when it is only online.",
            "requirement": "What a role asks for. It is written down for everybody who came.",
        }
        error_messages = {
            "workplace": {"required": "Choose whose volunteers it is for."},
            "title": {"required": "Give it a name."},
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        training = self.instance if self.instance.pk else None
        self.user = user
        courses = Q(is_published=True)
        if training and training.course_id:
            courses |= Q(pk=training.course_id)
        own = user.workplace_ids(Role.COORDINATOR)
        places = Workplace.objects.filter(Q(pk__in=own) | Q(parent__in=own)).order_by("parent__name", "name", "pk")
        self._choose("requirement", self._requirements(training), empty="Nothing that a role asks for")
        self._choose("course", Course.objects.filter(courses), empty="None")
        self._choose("workplace", places, empty="Choose")
        self.fields["workplace"].initial = own[0] if own else None
        if training:
            del self.fields["workplace"]
            starts, ends = timezone.localtime(training.starts_at), timezone.localtime(training.ends_at)
            self.initial.update(on=starts.date(), starts=starts.time(), ends=ends.time())

    def _choose(self, name: str, queryset: QuerySet[Any], *, empty: str) -> None:
        field = cast(forms.ModelChoiceField, self.fields[name])
        field.queryset, field.empty_label = queryset, empty

    def _requirements(self, training: Training | None) -> QuerySet[Requirement]:
        usable: QuerySet[Requirement] = Requirement.objects.usable_by(self.user).filter(kind__in=TAUGHT)
        if training and training.requirement_id:
            usable |= Requirement.objects.filter(pk=training.requirement_id)
        return usable

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("place") and not cleaned.get("online_link") and "online_link" not in self.errors:
            self.add_error("place", "Say where it is, or paste a link for joining online.")
        on, starts, ends = (cleaned.get(name) for name in ("on", "starts", "ends"))
        if on and starts and ends:
            zone = timezone.get_default_timezone()
            cleaned["starts_at"] = dt.datetime.combine(on, starts, tzinfo=zone)
            cleaned["ends_at"] = dt.datetime.combine(on, ends, tzinfo=zone)
            if ends <= starts:
                self.add_error("ends", "It ends before it begins. Check both times.")
            elif cleaned["ends_at"] - cleaned["starts_at"] > dt.timedelta(hours=14):
                self.add_error("ends", "That is longer than a day of training. Offer each day by itself.")
            elif cleaned["starts_at"] <= timezone.now():
                self.add_error("on", "This is over. Choose a time to come.")
            elif on > timezone.localdate() + dt.timedelta(days=2 * 366):
                self.add_error("on", "This is more than two years ahead. Check the year.")
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """What an action is given."""
        return {key: value for key, value in self.cleaned_data.items() if key not in ("on", "starts", "ends")}

    def _post_clean(self) -> None:
        """The form checks what was typed and leaves the row to the action: nothing is put into the instance."""

    @property
    def helper(self) -> FormHelper:
        first = ["workplace"] if "workplace" in self.fields else []
        return laid_out(
            *first,
            "title",
            "about",
            "on",
            side_by_side("starts", "ends"),
            "place",
            "online_link",
            "capacity",
            "requirement",
            side_by_side("points", "formal_hours"),
            "course",
        )


class CancelTrainingForm(forms.Form):
    reason = forms.CharField(
        label="What do you tell those who wanted to come?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands in the mail that they get.",
        error_messages={"required": "Write a sentence: they had kept the time free."},
    )

    helper = laid_out("reason")


class PutDownForm(forms.Form):
    """A volunteer whom the coordinator signs up."""

    volunteer = forms.ModelChoiceField(
        label="Volunteer",
        queryset=Volunteer.objects.none(),
        empty_label="Choose",
        error_messages={"required": "Choose a volunteer.", "invalid_choice": "Choose somebody from the list."},
    )

    def __init__(self, *args: Any, volunteers: QuerySet[Volunteer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["volunteer"]).queryset = volunteers

    helper = laid_out("volunteer")


class AttendanceForm(forms.Form):
    """Who came: the ids of places. Ids that are not on the list of this training are refused."""

    def __init__(self, *args: Any, places: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = set(places)

    def clean(self) -> dict[str, Any]:
        typed = self.data.getlist("came") if hasattr(self.data, "getlist") else []
        ids = {int(each) for each in typed if each.isascii() and each.isdecimal()}
        if len(ids) != len(set(typed)) or not ids <= self.places:
            raise ValidationError("The list has changed meanwhile. Look at it again, then save it.")
        return {"came": ids}
