"""What the office says on the pages where one thing is done with an event, a booking or a ticket."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from events.models import MOST_AT_ONCE, Event, Order, Ticket, TicketType
from events.models.event import MOST_PLACES, check_slug
from linkworkers.forms import WHOLE_ADDRESS, TypedDateField


def text(label: str, longest: int, *, required: bool = True, help_text: str = "", error: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        error_messages={"required": error or f"Write this: {label.lower()}."},
    )


def long_text(label: str, longest: int, *, required: bool = True, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=help_text,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        error_messages={"required": f"Write this: {label.lower()}."},
    )


def moment(label: str, help_text: str = "") -> forms.SplitDateTimeField:
    return forms.SplitDateTimeField(
        label=label,
        help_text=help_text,
        widget=UnfoldAdminSplitDateTimeWidget(),
        error_messages={"required": "Write the day and the time.", "invalid_date": "Write the day as in: 2027-05-20."},
    )


def email(label: str = "E-mail address") -> forms.EmailField:
    return forms.EmailField(
        label=label,
        max_length=254,
        widget=UnfoldAdminEmailInputWidget(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the e-mail address.", "invalid": WHOLE_ADDRESS},
    )


class CopyForm(forms.Form):
    title = text("Title", 120)
    slug = forms.SlugField(
        label="In its address",
        max_length=60,
        validators=[check_slug],
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text="As in: annual-conference-2027.",
        error_messages={"required": "Write what its address ends in. As in: annual-conference-2027."},
    )
    first_day = TypedDateField(
        label="First day",
        help_text="The same weekday a year later is proposed. Sessions and sale dates move with it.",
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the first day."},
    )
    with_speakers = forms.BooleanField(
        label="With its speakers", required=False, widget=UnfoldBooleanSwitchWidget, help_text="Their names only."
    )

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].lower()
        if Event.objects.filter(slug=slug).exists():
            raise forms.ValidationError("Another event has this address. Add the year or the place to it.")
        return slug

    def clean_first_day(self) -> dt.date:
        day = self.cleaned_data["first_day"]
        if not timezone.localdate() <= day <= timezone.localdate() + dt.timedelta(days=5 * 366):
            raise forms.ValidationError("Write a day from today on, within five years.")
        return day


class MoveForm(forms.Form):
    starts_at = moment("Begins")
    ends_at = moment("Ends")
    venue = text("Venue", 120, required=False, help_text="Empty: it takes place online.")
    address = text("Address", 300, required=False)
    postcode = text("Postcode", 8, required=False)
    reason = long_text("Why", 300, help_text="Everybody who comes or waits reads this.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and not start < end <= start + dt.timedelta(days=14):
            self.add_error("ends_at", "It ends after it begins, within two weeks.")
        return cleaned


class CancelForm(forms.Form):
    reason = long_text("Why", 300, help_text="Everybody who comes or waits reads this, and it stands on the page.")


class ReasonForm(forms.Form):
    reason = long_text("Why", 300, help_text="They get it by mail, word for word.")


class MessageForm(forms.Form):
    to = forms.ChoiceField(label="To", widget=UnfoldAdminSelectWidget)
    subject = text("Subject", 150)
    text = long_text("Text", 5000, help_text="It begins with their name, and ends with a link to their ticket.")

    def __init__(self, event: Event, data: Any) -> None:
        super().__init__(data, initial={"to": "all"})
        types = [(str(each.pk), f"Those with “{each}”") for each in event.ticket_types.all()]
        choices = [("all", "Everybody who comes"), ("arrived", "Those who were let in"), *types]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class PlacesForm(forms.Form):
    """The event's capacity, and a quota for each of its types: `quota_<key>`, empty for none."""

    capacity = forms.IntegerField(
        label="Places at the event",
        min_value=1,
        max_value=MOST_PLACES,
        widget=UnfoldAdminIntegerFieldWidget,
        error_messages={"required": "Write how many places there are."},
    )

    def __init__(self, event: Event, data: Any) -> None:
        super().__init__(data, initial={"capacity": event.capacity})
        self.fields["capacity"].help_text = f"{event.taken} are held or sold."
        self.types = list(event.ticket_types.all())
        for each in self.types:
            self.fields[f"quota_{each.pk}"] = forms.IntegerField(
                label=f"At most of “{each}”",
                required=False,
                min_value=0,
                max_value=MOST_PLACES,
                initial=each.quota,
                widget=UnfoldAdminIntegerFieldWidget,
                help_text=f"{each.taken} are held or sold. Empty: as many as places.",
            )

    def quotas(self) -> list[tuple[TicketType, int | None]]:
        """Each type with what was said of it. The form is valid."""
        return [(each, self.cleaned_data[f"quota_{each.pk}"]) for each in self.types]


