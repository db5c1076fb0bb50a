"""A sheet of members that an office brings along: what is wrong with it, and what would become of each row."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.formats import date_format

from linkworkers.forms import WHOLE_ADDRESS, typed_date
from linkworkers.spreadsheets import Problem, Row, Table, read_table
from members.models import FOREVER, Membership, Plan, Region, User, UserManager

T = TypeVar("T")

MOST_ROWS = 5_000
EARLIEST = dt.date(1950, 1, 1)
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("full name", "member", "contact", "contact name"),
    "email": ("e-mail", "email address", "e-mail address", "mail"),
    "plan": ("membership", "type", "membership type", "category", "level"),
    "region": ("area", "nation"),
    "joined": ("joined on", "join date", "date joined", "member since", "from", "start", "start date"),
    "until": ("paid until", "paid to", "valid until", "expires", "expiry", "expiry date", "to", "end", "end date"),
    "number": ("old number", "membership number", "member number", "no", "id"),
    "employer": ("organisation", "organization", "company", "employer/organisation"),
}
REQUIRED = ("name", "email", "plan", "joined")
LABELS = {"joined": "joined on", "until": "paid until"}


class Outcome(StrEnum):
    NEW = "A new account"
    JOINS = "Joins an account that is there"
    KEPT = "Is a member already: stays as it is"
    DIFFERS = "Is a member already with other dates: stays as it is"


@dataclass(frozen=True)
class Entry:
    """A row in which nothing is wrong. `organization` is an employer's, or what a person's row said of theirs."""

    number: int
    name: str
    email: str
    plan: Plan
    region: str
    joined: dt.date
    until: dt.date
    old_number: str
    organization: str
    outcome: Outcome
    has_account: bool
    note: str = ""

    @property
    def is_taken_in(self) -> bool:
        return self.outcome in (Outcome.NEW, Outcome.JOINS)

    @property
    def answer(self) -> str:
        """What is kept of the old records in the membership's note."""
        facts = [("Old number", self.old_number)]
        if not self.plan.is_for_employers:
            facts.append(("Organisation", self.organization))
        return "\n".join(f"{label}: {value}" for label, value in facts if value)


@dataclass
class Checked:
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def taken_in(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_taken_in]

    def count(self, outcome: Outcome) -> int:
        return sum(entry.outcome == outcome for entry in self.entries)

    def outcomes(self) -> dict[str, str]:
        """What a page showed of it, to tell whether it is still so."""
        return {str(entry.number): entry.outcome for entry in self.entries}


def read(upload: bytes) -> Table:
    """The sheet. Raises `linkworkers.spreadsheets.Unreadable`."""
    return read_table(upload, columns=COLUMNS, required=REQUIRED, most_rows=MOST_ROWS)


def check(rows: Sequence[Row]) -> Checked:
    """Looks at every row, and at who is here already. Four queries, whatever the number of rows."""
    known = _Known(rows)
    checked = Checked()
    first_rows: dict[str, int] = {}
    for row in rows:
        entry, wrong = _entry(row, known)
        if entry is not None:
            whose = f"employer {entry.organization.lower()}" if entry.plan.is_for_employers else entry.email
            if whose in first_rows:
                what = "organisation" if entry.plan.is_for_employers else "e-mail address"
                wrong.append(f"Row {first_rows[whose]} has this {what} too. Take one of the two out.")
            first_rows.setdefault(whose, row.number)
            checked.entries.append(entry)
        checked.problems += [Problem(row.number, text) for text in wrong]
    return checked


class _Known:
    """What the database holds of what the rows name."""

    def __init__(self, rows: Iterable[Row]) -> None:
        emails = {UserManager.normalize_email(row.cells.get("email")) for row in rows}
        names = {row.cells.get("employer", "").lower() for row in rows}
        self.today = timezone.localdate()
        self.plans = {word: plan for plan in Plan.objects.all() for word in (plan.key.lower(), plan.name.lower())}
        self.people = {user.email: user for user in User.objects.filter(email__in=emails)}
        ours = Membership.objects.filter(user__email__in=emails).select_related("user", "plan")
        self.memberships = {membership.mailbox.email: membership for membership in ours}
        employers = Membership.objects.annotate(called=Lower("organization_name"))
        found = employers.filter(user=None, called__in=names).select_related("plan", "contact")
        self.employers = {membership.organization_name.lower(): membership for membership in found}


REGIONS = {word: region.label for region in Region for word in (region.value, region.label.lower())}
BY_LABEL = {region.label: region.value for region in Region}


