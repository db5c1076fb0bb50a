"""What is typed when somebody offers something to an event, reads it for the panel, or decides on it."""

from typing import Any, cast

from django import forms

from events.models import (
    BEST,
    LEAST_WORDS,
    MOST_WORDS,
    CallForContributions,
    Contribution,
    ContributionKind,
    Review,
)
from linkworkers.forms import WHOLE_ADDRESS, Trap, laid_out, side_by_side

Decision = Contribution.Decision
FACTS = "kind title abstract takeaways audience needs name email organisation co_presenters".split()
MOST_PRESENTERS = 6  # besides whoever offers it


def _lines(rows: int, **more: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **more})


class ContributionForm(forms.Form):
    """New or as it is. With `send` it has to be whole; a draft needs a title and a way to write back."""

    kind = forms.ChoiceField(
        label="What would it be?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it would be.", "invalid_choice": "Choose one of these."},
    )
    title = forms.CharField(
        label="Title", max_length=150, error_messages={"required": "Give it a title: it can change later."}
    )
    abstract = forms.CharField(
        label="What is it about?",
        max_length=3000,
        help_text=f"{LEAST_WORDS} to {MOST_WORDS} words. Leave out who you are and where you work: the panel reads "
        "without names.",
        widget=_lines(10, **{"data-words": str(MOST_WORDS)}),
        error_messages={"required": "Write what it is about."},
    )
    takeaways = forms.CharField(
        label="What do people take away?",
        max_length=1000,
        widget=_lines(3),
        error_messages={"required": "Write what people can do or know afterwards."},
    )
    audience = forms.CharField(
        label="Who is it for?",
        max_length=200,
        help_text="For example: link workers in their first year.",
        error_messages={"required": "Write who it is for, or: everybody."},
    )
    needs = forms.CharField(
        label="What do you need for it?",
        max_length=500,
        required=False,
        help_text="A projector, a wall for posters, chairs in a circle, a step-free stage.",
        widget=_lines(2),
    )
    name = forms.CharField(
        label="Your name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Write your name. The panel does not see it."},
    )
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="The link to your contribution goes there.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Write your e-mail address.", "invalid": WHOLE_ADDRESS},
    )
    organisation = forms.CharField(
        label="Where you work or volunteer",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    co_presenters = forms.CharField(
        label="Who presents it with you?",
        max_length=1500,
        required=False,
        help_text="A line for each person: name, organisation.",
        widget=_lines(3),
    )
    consent = forms.BooleanField(
        label="You may write to me about this contribution",
        error_messages={"required": "Tick that we may write to you: we could not tell you the decision otherwise."},
    )
    website = Trap()

    def __init__(
        self, *args: Any, call: CallForContributions, send: bool, contribution: Contribution | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.send = send
        kinds = {*call.kinds, *([contribution.kind] if contribution else [])}
        choices = [choice for choice in ContributionKind.choices if choice[0] in kinds]
        cast(forms.ChoiceField, self.fields["kind"]).choices = choices
        if contribution:
            self.initial = {name: getattr(contribution, name) for name in FACTS}
            if contribution.consented_at:
                del self.fields["consent"]
            del self.fields["email"]  # the link went there: whoever has the link does not move it elsewhere
        if not send:
            for name in ("abstract", "takeaways", "audience", "consent"):
                if name in self.fields:
                    self.fields[name].required = False

    def clean_abstract(self) -> str:
        text = str(self.cleaned_data["abstract"])
        count = len(text.split())
        if self.send and count < LEAST_WORDS:
            raise forms.ValidationError(
                f"These are {count} words. Write at least {LEAST_WORDS}, or keep it as a draft for now."
            )
        if count > MOST_WORDS:
            raise forms.ValidationError(f"These are {count} words. Shorten it to {MOST_WORDS}.")
        return text

    def clean_co_presenters(self) -> str:
        lines = [line.strip() for line in str(self.cleaned_data["co_presenters"]).splitlines() if line.strip()]
        if len(lines) > MOST_PRESENTERS:
            raise forms.ValidationError(f"Name at most {MOST_PRESENTERS} people beside you, a line for each.")
        return "\n".join(lines)

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.cleaned_data.get("website"))

    @property
    def facts(self) -> dict[str, Any]:
        """What an action is given."""
        return {name: self.cleaned_data[name] for name in FACTS if name in self.fields}

    @property
    def helper(self) -> Any:
        who = side_by_side("name", "email") if "email" in self.fields else "name"
        rows = ["kind", "title", "abstract", "takeaways", "audience", "needs", who, "organisation", "co_presenters"]
        return laid_out(*rows, *(["consent"] if "consent" in self.fields else []))


def _score(label: str, low: str, high: str) -> forms.TypedChoiceField:
    said = {1: f"1, {low}", 3: "3, in part", BEST: f"{BEST}, {high}"}
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        empty_value=None,
        choices=[(score, said.get(score, str(score))) for score in range(1, BEST + 1)],
        widget=forms.RadioSelect,
        error_messages={
            "required": f"Choose from 1 to {BEST}, or step aside below.",
            "invalid_choice": f"Choose from 1 to {BEST}.",
        },
    )


class ReviewForm(forms.Form):
    """What a reader thinks; or that they step aside, and then nothing is scored."""

    purpose = _score("Does it matter to this work?", "hardly", "very much")
    use = _score("Can people use it on Monday?", "hardly", "at once")
    clarity = _score("Is it clear, and ready?", "not yet", "fully")
    for_panel = forms.CharField(
        label="For the panel and the office",
        max_length=2000,
        required=False,
        help_text="Others of the panel see it without your name once they have given their scores.",
        widget=_lines(3),
    )
    for_author = forms.CharField(
        label="For whoever offers it",
        max_length=2000,
        required=False,
        help_text="They get it with the decision, without your name. Say what would make it better.",
        widget=_lines(3),
    )
    steps_aside = forms.BooleanField(
        label="I know whose this is, or have an interest in it: I step aside",
        required=False,
        help_text="Then no scores are kept from you, and you do not see those of others.",
    )
    helper = laid_out("purpose", "use", "clarity", "for_panel", "for_author", "steps_aside")

    def __init__(self, *args: Any, review: Review | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        if review:
            self.initial = {name: getattr(review, name) for name in self.fields}
        if self.data.get("steps_aside"):
            for name in ("purpose", "use", "clarity"):
                self.fields[name].required = False


class DecisionForm(forms.Form):
    """The row of one contribution; its prefix is the number. An empty choice leaves it open."""

    decision = forms.ChoiceField(
        label="Decision",
        required=False,
        choices=[("", "Not yet"), *Decision.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": "Choose one of these."},
    )
    line = forms.CharField(
        label="A personal line",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
