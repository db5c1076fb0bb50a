"""What is typed at the door."""

import uuid
from typing import Any

from django import forms

from events.models import Event, TicketType
from linkworkers.forms import WHOLE_ADDRESS, laid_out, side_by_side

LATER, AT_DESK = "later", "desk"


class WalkInForm(forms.Form):
    """Somebody without a ticket. Employers’ blocks are not sold at the door."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="Name", max_length=150, error_messages={"required": "Write their name."})
    email = forms.EmailField(
        label="E-mail address", max_length=254, error_messages={"required": WHOLE_ADDRESS, "invalid": WHOLE_ADDRESS}
    )
    organisation = forms.CharField(label="Organisation", max_length=150, required=False)
    type = forms.ModelChoiceField(
        label="Ticket",
        queryset=TicketType.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a ticket."},
    )
    pays = forms.ChoiceField(
        label="If it costs something",
        choices=[(LATER, "An invoice, to pay later"), (AT_DESK, "Paid at the desk: the office records it")],
        initial=LATER,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how they pay."},
    )
    bill_to = forms.CharField(
        label="Invoice to", max_length=200, required=False, help_text="Their employer, for example; empty: themselves."
    )

    helper = laid_out("key", side_by_side("name", "email"), "organisation", "type", "pays", "bill_to")

    def __init__(self, event: Event, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4(), "pays": LATER})
        types = event.ticket_types.exclude(audience=TicketType.Audience.EMPLOYER)
        field: Any = self.fields["type"]
        field.queryset = types
        field.label_from_instance = _with_price

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_key(self) -> uuid.UUID:
        return self.cleaned_data["key"] or uuid.uuid4()


def _with_price(type_: Any) -> str:
    return f"{type_}, £{type_.price_with_vat}" if type_.price else f"{type_}, free"


class UndoForm(forms.Form):
    reason = forms.CharField(
        label="Why?",
        max_length=300,
        help_text="As in: the wrong person of two with this name.",
        error_messages={"required": "Write in a few words why. It stays in the log."},
    )
    helper = laid_out("reason")
