"""The questions of a course, as a form."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from linkworkers.forms import laid_out
from members.models import QuizQuestion

CHANGED = "This question was changed while you were answering. Answer it again."


class QuizForm(forms.Form):
    """Each question a field: one answer, or several where several are right. What is named is the choice's text."""

    def __init__(self, data: QueryDict | None, *, questions: Iterable[QuizQuestion]) -> None:
        super().__init__(data)
        for number, question in enumerate(questions, start=1):
            self.fields[f"question-{question.pk}"] = _field(question, number)
        self.helper = laid_out(*self.fields)

    def chosen(self) -> dict[int, set[str]]:
        """The keys of the choices by question."""
        return {
            int(name.removeprefix("question-")): set(value) if isinstance(value, list) else {value}
            for name, value in self.cleaned_data.items()
        }


def _field(question: QuizQuestion, number: int) -> forms.ChoiceField:
    label = f"{number}. {question.text}"
    choices = list(zip(question.keys, (choice["text"] for choice in question.choices), strict=True))
    if question.takes_several:
        return forms.MultipleChoiceField(
            label=label,
            choices=choices,
            help_text="Choose all that are right.",
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose at least one answer.", "invalid_choice": CHANGED},
        )
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an answer.", "invalid_choice": CHANGED},
    )
