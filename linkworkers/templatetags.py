"""Template filters every page may use without `{% load %}`: dates and names as people say them, and form controls."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from html import escape
from typing import Any
from urllib.parse import quote

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

DAY = dt.timedelta(days=1)
# From the longest: the shortest time told in this unit, the unit's length, its name. Six weeks say more than one month.
WAIT_UNITS = (
    (730 * DAY, 365 * DAY, "year"),
    (84 * DAY, 30.44 * DAY, "month"),
    (14 * DAY, 7 * DAY, "week"),
    (DAY, DAY, "day"),
    (dt.timedelta(hours=1), dt.timedelta(hours=1), "hour"),
    (dt.timedelta(minutes=1), dt.timedelta(minutes=1), "minute"),
)


@register.filter
def nhs(number: str | None) -> str:
    """Returns an NHS number as it is printed on letters, 943 476 5919; anything but ten digits comes back as it is."""
    if number and re.fullmatch(r"[0-9]{10}", number):
        return f"{number[:3]} {number[3:6]} {number[6:]}"
    return number or ""


@register.filter
def pounds(amount: Decimal | None) -> str:
    """Returns an amount as it is written: £1,234.50, and −£5.00 below zero."""
    return "" if amount is None else f"{'−' if amount < 0 else ''}£{abs(amount):,.2f}"


@register.filter
def age(born: dt.date | None) -> int | str:
    """Returns whole years since `born`, today in London; nothing when the date is not known."""
    if born is None:
        return ""
    today = timezone.localdate()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@register.filter
def when(moment: dt.datetime | dt.date | None, show: str = "") -> str:
    """Returns a day as people say it, in London: "today 14:30", "yesterday 16:40", "Mon 16 Nov", "Mon 16 Nov 2025".

    A date has no time of day. `show="time"` adds it to days further off too ("Mon 16 Nov 14:30"), for an appointment.
    """
    if moment is None:
        return ""
    clock = ""
    if isinstance(moment, dt.datetime):
        moment = timezone.localtime(moment)
        day, clock = moment.date(), f" {moment:%H:%M}"
    else:
        day = moment
    today = timezone.localdate()
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - today).days)
    if near:
        return near + clock
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}{clock if show == 'time' else ''}"


@register.filter
def wait(since: dt.datetime | dt.date | None) -> str:
    """Returns the time between `since` and now, in one rounded-down unit: "20 minutes", "3 days", "6 weeks".

    A date counts whole days. It says how long, not whether before or after: "overdue 3 days" and "due in 3 days".
    """
    if since is None:
        return ""
    if isinstance(since, dt.datetime):
        length, none = abs(timezone.now() - since), "less than a minute"
    else:
        length, none = abs(timezone.localdate() - since), "less than a day"
    for shortest, unit, name in WAIT_UNITS:
        if length >= shortest:
            number = int(length / unit)
            return f"{number} {name}{'' if number == 1 else 's'}"
    return none


@register.filter
def plain_number(number: Decimal | None) -> str:
    """Returns a number without the noughts that say nothing: 6.50 as "6.5", 20.00 as "20"."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def initials_name(given_name: str, family_name: str) -> str:
    """Returns a name for a list that others may see over a shoulder: "Jim H.".

    The initial keeps its accents and vowel signs, which in some scripts are separate characters.
    """
    family = unicodedata.normalize("NFC", family_name.strip())
    if not family:
        return given_name
    end = 1
    while end < len(family) and unicodedata.category(family[end]).startswith("M"):
        end += 1
    return f"{given_name} {family[:end]}.".strip()


@register.filter(is_safe=True)
def plain_paragraphs(text: str | None) -> SafeString:
    """Returns what a person typed as HTML paragraphs, all of it escaped, line breaks kept."""
    text = (text or "").strip()
    return mark_safe(linebreaks(text, autoescape=True) if text else "")  # noqa: S308 (escaped by linebreaks)


def mailto(address: str) -> str:
    """The address of a link that writes to an e-mail address, and to nobody else: `a?bcc=b@x.example` is one, too."""
    return f"mailto:{quote(address, safe='@')}"


