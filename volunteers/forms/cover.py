"""What is typed when somebody looks for cover or offers a swap."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from linkworkers.forms import laid_out
from volunteers.models import Shift


class CoverForm(forms.Form):
    """A coordinator’s request: a word about why, if they like."""

    reason = forms.CharField(
        label="Why?",
        required=False,
        max_length=300,
        error_messages={"max_length": "Write at most 300 characters."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "Coordinators alone see it."

    @property
    def helper(self) -> Any:
        return laid_out(*self.fields)


class OwnCoverForm(CoverForm):
    """The same for one’s own shift: kept until somebody accepts, or given up at once."""

    KEEP, GIVE_UP = "keep", "give_up"

    until = forms.ChoiceField(
        label="Until somebody says yes",
        choices=[
            (KEEP, "I stay down for it, and come if nobody can"),
            (GIVE_UP, "I cannot come in any case: take me off now"),
        ],
        initial=KEEP,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say whether you stay down for it meanwhile.",
            "invalid_choice": "Choose one of the two.",
        },
    )

    field_order = ["until", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Would you say why?"
        self.fields["reason"].help_text = "Your coordinator alone sees it. You need not."

    @property
    def gives_up(self) -> bool:
        return bool(self.cleaned_data["until"] == self.GIVE_UP)


class SwapForm(forms.Form):
    """Which of `shifts`, a colleague’s, one would take; with their volunteers and clinics."""

    theirs = forms.TypedChoiceField(
        label="Which shift would you take instead?",
        error_messages={
            "required": "Choose a colleague’s shift.",
            "invalid_choice": "This shift cannot be swapped any more. Choose another one.",
        },
    )

    helper = laid_out("theirs")

    def __init__(self, *args: Any, shifts: Sequence[Shift], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["theirs"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        by_key = {str(shift.pk): shift for shift in shifts}
        field.choices = [("", "Choose"), *((key, _told(shift)) for key, shift in by_key.items())]
        field.coerce = by_key.__getitem__


def _told(shift: Shift) -> str:
    """As in "Tue 8 Dec 09:00: Rose, Tuesday clinic"."""
    starts = timezone.localtime(shift.starts_at)
    return f"{starts:%a} {starts.day} {starts:%b %H:%M}: {shift.volunteer.short_name}, {shift.session.clinic.name}"


class RefuseForm(forms.Form):
    """Why a swap is not approved."""

    reason = forms.CharField(
        label="Why not?",
        required=False,
        max_length=300,
        error_messages={"max_length": "Write at most 300 characters."},
        help_text="Both read it. You need not give a reason.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    helper = laid_out("reason")