class BookForm(forms.Form):
    """Tickets of one type for one person and, a line each, for others."""

    type = forms.ModelChoiceField(
        TicketType.objects.none(),
        label="Ticket",
        empty_label=None,
        widget=UnfoldAdminSelectWidget,
        error_messages={"required": "Choose a ticket."},
    )
    name = text("Name", 150)
    email = email()
    organisation = text("Organisation", 150, required=False)
    others = long_text(
        "Others",
        4000,
        required=False,
        help_text="One a line, as in: Ada Lord, ada@example.org. Each has the same ticket.",
    )
    pays = forms.ChoiceField(
        label="What it costs",
        choices=[("invoice", "What the ticket costs, by invoice"), ("nothing", "Nothing: it is a gift of ours")],
        initial="invoice",
        widget=UnfoldAdminRadioSelectWidget,
    )
    bill_to = text("Invoice to", 200, required=False, help_text="Empty: to their name.")
    address = long_text("Address for the invoice", 500, required=False)
    purchase_order = text("Purchase order number", 60, required=False)

    def __init__(self, event: Event, data: Any) -> None:
        super().__init__(data)
        self.fields["type"].queryset = event.ticket_types.all()  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean_others(self) -> list[tuple[str, str]]:
        people = []
        for line in filter(None, map(str.strip, self.cleaned_data["others"].splitlines())):
            name, _, address = line.rpartition(",")
            try:
                people.append((name.strip()[:150], forms.EmailField(max_length=254).clean(address.strip().lower())))
            except forms.ValidationError:
                name = ""
            if not name.strip():
                raise forms.ValidationError(f"“{line[:60]}”: write a name, a comma and an e-mail address.")
        if len(people) >= MOST_AT_ONCE * 5:
            raise forms.ValidationError("Book fewer at once.")
        return people


class GiveBackForm(forms.Form):
    amount = forms.DecimalField(
        label="Comes off the invoice, in pounds",
        max_digits=8,
        decimal_places=2,
        min_value=Decimal(0),
        widget=UnfoldAdminDecimalFieldWidget(attrs={"inputmode": "decimal"}),
        error_messages={"required": "Write the amount; 0 for nothing.", "invalid": "Write it as in: 45.00."},
    )
    reason = text("Why", 300, required=False, help_text="They read it.")

    def __init__(self, ticket: Ticket, data: Any, *, proposed: Decimal) -> None:
        super().__init__(data, initial={"amount": proposed})
        most = ticket.total - ticket.credited
        field = self.fields["amount"]
        field.help_text = f"By the rules it is £{proposed}. At most £{most}: with VAT, what the ticket cost."
        field.validators.append(MaxValueValidator(most, f"It cost £{most}. Write an amount up to that."))
        field.validators.append(MinValueValidator(Decimal(0)))


class HandOverForm(forms.Form):
    name = text("Name", 150)
    email = email()
    organisation = text("Organisation", 150, required=False)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class HoldForm(forms.Form):
    until = moment("Held until", "Within a week from now.")


class SheetForm(forms.Form):
    """Which list, as what kind of file."""

    what = forms.ChoiceField(
        label="What", widget=UnfoldAdminRadioSelectWidget, error_messages={"required": "Choose a list."}
    )
    kind = forms.ChoiceField(
        label="As",
        choices=[("xlsx", "Workbook (XLSX)"), ("csv", "CSV")],
        initial="xlsx",
        widget=UnfoldAdminRadioSelectWidget,
    )

    def __init__(self, lists: list[tuple[str, str]], data: Any) -> None:
        super().__init__(data)
        self.fields["what"].choices = lists  # type: ignore[attr-defined]


def held_until(order: Order) -> dict[str, Any]:
    """What the form for more time begins with: an hour more."""
    return {
        "until": timezone.localtime(max(order.held_until or timezone.now(), timezone.now())) + dt.timedelta(hours=1)
    }
