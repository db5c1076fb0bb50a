"""What is typed about oneself, to other members, and about one's mails and account."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from linkworkers.forms import laid_out
from members.mail_kinds import MailKind
from members.models import Frequency, Interest, MemberLetter, Membership, Profile, Region


class ProfileForm(forms.ModelForm):
    """A member's own profile and, for whoever has a membership, its region."""

    region = forms.ChoiceField(
        label="Your region or nation",
        choices=[("", "Choose"), *Region.choices],
        required=False,
        help_text="Members look for each other by it.",
    )
    interests = forms.ModelMultipleChoiceField(
        Interest.objects.all(),
        label="What you care about",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Profile
        fields = ["headline", "about", "interests", "is_listed", "takes_letters"]
        labels = {
            "headline": "What you do, in a line",
            "about": "About you",
            "is_listed": "List me for other members",
            "takes_letters": "Members may write to me through the site",
        }
        help_texts = {
            "headline": "As in: Link worker in two rural practices.",
            "about": "What you would like to learn, and what others may ask you about. Nothing about the people you "
            "support.",
            "is_listed": "Members who are logged in then see your name, your region and what is on this page; nobody "
            "else does, and your e-mail address is shown to nobody. You can take this back at any time, and you are "
            "hidden at once.",
            "takes_letters": "We tell you by mail, and your address stays hidden. Whoever you wrote to may answer.",
        }
        widgets = {"about": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, data: QueryDict | None, *, instance: Profile, membership: Membership | None) -> None:
        super().__init__(data, instance=instance, initial={"region": membership.region if membership else ""})
        if membership is None:
            del self.fields["region"]
        self.helper = laid_out(*self.order)

    @property
    def order(self) -> list[str]:
        fields = ["headline", "about", "region", "interests", "is_listed", "takes_letters"]
        return [name for name in fields if name in self.fields]


class LetterForm(forms.Form):
    """A letter, and what it is about when it begins something."""

    about = forms.CharField(
        label="What it is about",
        max_length=MemberLetter._meta.get_field("about").max_length,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label="Your letter",
        max_length=MemberLetter.LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Plain text. Write nothing about the people you support.",
        error_messages={
            "required": "Write your letter.",
            "max_length": f"A letter has {MemberLetter.LONGEST} characters at most. Shorten it, or send it in two.",
        },
    )
    send_key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Load this page again."})

    def __init__(self, data: QueryDict | None, *, about: str | None = None) -> None:
        """With `about`, which may be empty, it asks what the letter is about."""
        super().__init__(data, initial={"about": about, "send_key": uuid.uuid4()})
        if about is None:
            del self.fields["about"]
        self.helper = laid_out(*self.fields)


class MailChoicesForm(forms.Form):
    """How often each kind of mail that concerns somebody should come."""

    def __init__(self, data: QueryDict | None, *, kinds: Iterable[MailKind], chosen: dict[str, str]) -> None:
        super().__init__(data, initial=chosen)
        for kind in kinds:
            self.fields[kind.key] = forms.ChoiceField(
                label=kind.label,
                help_text=kind.about,
                choices=[(choice.value, _how_often(kind, choice)) for choice in kind.choices],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose how often."},
            )
        self.helper = laid_out(*self.fields)


def _how_often(kind: MailKind, choice: Frequency) -> str:
    """A mail that comes when there is a reason is wanted or not: there is no rhythm to choose."""
    return "Yes" if choice == Frequency.AT_ONCE and len(kind.choices) == 2 else choice.label


class LeaveForm(forms.Form):
    """The last tick."""

    take_texts = forms.BooleanField(
        label="Take my texts out of the communities too",
        required=False,
        help_text="Otherwise what you wrote there stays, under “A former member”, and can still be followed.",
    )
    sure = forms.BooleanField(
        label="I have read both lists, and want to leave",
        error_messages={"required": "Tick this if you want to leave. Nothing has happened yet."},
    )

    helper = laid_out("take_texts", "sure")

    def facts(self) -> dict[str, Any]:
        return {"take_texts": self.cleaned_data["take_texts"]}
