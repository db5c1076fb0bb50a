"""Questions, answers and refusals between the network and the practice."""

from typing import Any

from django import forms

from linkworkers.forms import laid_out
from referrals.forms.person import LONG, text_area
from referrals.models.referral import DeclineReason


class QuestionForm(forms.Form):
    question = forms.CharField(
        label="What do you need to know?",
        max_length=LONG,
        widget=text_area(4),
        help_text="The practice sees this on the referral, whatever may be shared: ask about what they wrote, and tell "
        "nothing new about the person. The mail they get holds only a link.",
        error_messages={"required": "Type your question."},
    )
    helper = laid_out("question")


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="Your answer",
        max_length=LONG,
        widget=text_area(3),
        error_messages={"required": "Type your answer."},
    )
    helper = laid_out("answer")


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why?",
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the reason that fits best."},
    )
    note = forms.CharField(
        label="What should the practice know?",
        max_length=LONG,
        required=False,
        widget=text_area(3),
        help_text="They see this on the referral: who could help instead, or what to try.",
    )
    helper = laid_out("reason", "note")

    def __init__(self, *args: Any, shares_everything: bool, **kwargs: Any) -> None:
        """Where the person agreed to codes only, nothing else is written to the practice."""
        super().__init__(*args, **kwargs)
        if not shares_everything:
            self.fields["note"].label = "Note for the case"
            self.fields["note"].help_text = "They agreed to share the codes only, so the practice does not see this."


class WithdrawForm(forms.Form):
    note = forms.CharField(
        label="Why are you taking it back?",
        max_length=LONG,
        required=False,
        widget=text_area(2),
        help_text="The link worker sees this.",
    )
    helper = laid_out("note")
