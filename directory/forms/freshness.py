"""What somebody found when they checked a listing."""

from typing import Any, cast

from django import forms

from directory.models import Assurance, Service
from linkworkers.forms import laid_out

HOW, FOUND = Service.How, Assurance.Outcome
ENDED = "ended"


class AssureForm(forms.Form):
    """One question for its owner; for others how they know as well. `outcome` and `for_good` are read from `found`.

    A listing that is full is asked whether it still is: "right" leaves it so.
    """

    found = forms.ChoiceField(
        label="What did you find?",
        choices=[
            (FOUND.RIGHT, "It runs, and the listing is right"),
            (FOUND.FULL, "It is full"),
            (FOUND.OPEN, "It has room again"),
            (FOUND.CLOSED, "It is closed for now"),
            (ENDED, "It has ended"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you found."},
    )
    how = forms.ChoiceField(
        label="How do you know?",
        choices=[(HOW.RANG, "I rang them"), (HOW.VISITED, "I was there")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you know."},
    )
    note = forms.CharField(
        label="Anything to add",
        max_length=500,
        required=False,
        help_text="For the office. Nothing about the people who go there.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    helper = laid_out("found", "how", "note")

    def __init__(self, *args: Any, owner: bool, full: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if full:
            # On the page only: what was opened before a colleague marked it full can still say so.
            found = cast(forms.ChoiceField, self.fields["found"])
            shown = dict(cast("list[tuple[str, str]]", found.choices)) | {FOUND.RIGHT: "It runs, and is still full"}
            found.widget.choices = [(key, said) for key, said in shown.items() if key != FOUND.FULL]
        if owner:
            del self.fields["how"]
            self.helper = laid_out("found", "note")

    def facts(self) -> dict[str, Any]:
        """What `actions.assure` asks for, of a valid form."""
        found, ended = self.cleaned_data["found"], self.cleaned_data["found"] == ENDED
        return {
            "how": self.cleaned_data.get("how", HOW.OWNER),
            "outcome": FOUND.CLOSED if ended else found,
            "for_good": ended,
            "note": self.cleaned_data["note"],
        }


class LetterForm(forms.Form):
    """The button that the owner pressed."""

    answer = forms.ChoiceField(
        choices=[(FOUND.RIGHT, "Yes, still right"), (FOUND.OPEN, "It has room again"), (ENDED, "It has ended")]
    )
