"""How a booking is paid for."""

from typing import Any

from django import forms

from events.models import Order
from linkworkers.forms import LineField, laid_out


class PayForm(forms.Form):
    """How it is paid, and to whom the invoice goes. `by_card` when there is a card door; what costs nothing has none of
    these fields.
    """

    pays = forms.ChoiceField(
        label="How do you want to pay?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you want to pay."},
    )
    bill_to = LineField(
        label="Invoice to",
        max_length=200,
        error_messages={"required": "Write whom the invoice is for: a person or an organisation."},
    )
    address = forms.CharField(
        label="Address for the invoice",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    purchase_order = LineField(
        label="Purchase order number", max_length=60, required=False, help_text="If your organisation asks for one."
    )

    helper = laid_out("pays", "bill_to", "address", "purchase_order")

    def __init__(self, *args: Any, by_card: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, str]] = [(Order.Pays.INVOICE, "By invoice: it is mailed, and you pay within its time")]
        if by_card:
            choices.insert(0, (Order.Pays.CARD, "By card, now"))
        self.fields["pays"].choices = choices  # type: ignore[attr-defined]
        if not by_card:
            self.fields["pays"].initial = Order.Pays.INVOICE

    @property
    def facts(self) -> dict[str, str]:
        """What `booking.confirm` is given."""
        return {key: self.cleaned_data[key] for key in ("pays", "bill_to", "address", "purchase_order")}