def _entry(row: Row, known: _Known) -> tuple[Entry | None, list[str]]:
    """The row as it is understood; None, and why, when it is not."""
    wrong: list[str] = []
    said = {column: row.cells.get(column, "") for column in COLUMNS}
    for column in REQUIRED:
        if not said[column]:
            label = LABELS.get(column, column)
            wrong.append(f"There is no {label}. If cells were merged, fill it in on each row.")
    plan = _known_word("plan", said["plan"], known.plans, wrong)
    region = _known_word("region", said["region"], REGIONS, wrong)
    joined, until = _day("joined", said["joined"], wrong), _day("until", said["until"], wrong)
    email = _email(said["email"], wrong)
    for column, longest in (("name", 150), ("employer", 200), ("number", 60)):
        if len(said[column]) > longest:
            wrong.append(f"The {column} has more than {longest} characters. Shorten it.")
    if joined and joined > known.today:
        wrong.append(f"They joined on {date_format(joined)}, which is still to come. Check the year.")
    if plan and plan.months is None:
        if until:
            wrong.append(f"{plan} is for life. Leave “paid until” empty, or choose another plan.")
        until = FOREVER
    elif plan and not said["until"]:
        wrong.append("There is no paid until. Write the last day that is paid for.")
    if joined and until and until < joined:
        wrong.append(f"Paid until {date_format(until)} is before they joined, {date_format(joined)}.")
    if plan and plan.is_for_employers and not said["employer"]:
        wrong.append(f"{plan} is for employers. Write the organisation into the column “employer”.")
    person = known.people.get(email)
    if person and not person.is_active:
        wrong.append(f"The account of {email} is closed. Open it again first, or take the row out.")
    if wrong or plan is None or joined is None or until is None:
        return None, wrong
    outcome, note = _outcome(said, email, plan, until, known)
    entry = Entry(
        number=row.number,
        name=said["name"],
        email=email,
        plan=plan,
        region=BY_LABEL.get(region or "", ""),
        joined=joined,
        until=until,
        old_number=said["number"],
        organization=said["employer"],
        outcome=outcome,
        has_account=person is not None,
        note=note,
    )
    return entry, wrong


def _outcome(said: dict[str, str], email: str, plan: Plan, until: dt.date, known: _Known) -> tuple[Outcome, str]:
    here: Membership | None = known.memberships.get(email)
    if plan.is_for_employers:
        here = known.employers.get(said["employer"].lower())
    if here is None:
        return (Outcome.JOINS if email in known.people else Outcome.NEW), ""
    if (here.ends_on, here.plan_id) == (until, plan.pk):
        return Outcome.KEPT, here.number
    ends = "for life" if here.for_life else f"until {date_format(here.ends_on)}" if here.ends_on else "without a term"
    return Outcome.DIFFERS, f"{here.number}: {here.plan}, {ends}"


def _email(typed: str, wrong: list[str]) -> str:
    email = UserManager.normalize_email(typed)
    try:
        if email:
            validate_email(email)
    except ValidationError:
        wrong.append(f"“{typed[:60]}” is no e-mail address. {WHOLE_ADDRESS}")
    if len(email) > 254:
        wrong.append("The e-mail address is longer than one can be.")
    return email


def _known_word(column: str, typed: str, words: Mapping[str, T], wrong: list[str]) -> T | None:
    """What a word stands for; told with the one that is meant, perhaps, when there is no such word."""
    if not typed or typed.lower() in words:
        return words.get(typed.lower())
    near = get_close_matches(typed.lower(), words, n=1, cutoff=0.5)
    meant = f"Did you mean {words[near[0]]}?" if near else f"Write one of: {', '.join(map(str, _once(words)))}."
    wrong.append(f"There is no {column} “{typed[:40]}”. {meant}")
    return None


def _once(words: Mapping[str, T]) -> list[T]:
    return list(dict.fromkeys(words.values()))


def _day(column: str, typed: str, wrong: list[str]) -> dt.date | None:
    if not typed:
        return None
    day = typed_date(typed.split(" 00:00")[0])
    label = LABELS[column].capitalize()
    if day is None:
        wrong.append(f"{label}: “{typed[:30]}” is no day. Write day, month and year in full, as in 29/02/2024.")
    elif not EARLIEST <= day <= dt.date(2199, 12, 31):
        wrong.append(f"{label}: {date_format(day)} cannot be right. Check the year.")
        return None
    return day
