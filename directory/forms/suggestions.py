"""What anybody tells the office about a listing."""

from django import forms

from linkworkers.forms import WHOLE_ADDRESS, Trap, laid_out, side_by_side


class SuggestionForm(forms.Form):
    text = forms.CharField(
        label="What should change?",
        max_length=3000,
        help_text="The day, the place, a telephone number, that it has closed. Nothing about anybody’s health, please.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write what should change."},
    )
    name = forms.CharField(
        label="Your name", max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="Your e-mail address",
        required=False,
        help_text="If you would like to hear what became of it.",
        error_messages={"invalid": WHOLE_ADDRESS},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = Trap()

    helper = laid_out("text", side_by_side("name", "email"))

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))


class MissingForm(SuggestionForm):
    text = forms.CharField(
        label="What is missing?",
        max_length=3000,
        help_text="What it is, who runs it, where and when, and how to reach them.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write what is missing."},
    )
