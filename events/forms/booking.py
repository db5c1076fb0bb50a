"""What is typed when tickets are booked: who books, and for whom, each with their ticket."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from events.models import Event, TicketType
from events.models.ticket_type import MOST_OF_A_BLOCK
from events.selling import offered
from linkworkers.forms import WHOLE_ADDRESS, LineField, Trap, laid_out, side_by_side
from linkworkers.templatetags import pounds
from members.models import User

MOST_ROWS = 20
OF_A_ROW = ("type", "name", "email", "organisation")
LINES = MOST_OF_A_BLOCK
Typed = tuple[TicketType, str, str, str]  # the ticket, and whose: name, address in small letters, organisation


class BookingForm(forms.Form):
    """So many `rows` of people, each with one of the `types`, and a pasted list of more. Without an account, the buyer
    writes who they are; the first row may then stay empty, for it is theirs. Where it is `full` already nobody is asked
    whether they wait: the page's one button says so, and the page sends it along.

    `wished`, when it is valid, has everybody in the order in which they were typed.
    """

    code = LineField(
        label="Discount code",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-date"}),
    )
    waits = forms.BooleanField(
        label="If all places are taken by then, put us on the waitlist",
        help_text="We write when it is your turn. You need not take the place.",
        required=False,
        initial=True,
    )
    website = Trap()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        event: Event,
        types: Sequence[TicketType],
        buyer: User | None,
        rows: int = 1,
        codes: bool = True,
        full: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.buyer = buyer
        self.full = full
        self.rows = max(1, min(rows, MOST_ROWS))
        self.types = {str(each.pk): each for each in types}
        self.choices = [(str(each.type.pk), _label(each.type, each.left)) for each in offered(event, types)]
        if not codes:
            del self.fields["code"]
        if buyer is None:
            self.fields |= _buyer_fields()
        for number in range(self.rows):
            self.fields |= self._row(number)
        if self.rows < MOST_ROWS:
            self.fields |= self._list()
        self.wished: list[Typed] = []

    def _row(self, number: int) -> dict[str, forms.Field]:
        own = number == 0
        help_text = "Empty: the ticket is for you." if own and self.buyer is None else ""
        return {
            f"type_{number}": forms.ChoiceField(
                label="Ticket",
                choices=self.choices,
                error_messages={
                    "required": "Choose a ticket.",
                    "invalid_choice": "This ticket is not on sale. Choose another one.",
                },
            ),
            f"name_{number}": LineField(
                label="Name", max_length=150, required=False, help_text=help_text, widget=_text("off")
            ),
            f"email_{number}": forms.EmailField(
                label="E-mail address",
                max_length=254,
                required=False,
                help_text=help_text or "Their ticket is mailed there.",
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
                error_messages={"invalid": WHOLE_ADDRESS},
            ),
            f"organisation_{number}": LineField(
                label="Organisation", max_length=150, required=False, widget=_text("off")
            ),
        }

    def _list(self) -> dict[str, forms.Field]:
        return {
            "list_type": forms.ChoiceField(label="Their ticket", choices=self.choices, required=False),
            "list": forms.CharField(
                label="One person a line: name, e-mail address, organisation",
                required=False,
                max_length=LINES * 500,
                widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
                help_text="As they come from a table. For example: Ada Lovelace, ada@example.org, Harbour Surgery",
            ),
        }

    @property
    def helper(self) -> FormHelper:
        """The parts, as they are laid out; the page has the buttons below."""
        parts: list[Any] = []
        if self.buyer is None:
            parts.append(Fieldset("You", side_by_side("your_name", "your_email")))
        parts += [self._laid_out(number) for number in range(self.rows)]
        if "list" in self.fields:
            opened = " open" if self.data.get("list") or self._block_alone else ""
            parts += [
                HTML(f'<details class="more mb-4"{opened}><summary>Many people? Paste a list</summary>'),
                Div("list", "list_type"),
                HTML("</details>"),
            ]
        if "code" in self.fields:
            parts.append("code")
        if not self.full:
            parts.append("waits")
        return laid_out(*parts)

    def _laid_out(self, number: int) -> Fieldset:
        legend = f"Ticket {number + 1}" if self.rows > 1 else "The ticket"
        parts: list[Any] = [
            f"type_{number}",
            side_by_side(f"name_{number}", f"email_{number}"),
            f"organisation_{number}",
        ]
        if self.rows > 1:
            parts.append(
                HTML(
                    f'<button class="btn btn-link remove" type="submit" name="without" value="{number}" formnovalidate>'
                    f'Remove<span class="visually-hidden"> ticket {number + 1}</span></button>'
                )
            )
        return Fieldset(legend, *parts, css_class="person")

    @property
    def _block_alone(self) -> bool:
        return bool(self.types) and all(each.least > 1 for each in self.types.values())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("website"):
            raise ValidationError("Leave the hidden field empty.")
        for number in range(self.rows):
            self._take_row(number)
        self._take_list()
        if not self.wished and not self.errors:
            self.add_error("name_0", "Write for whom the ticket is.")
        return cleaned

    def _take_row(self, number: int) -> None:
        """A row that is empty is nobody's; the first one is the buyer's, unless there is a list."""
        type_, name, email, organisation = (self.cleaned_data.get(f"{part}_{number}", "") for part in OF_A_ROW)
        broken = any(f"{part}_{number}" in self.errors for part in OF_A_ROW)
        if not name and not email and not broken:
            if number or self.cleaned_data.get("list", "").strip():
                return
            name, email = self.cleaned_data.get("your_name", ""), self.cleaned_data.get("your_email", "")
        if not name and f"name_{number}" not in self.errors and "your_name" not in self.errors:
            self.add_error(f"name_{number}", "Write their name, as it should stand on the badge.")
        if not email and f"email_{number}" not in self.errors and "your_email" not in self.errors:
            self.add_error(f"email_{number}", "Write the address to which their ticket is mailed.")
        if type_ and name and email:
            self.wished.append((self.types[type_], name, email.lower(), organisation))

    def _take_list(self) -> None:
        text = self.cleaned_data.get("list", "")
        type_ = self.types.get(self.cleaned_data.get("list_type", ""))
        people, errors = read_list(text)
        for error in errors:
            self.add_error("list", error)
        if people and type_ is None:
            self.add_error("list_type", "Choose their ticket.")
        elif type_ is not None:
            self.wished += [(type_, *person) for person in people]

    @property
    def who(self) -> tuple[str, str]:
        """Name and address of whoever books."""
        if self.buyer is not None:
            return self.buyer.name, self.buyer.email
        return self.cleaned_data["your_name"], self.cleaned_data["your_email"].lower()


def read_list(text: str) -> tuple[list[tuple[str, str, str]], list[str]]:
    """People from a pasted list, one a line, and what is wrong with lines that are nobody; a few of these at most."""
    people, errors = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = [" ".join(part.split()) for part in re.split(r"[,;\t]", line)]
        name, email, organisation = [*parts, "", ""][:3]
        try:
            validate_email(email)
        except ValidationError:
            errors.append(f"Line {number}: write name, e-mail address and organisation with commas between.")
            continue
        if not name or len(name) > 150 or len(organisation) > 150 or len(email) > 254:
            errors.append(f"Line {number}: write a name, at most 150 letters long.")
            continue
        people.append((name, email.lower(), organisation))
    if len(people) > LINES:
        errors.append(f"These are {len(people)} people. Book at most {LINES} at once.")
    return people, errors[:5]


def _buyer_fields() -> dict[str, forms.Field]:
    return {
        "your_name": LineField(
            label="Your name",
            max_length=150,
            widget=_text("name"),
            error_messages={"required": "Write your name."},
        ),
        "your_email": forms.EmailField(
            label="Your e-mail address",
            max_length=254,
            help_text="The booking is mailed there.",
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages={"required": "Write your e-mail address.", "invalid": WHOLE_ADDRESS},
        ),
    }


def _text(autocomplete: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete})


def _label(type_: TicketType, left: str) -> str:
    cost = pounds(type_.price_with_vat) if type_.price else "free"
    block = f", {type_.least} at least" if type_.least > 1 else ""
    return f"{type_}: {cost}{block} ({left[:1].lower()}{left[1:]})"
