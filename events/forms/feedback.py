"""What is asked after an event."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms

from events.models import FeedbackQuestion, ProgrammeItem
from events.models.feedback import BEST, LIKELIEST
from linkworkers.forms import laid_out

MARKS = [(str(number), word) for number, word in enumerate(("1, poor", "2", "3", "4", "5, very good"), start=1)]
LIKELY = [(str(number), str(number)) for number in range(LIKELIEST + 1)]
OF_ALL = ("overall", "content", "place", "recommend", "best", "change")


def mark(label: str, *, required: bool = False) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=MARKS,
        coerce=int,
        empty_value=None,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": f"Choose from 1 to {BEST}."},
    )


def words(label: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=2000, required=False, strip=True, widget=forms.Textarea(attrs={"rows": 3})
    )


class FeedbackForm(forms.Form):
    """What is asked of all, the office's own questions, and a mark for each session. Only the first needs an answer."""

    overall = mark("All in all, how was it?", required=True)
    content = mark("What was talked about")
    place = mark("The place, or the connection")
    recommend = forms.TypedChoiceField(
        label="How likely would you recommend it to a colleague? 0 is not at all, 10 is certainly",
        choices=[("", "Choose"), *LIKELY],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "input-date"}),
    )
    best = words("What was most useful?")
    change = words("What should be different next time?")

    def __init__(
        self, *args: Any, questions: Sequence[FeedbackQuestion], items: Sequence[ProgrammeItem], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {f"question_{each.pk}": each for each in questions}
        self.items = {f"session_{each.pk}": each for each in items}
        for name, question in self.questions.items():
            scale = question.kind == FeedbackQuestion.Kind.SCALE
            self.fields[name] = mark(question.text) if scale else words(question.text)
        for name, item in self.items.items():
            self.fields[name] = forms.TypedChoiceField(
                label=item.title,
                choices=[("", "I was not there"), *MARKS],
                coerce=int,
                empty_value=None,
                required=False,
            )
        parts: list[Any] = [*OF_ALL, *self.questions]
        if self.items:
            parts.append(Fieldset("Sessions you were at", *self.items))
        self.helper = laid_out(*parts)

    @property
    def answers(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OF_ALL}

    @property
    def replies(self) -> dict[FeedbackQuestion, int | str]:
        """What was said to the office's own questions; what stayed open is left out."""
        said = ((question, self.cleaned_data[name]) for name, question in self.questions.items())
        return {question: answer for question, answer in said if answer not in (None, "")}

    @property
    def marks(self) -> dict[int, int]:
        said = ((item.pk, self.cleaned_data[name]) for name, item in self.items.items())
        return {item: mark for item, mark in said if mark is not None}
