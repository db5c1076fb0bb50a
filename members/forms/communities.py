"""What is typed in communities, checked."""

import unicodedata
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import strip_tags

from linkworkers.forms import laid_out
from linkworkers.markdown import render
from linkworkers.uploads import UploadField
from members.models import LONGEST_TEXT, Community, Flag, Interest, LibraryItem, ModerationEntry, Topic

Act = ModerationEntry.Act
HOW_TO_WRITE = "An empty line begins a new paragraph, a dash a list, **two stars** make it bold."
NOBODY = "Write nothing by which somebody who was referred could be known."


def can_be_read(text: str) -> bool:
    """Whether there is a letter, a digit or a sign in it, and not only what nobody sees."""
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)


class WordsField(forms.CharField):
    """Something to read, in any script. What a keyboard cannot type is left out; a line break counts once."""

    def __init__(self, *, missing: str, rows: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"required": missing, "max_length": _too_long(kwargs["max_length"])})
        if rows:
            kwargs["widget"] = forms.Textarea(attrs={"rows": rows})
        self.missing = missing
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = str(value or "").replace("\x00", "").replace("\r\n", "\n")
        return super().to_python(text if can_be_read(text) else "") or ""


class MarkdownField(WordsField):
    """A text with stars and dashes, of which something is left to read once they are gone."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        kwargs.setdefault("rows", 8)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text and not can_be_read(strip_tags(render(text))):
            raise ValidationError(self.missing, code="required")
        return text


def _too_long(most: int) -> str:
    return f"Shorten it to {most:,} characters. It has %(show_value)s now."


class OnceForm(forms.Form):
    """A form with a key of its own, so that one that is sent twice is known as the same."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"submission_key": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class TopicForm(OnceForm):
    """A new topic."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[
            (Topic.Kind.QUESTION, "A question"),
            (Topic.Kind.DISCUSSION, "Something to discuss"),
            (Topic.Kind.LEARNED, "What I learned: a story of something that worked"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is."},
    )
    title = WordsField(max_length=150, missing="Write the title.", help_text="A line that says what it is about.")
    text = MarkdownField(label="Your text", missing="Write the text.", help_text=f"{NOBODY} {HOW_TO_WRITE}")
    helper = laid_out("submission_key", "kind", "title", "text")


class EditTopicForm(forms.Form):
    title = WordsField(max_length=150, missing="Write the title.")
    text = MarkdownField(label="Your text", missing="Write the text.", help_text=f"{NOBODY} {HOW_TO_WRITE}")
    helper = laid_out("title", "text")


class ReplyForm(OnceForm):
    text = MarkdownField(label="Your reply", rows=5, missing="Write your reply.", help_text=f"{NOBODY} {HOW_TO_WRITE}")
    helper = laid_out("submission_key", "text")


class EditReplyForm(forms.Form):
    text = MarkdownField(label="Your reply", missing="Write your reply.", help_text=f"{NOBODY} {HOW_TO_WRITE}")
    helper = laid_out("text")


class WishForm(forms.Form):
    """Somebody wants to do it too."""

    note = WordsField(
        label="A line to them",
        max_length=500,
        missing="",
        rows=3,
        required=False,
        help_text="As in: could I ring you about how you found the first volunteers?",
    )
    helper = laid_out("note")


class AskForm(forms.Form):
    """An interest group that a member asks for."""

    name = WordsField(max_length=80, missing="Write what the group should be called.")
    purpose = WordsField(
        label="What it is for",
        max_length=600,
        rows=4,
        missing="Write what the group is for.",
        help_text="A sentence or two. Everybody reads it in the list of communities.",
    )
    interest = forms.ModelChoiceField(
        Interest.objects.all(),
        label="Which interest is nearest?",
        empty_label="Choose",
        error_messages={"required": "Choose the interest that is nearest."},
    )
    helper = laid_out("name", "purpose", "interest")


class LibraryForm(OnceForm):
    """A file or a report for the library."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=LibraryItem.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is."},
    )
    title = WordsField(max_length=150, missing="Write the title.")
    about = WordsField(
        label="What is in it",
        max_length=1000,
        rows=3,
        missing="Write what is in it.",
        help_text="A sentence or two, so that others know whether to open it.",
    )
    year = forms.IntegerField(
        label="Year",
        min_value=1948,
        help_text="In which it was written.",
        error_messages={
            "required": "Write the year in which it was written.",
            "invalid": "Write the year with four digits.",
            "min_value": "Write a year from 1948 on.",
            "max_value": "This year is to come. Check it.",
        },
    )
    upload = UploadField(label="File")
    helper = laid_out("submission_key", "kind", "title", "about", "year", "upload")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = timezone.localdate().year
        self.fields["year"].initial = this_year

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > timezone.localdate().year:
            raise ValidationError(self.fields["year"].error_messages["max_value"])
        return year


class FlagForm(forms.Form):
    """Why something is reported to a moderator."""

    reason = forms.ChoiceField(
        label="What is wrong with it?",
        choices=Flag.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong with it."},
    )
    text = WordsField(
        label="Anything the moderator should know",
        max_length=2000,
        rows=4,
        missing="Say what is wrong with it.",
        required=False,
    )
    helper = laid_out("reason", "text")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == Flag.Reason.OTHER and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", "Say what is wrong with it.")
        return cleaned


def _why(label: str = "Why", hint: str = "It stands in the moderators’ log, and its author gets it by mail.") -> Any:
    return WordsField(label=label, max_length=1000, rows=3, missing="Say why.", help_text=hint)


class ReasonForm(forms.Form):
    """Why a moderator does what the page says."""

    reason = _why()
    helper = laid_out("reason")


class DecisionForm(forms.Form):
    """What a moderator decides on a report."""

    decision = forms.ChoiceField(
        label="What do you decide?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to do with it."},
    )
    note = _why(hint="Whoever reported it reads this, and its author where something is done. It stands in the log.")
    helper = laid_out("decision", "note")

    WORDS = {
        Flag.Decision.LEFT: "Leave it as it is",
        Flag.Decision.HIDDEN: "Hide it",
        Flag.Decision.CLOSED: "Close the topic for replies",
        Flag.Decision.DEALT_WITH: "It has been put right",
    }

    def __init__(self, *args: Any, flag: Flag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            (decision, self.WORDS[decision]) for decision in flag.choices
        ]


class ModerateTopicForm(forms.Form):
    """What a moderator does with a topic: what can be done as it stands."""

    act = forms.ChoiceField(
        label="What do you do?", widget=forms.RadioSelect, error_messages={"required": "Choose what to do."}
    )
    to = forms.ModelChoiceField(
        Community.objects.none(), label="Where to", required=False, empty_label="Choose", help_text="When it is moved."
    )
    reason = _why(
        hint="It stands in the moderators’ log. Its author gets it by mail when the topic is closed, moved or hidden."
    )
    helper = laid_out("act", "to", "reason")

    def __init__(self, *args: Any, topic: Topic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        act = self.fields["act"]
        act.choices = [  # type: ignore[attr-defined]
            (Act.UNPINNED, "Pin it no longer") if topic.is_pinned else (Act.PINNED, "Pin it to the top of the list"),
            (Act.REOPENED, "Open it for replies") if topic.is_closed else (Act.CLOSED, "Close it for replies"),
            (Act.MOVED, "Move it to another community"),
            (Act.SHOWN, "Show it again") if topic.is_hidden else (Act.HIDDEN, "Hide it from other members"),
        ]
        others = Community.objects.listed().exclude(pk=topic.community_id)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("act") == Act.MOVED and not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", "Choose where to move it.")
        return cleaned