@register.filter
def mail_link(address: str) -> SafeString:
    """Returns a link for writing to an e-mail address, which breaks after its @ where the line is short."""
    local, at, domain = address.rpartition("@")
    return format_html('<a href="{}">{}{}<wbr>{}</a>', mailto(address), local, at, domain)


@register.filter
def control_kind(field: BoundField) -> str:
    """Returns how the field template lays a field out: "tick", "group" (several controls, one question) or "input"."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "group" if widget.use_fieldset else "input"


@register.filter
def control(field: BoundField) -> SafeString:
    """Returns the field's widget as HTML, our class added to the widget's own, with the ARIA attributes Django sets.

    Django's plain widgets are written out here: a form of 25 fields costs a third of what it costs through Django's
    widget templates, one of which is rendered for every option of a list. A widget with a template of its own uses it.
    """
    widget = field.field.widget
    kind = "check-input" if isinstance(widget, TICKS) else "select" if isinstance(widget, forms.Select) else "control"
    attrs: dict[str, str | bool] = {"class": f"form-{kind} {widget.attrs.get('class', '')}".rstrip()}
    write = WRITERS.get(widget.template_name)
    if write is None:
        return field.as_widget(attrs=attrs)
    attrs = field.build_widget_attrs(attrs, widget)
    attrs.setdefault("id", widget.attrs.get("id") or field.auto_id)
    data = widget.get_context(field.html_name, field.value(), attrs)["widget"]
    return mark_safe(write(data))  # noqa: S308 (each writer escapes what it is given)


@register.filter
def first_control_id(field: BoundField) -> str:
    """Returns the id a link to the field leads to: its input, or the first of its group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def takes_error_summary(form: forms.BaseForm) -> bool:
    """Returns whether a form has errors that the page has not summed up yet: each of its parts asks, the first gets it.

    Side effect: marks the form as summed up.
    """
    if not form.errors or getattr(form, "errors_summed_up", False):
        return False
    form.errors_summed_up = True  # type: ignore[attr-defined]
    return True


def _escape(value: object) -> str:
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def _attributes(values: dict[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{_escape(value)}"'
        for name, value in values.items()
        if value is not False and value is not None
    )


def _input(data: dict[str, Any]) -> str:
    return f"<input{_attributes({key: data[key] for key in ('type', 'name', 'value')})}{_attributes(data['attrs'])}>"


def _textarea(data: dict[str, Any]) -> str:
    # A browser drops the first line break, so a note that starts with one keeps it.
    text = _escape(data["value"] or "")
    return f"<textarea{_attributes({'name': data['name'], **data['attrs']})}>\n{text}</textarea>"


def _select(data: dict[str, Any]) -> str:
    rows = []
    for group, options, _ in data["optgroups"]:
        written = "".join(
            f"<option{_attributes({'value': str(option['value']), **option['attrs']})}>"
            f"{_escape(option['label'])}</option>"
            for option in options
        )
        rows.append(f"<optgroup{_attributes({'label': group})}>{written}</optgroup>" if group else written)
    return f"<select{_attributes({'name': data['name'], **data['attrs']})}>{''.join(rows)}</select>"


def _ticks(data: dict[str, Any]) -> str:
    rows = []
    for group, options, _ in data["optgroups"]:
        if group:
            rows.append(f'<p class="ticks-group">{_escape(group)}</p>')
        for option in options:
            option["value"] = str(option["value"])
            label = f"<label{_attributes({'for': option['attrs'].get('id')})}>{_escape(option['label'])}</label>"
            rows.append(f'<div class="tick">{_input(option)}{label}</div>')
    return f'<div class="ticks">{"".join(rows)}</div>'


TICKS = (forms.CheckboxInput, forms.RadioSelect)  # CheckboxSelectMultiple is a RadioSelect
WRITERS = {
    **{
        widget.template_name: _input
        for widget in (
            *(forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput),
            *(forms.DateInput, forms.TimeInput, forms.DateTimeInput, forms.CheckboxInput),
        )
    },
    forms.Textarea.template_name: _textarea,
    forms.Select.template_name: _select,
    forms.RadioSelect.template_name: _ticks,
    forms.CheckboxSelectMultiple.template_name: _ticks,
}
