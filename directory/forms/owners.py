"""Who asks to look after listings."""

from django import forms

from directory.models import Claim
from linkworkers.forms import WHOLE_ADDRESS, Trap, laid_out, side_by_side


class ClaimForm(forms.ModelForm):
    message = forms.CharField(
        label="How you belong to it",
        max_length=2000,
        required=False,
        help_text="As in: I have run the group since 2019.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    website = Trap()

    class Meta:
        model = Claim
        fields = ["name", "email", "message"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        error_messages = {
            "name": {"required": "Write your name."},
            "email": {"required": "Write your e-mail address.", "invalid": WHOLE_ADDRESS},
        }

    helper = laid_out(side_by_side("name", "email"), "message")

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))


class ClaimAnswerForm(forms.Form):
    """The button that the organisation's mailbox pressed."""

    answer = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")])
