"""What a volunteer writes after they have seen somebody."""

import uuid
from typing import Any

from crispy_forms.layout import Div
from django import forms

from linkworkers.forms import laid_out

NOTE = 6_000  # characters


class WriteUpForm(forms.Form):
    """Four answers: did they come, what happened, how long, what next; and whether the link worker should take over."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    came = forms.ChoiceField(
        label="Did they come?",
        choices=[("yes", "They came"), ("no", "They did not come")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether they came."},
    )
    note = forms.CharField(
        label="What happened?",
        max_length=NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="A few lines in plain words: what you talked about, what they said.",
    )
    minutes = forms.IntegerField(
        label="Minutes",
        min_value=1,
        max_value=600,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input-short", "inputmode": "numeric"}),
    )
    next_step = forms.CharField(
        label="What did you agree to do next?",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    should_take_over = forms.BooleanField(label="The link worker should take over", required=False)
    take_over = forms.CharField(
        label="Why the link worker should",
        max_length=140,
        required=False,
        help_text="A few words: “eviction notice, needs advice this week”. It is on their list today.",
    )
    helper = laid_out(
        "submission_key", "came", "note", "minutes", "next_step", Div("should_take_over", "take_over", css_class="mt-2")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"submission_key": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("came") == "yes" and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", "Write a line about what happened.")
        if cleaned.get("should_take_over") and not cleaned.get("take_over") and "take_over" not in self.errors:
            self.add_error("take_over", "Write in a few words why the link worker should take over.")
        if cleaned.get("take_over") and not cleaned.get("should_take_over"):
            self.add_error("should_take_over", "Tick this if the link worker should, or empty the line below.")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the action takes, of a valid form."""
        names = ("submission_key", "note", "minutes", "next_step", "take_over")
        return {"came": self.cleaned_data["came"] == "yes"} | {name: self.cleaned_data[name] for name in names}
