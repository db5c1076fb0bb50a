"""What is typed about a ticket: to whom it goes, why it is given back, what its holder needs, which sessions."""

from collections.abc import Collection
from typing import Any

from django import forms

from events.models import AccessNeed, Diet
from linkworkers.forms import WHOLE_ADDRESS, laid_out


class HandOnForm(forms.Form):
    """Who has the ticket from now on. The address comes out in small letters, as those of accounts are kept."""

    name = forms.CharField(
        label="Name",
        max_length=150,
        help_text="As it should stand on the badge.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the name of whoever comes."},
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="The ticket is mailed there. Check it letter by letter.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the address to which the ticket is mailed.", "invalid": WHOLE_ADDRESS},
    )
    organisation = forms.CharField(
        label="Organisation", max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    helper = laid_out("name", "email", "organisation")

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    @property
    def facts(self) -> dict[str, str]:
        """What `transfers.hand_on` is given."""
        return {key: self.cleaned_data[key] for key in ("name", "email", "organisation")}


class GiveBackForm(forms.Form):
    """That a ticket is given back; the page above it says what that brings."""

    reason = forms.CharField(
        label="A word about why",
        max_length=300,
        required=False,
        help_text="Whoever booked reads it, and the office. Nothing about health, please.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    helper = laid_out("reason")


class NeedsForm(forms.Form):
    """What somebody needs to be well at an event. Everything may stay empty."""

    access = forms.MultipleChoiceField(
        label="To get in and take part",
        choices=AccessNeed.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    access_note = forms.CharField(
        label="Anything else about access", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    diet = forms.MultipleChoiceField(
        label="Food", choices=Diet.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    diet_note = forms.CharField(
        label="Allergies, and anything else about food",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    quiet_room = forms.BooleanField(
        label="A quiet room to go to", required=False, help_text="Somewhere to sit when it is too much."
    )

    helper = laid_out("access", "access_note", "diet", "diet_note", "quiet_room")

    @property
    def facts(self) -> dict[str, Any]:
        """What `transfers.set_needs` is given."""
        return {key: self.cleaned_data[key] for key in self.fields}


class SessionsForm(forms.Form):
    """Which sessions somebody wants: the ids of those ticked, all of them among those that the page offered."""

    def __init__(self, *args: Any, offered: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = frozenset(offered)

    def clean(self) -> dict[str, Any]:
        typed = self.data.getlist("items") if hasattr(self.data, "getlist") else []
        ids = {int(each) for each in typed if each.isascii() and each.isdecimal() and len(each) < 18}
        if len(ids) != len(set(typed)) or not ids <= self.offered:
            raise forms.ValidationError("The programme has changed meanwhile. Look at it again, then choose.")
        return {"items": ids}
