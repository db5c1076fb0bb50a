"""What is typed about hours, letters of thanks, the photo board and the health check."""

import datetime as dt
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from linkworkers.forms import PastDateField, TypedDateField, laid_out, side_by_side
from linkworkers.pictures import clean_picture
from linkworkers.uploads import IMAGES, Upload, UploadField
from volunteers.models import ExtraHours, HealthAnswer, Volunteer
from volunteers.models.thanks import MOST_HOURS

QUARTER = Decimal("0.25")
LONGEST_SIDE = 1200  # pixels
LONGEST_LETTER = 4000  # characters
NOBODY_NAMED = "Nothing about anybody who came to the clinic, please."


class HoursForm(forms.Form):
    """Time beside one's shifts."""

    on = PastDateField(label="When?", error_messages={"required": "Write the day."})
    hours = forms.DecimalField(
        label="How many hours?",
        help_text="In quarters, as in 1.5.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input-postcode"}),
        error_messages={"required": "Write how many hours it took.", "invalid": "Write a number, as in 1.5."},
    )
    kind = forms.ChoiceField(
        label="What kind?",
        choices=ExtraHours.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of time it was."},
    )
    what = forms.CharField(
        label="What was it?",
        max_length=120,
        help_text=f"As in: Safeguarding refresher. {NOBODY_NAMED}",
        error_messages={"required": "Write in a few words what it was."},
    )

    helper = laid_out(side_by_side("on", "hours"), "kind", "what")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        if data and "," in data.get("hours", ""):  # half an hour is typed with a comma too
            data = data.copy()
            data["hours"] = data["hours"].replace(",", ".")
        super().__init__(data, **kwargs)

    def clean_hours(self) -> Decimal:
        hours: Decimal = self.cleaned_data["hours"]
        if not hours.is_finite() or not QUARTER <= hours <= MOST_HOURS:
            raise ValidationError(f"Write between a quarter of an hour and {MOST_HOURS} hours.")
        if hours % QUARTER:
            raise ValidationError("Round it to a quarter, for instance 1.25.")
        return hours.quantize(Decimal("0.01"))


class LetterForm(forms.Form):
    """A letter of thanks. `seen` is the last one that was there when this was begun."""

    text = forms.CharField(
        label="Your letter",
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=f"Change it until it sounds like you. Your name goes beneath it. {NOBODY_NAMED}",
        error_messages={"required": "Write what you would like to thank them for."},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    helper = laid_out("text", "seen")


class BoardForm(forms.Form):
    """Agreeing to be on the photo board. `photo` cleans to a JPEG that was drawn anew, or None."""

    photo = UploadField(
        label="Your photo",
        allowed=IMAGES,
        required=False,
        help_text="JPG, PNG or WEBP, 10 MB at most. Without one the board shows your initials.",
    )
    line = forms.CharField(
        label="A line about you",
        max_length=140,
        required=False,
        help_text="As in: Retired bus driver. Ask me about allotments.",
    )
    until = TypedDateField(
        label="Until when may we show you?",
        help_text="The last day, two years ahead at most. We ask you a month before.",
        error_messages={"required": "Write the last day."},
    )
    agreed = forms.BooleanField(error_messages={"required": "Tick this if you would like to be on the board."})

    helper = laid_out("photo", "line", "until", "agreed")

    def __init__(self, *args: Any, volunteer: Volunteer, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {
            "until": max(volunteer.photo_until or today, today + relativedelta(years=1)),
            "line": volunteer.board_line,
        }
        super().__init__(*args, **kwargs)
        if volunteer.photo_id:
            self.fields["photo"].label = "Another photo"
            self.fields["photo"].help_text = "Only if you would like to change it. JPG, PNG or WEBP, 10 MB at most."
        self.fields["agreed"].label = (
            "I agree that my photo or initials, what people call me, my role, my days and my line are shown on the "
            f"board of {volunteer.workplace}, on paper at the surgery and to its team online. I can end this any time."
        )

    def clean_photo(self) -> bytes | None:
        upload: Upload | None = self.cleaned_data["photo"]
        return clean_picture(upload.content, longest=LONGEST_SIDE) if upload else None

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        today = timezone.localdate()
        if until < today:
            raise ValidationError("This day has gone by. Write one that is to come.")
        if until > today + relativedelta(years=2):
            raise ValidationError("Write a day within two years: we ask you again then.")
        return until


class HealthForm(forms.Form):
    """A coordinator's answer to a question of the health check."""

    answer = forms.ChoiceField(
        label="How is it?",
        choices=HealthAnswer.Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes, partly or no."},
    )
    note = forms.CharField(
        label="What makes you say so, and what is next?",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Your colleagues who coordinate here read it too.",
    )

    helper = laid_out("answer", "note")
