"""The rota as HTML tables, written out here: with some hundred sessions in a month, a template that is asked for each
costs several times what the rest of the page does. Whatever people typed is escaped.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from html import escape

from django.utils.safestring import SafeString, mark_safe

from volunteers.rota import Entry, Rota

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Link = Callable[[int], str]


def by_day(rota: Rota, *, session: Link, assign: Link) -> SafeString:
    """A calendar: a column for each day of the week, a row for each week. On a phone each day is a card.

    `session` and `assign` make the addresses of a session's page ("" for none) and of the page where somebody is put
    on it.
    """
    columns = rota.weekdays
    rows = []
    for week in rota.weeks:
        cells = []
        for number in columns:
            day = week[number]
            entries = rota.days.get(day, [])
            if not rota.period.first <= day <= rota.period.last:
                cells.append('<td class="rota-none"></td>')
                continue
            slots = "".join(_slot(entry, session, assign) for entry in entries)
            listed = f'<ul class="rota-slots">{slots}</ul>' if slots else ""
            empty = "" if slots else ' class="rota-none"'
            cells.append(f'<td{empty}><h3 class="rota-date">{_short(day)}</h3>{listed}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return _table(rota, "", columns, rows, "by day")


def by_person(rota: Rota, *, session: Link, assign: Link) -> SafeString:
    """A row for each volunteer who is on at all, and one above them for what is still needed."""
    columns = rota.weekdays
    rows = []
    names: dict[int, str] = {}
    shifts: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    needed: dict[int, list[str]] = defaultdict(list)
    for entry in rota.entries:
        weekday, written = entry.day.weekday(), ""
        for volunteer, name in entry.on.items():
            names.setdefault(volunteer, name)
            written = written or _place(entry, session)
            shifts[volunteer][weekday].append(written)
        if entry.is_named and _is_short(entry):
            needed[weekday].append(_place(entry, session, f"{_status(entry)}{_find(entry, assign)}"))
    if needed:
        rows.append(_person("Still needed", needed, columns))
    for volunteer, name in sorted(names.items(), key=lambda each: (each[1].casefold(), each[0])):
        rows.append(_person(name, shifts[volunteer], columns))
    return _table(rota, '<th scope="col">Volunteer</th>', columns, rows, "by person")


def _table(rota: Rota, first: str, columns: list[int], rows: list[str], how: str) -> SafeString:
    heads = first + "".join(f'<th scope="col">{WEEKDAYS[number]}</th>' for number in columns)
    table = (
        f'<table class="rota rota-{how.replace(" ", "-")}"><caption class="visually-hidden">Rota of '
        f"{rota.period.label}, {how}</caption><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
    return mark_safe(table)  # noqa: S308 (every name in it is escaped)


def _person(name: str, shifts: dict[int, list[str]], columns: list[int]) -> str:
    cells = []
    for number in columns:
        found = shifts.get(number)
        listed = f'<ul class="rota-slots">{"".join(found)}</ul>' if found else ""
        cells.append(f'<td data-label="{WEEKDAYS[number]}">{listed}</td>')
    return f'<tr><th scope="row">{escape(name)}</th>{"".join(cells)}</tr>'


def _slot(entry: Entry, session: Link, assign: Link) -> str:
    """A session in a calendar's day."""
    who = ", ".join(escape(name) for name in entry.on.values())
    if not entry.is_named and not entry.is_cancelled:
        who = f"{entry.taken} of {entry.places} volunteer{'' if entry.places == 1 else 's'}"
    clinic = escape(entry.clinic)
    title = f"{entry.starts}–{entry.ends} {clinic}"
    address = session(entry.pk)
    head = f'<a href="{address}">{title}</a>' if address else f"<b>{title}</b>"
    people = f'<span class="rota-who">{who}</span>' if who else ""
    kind = " rota-off" if entry.is_cancelled else ""
    return (
        f'<li class="rota-slot{kind}">{head}<span class="meta">{escape(entry.practice)}</span>{people}'
        f"{_status(entry)}{_find(entry, assign)}</li>"
    )


def _place(entry: Entry, session: Link, more: str = "") -> str:
    """A session in a person's day."""
    title = f"{_short(entry.day)[4:]}, {entry.starts}–{entry.ends}"
    address = session(entry.pk)
    head = f'<a href="{address}">{title}</a>' if address else f"<b>{title}</b>"
    where = f'<span class="meta">{escape(entry.clinic)}, {escape(entry.practice)}</span>'
    return f'<li class="rota-slot">{head}{where}{more}</li>'


def _is_short(entry: Entry) -> bool:
    return entry.taken < entry.at_least and not entry.is_cancelled and not entry.has_begun


def _status(entry: Entry) -> str:
    """How a session stands, in words."""
    if entry.is_cancelled:
        return '<span class="tag">cancelled</span>'
    if entry.has_begun:
        return ""
    if entry.taken < entry.at_least:
        return f'<span class="tag tag-alert">short of {entry.at_least - entry.taken}</span>'
    if free := entry.places - entry.taken:
        return f'<span class="tag tag-due">{free} free place{"" if free == 1 else "s"}</span>'
    return '<span class="tag tag-new">full</span>'


def _find(entry: Entry, assign: Link) -> str:
    """The way to put somebody on it, for its coordinator while there is a place."""
    if not entry.is_coordinated or entry.is_cancelled or entry.has_begun or entry.taken >= entry.places:
        return ""
    hidden = f'<span class="visually-hidden"> for {escape(entry.clinic)}, {_short(entry.day)}</span>'
    return f'<a class="rota-find" href="{assign(entry.pk)}">Find somebody{hidden}</a>'


def _short(day: dt.date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
