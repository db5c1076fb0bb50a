"""One timeline of everything in a case, read in one query whatever its sources.

Each source is a branch of one UNION with the same five columns. An app that adds to cases adds a branch here.
"""

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from referrals.models import (
    Amendment,
    Appointment,
    CareContact,
    Episode,
    FollowUp,
    InformationRequest,
    MessageBack,
    Referral,
)
from referrals.models.episode import Outcome
from referrals.models.referral import DeclineReason, Urgency

# An episode's id that none has, standing for whichever is asked for.
ANYBODY = -1


@dataclass
class Entry:
    """One thing that happened, or is going to. `facts` depends on the kind; `notes` are amendments, oldest first."""

    at: dt.datetime
    kind: str
    pk: int
    by: str
    facts: dict[str, Any]
    notes: list["Entry"] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return HEADINGS[self.kind](self.facts)

    @property
    def text(self) -> str:
        return str(self.notes[-1].facts["note"] if self.notes else self.facts.get("note", ""))

    @property
    def amended(self) -> "Entry":
        """The latest amendment. Only of an entry that has one."""
        return self.notes[-1]

    @property
    def kind_name(self) -> str:
        """What kind of appointment it is."""
        return str(Appointment.Kind(self.facts["kind"]).label)

    @property
    def quiet(self) -> bool:
        """Whether it is a step of the work rather than something with the person."""
        return self.kind in ("follow_up", "message", "accepted")

    @property
    def alert(self) -> bool:
        return self.kind in ("declined", "withdrawn") or self.facts.get("urgency") == Urgency.CRISIS


@dataclass(frozen=True)
class Timeline:
    """A case's story: what has happened, newest first, and what is to come, soonest first."""

    past: list[Entry]
    follow_ups: list[Entry]
    appointments: list[Entry]
    unwritten: list[Entry]

    @property
    def next_follow_up(self) -> Entry | None:
        return self.follow_ups[0] if self.follow_ups else None


def timeline(episode: Episode, referrals: list[Referral]) -> Timeline:
    """Reads the case's story: one query. `referrals` are the episode's, with `practice` and whoever decided."""
    entries = [_entry(row) for row in _rows(episode.pk)]
    amendments: dict[int, list[Entry]] = defaultdict(list)
    for entry in sorted((e for e in entries if e.kind == "amendment"), key=lambda e: e.at):
        amendments[entry.facts["contact"]].append(entry)
    past = [milestone for referral in referrals for milestone in _milestones(referral)]
    follow_ups: list[Entry] = []
    appointments: list[Entry] = []
    unwritten: list[Entry] = []
    now = timezone.now()
    for entry in entries:
        match entry.kind:
            case "amendment":
                continue
            case "contact":
                entry.notes = amendments[entry.pk]
                past.append(entry)
            case "follow_up" if not entry.facts["done_at"]:
                follow_ups.append(entry)
            case "appointment" if entry.facts["cancelled_at"]:
                past.append(entry)
            case "appointment":
                if not entry.facts["written"]:
                    (appointments if entry.at > now else unwritten).append(entry)
            case _:
                past.append(entry)
    if episode.closed_at:
        closing = {"outcome": episode.outcome, "note": episode.closing_note}
        past.append(Entry(episode.closed_at, "closed", episode.pk, str(episode.closed_by or ""), closing))
    return Timeline(
        past=sorted(past, key=lambda e: (e.at, ORDER.get(e.kind, 5), e.pk), reverse=True),
        follow_ups=sorted(follow_ups, key=lambda e: (e.facts["due_on"], e.pk)),
        appointments=sorted(appointments, key=lambda e: e.at),
        unwritten=sorted(unwritten, key=lambda e: e.at),
    )


@cache
def _sql() -> tuple[str, tuple[Any, ...]]:
    """The union as SQL, with ANYBODY for the episode. Put together once in a process: six branches cost the ORM more
    than the page's rows cost the database.
    """
    return _union(ANYBODY).query.sql_with_params()


def _rows(episode_id: int) -> list[tuple[Any, ...]]:
    sql, parameters = _sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, [episode_id if value == ANYBODY else value for value in parameters])
        return cursor.fetchall()


def _union(episode_id: int) -> QuerySet:
    of = {"episode": episode_id}
    return _branch(
        CareContact.objects.filter(**of),
        "contact",
        at="happened_at",
        by="by__name",
        facts=["kind", "result", "minutes", "note", "appointment_id"],
    ).union(
        _branch(
            Amendment.objects.order_by().filter(contact__episode=episode_id),
            "amendment",
            at="at",
            by="by__name",
            facts=["note", "reason"],
            contact=F("contact_id"),
        ),
        _branch(
            Appointment.objects.filter(**of),
            "appointment",
            at="starts_at",
            by="with_user__name",
            facts=["kind", "minutes", "place", "note", "cancelled_at", "cancel_note"],
            written=F("contact__id"),
        ),
        _branch(
            FollowUp.objects.filter(**of),
            "follow_up",
            at="created_at",
            by="done_by__name",
            facts=["what", "due_on", "done_at"],
        ),
        _branch(
            MessageBack.objects.filter(**of),
            "message",
            at="created_at",
            by="by__name",
            facts=["kind", "share_back", "filed_at"],
            text=F("text"),
        ),
        _branch(
            InformationRequest.objects.filter(referral__episode=episode_id),
            "question",
            at="asked_at",
            by="asked_by__name",
            facts=["question", "answer", "answered_at"],
            answered_by=F("answered_by__name"),
        ),
        all=True,
    )


def _branch(rows: QuerySet, kind: str, *, at: str, by: str, facts: list[str], **more: F) -> QuerySet:
    return rows.annotate(
        t_at=F(at),
        t_kind=Value(kind, output_field=CharField()),
        t_by=Cast(F(by), CharField()),
        t_facts=JSONObject(**{name: F(name) for name in facts}, **more),
    ).values_list("t_at", "t_kind", "pk", "t_by", "t_facts")


def _entry(row: tuple[Any, ...]) -> Entry:
    at, kind, pk, by, text = row
    facts = json.loads(text)
    for name in ("cancelled_at", "done_at", "filed_at", "answered_at"):
        if facts.get(name):
            facts[name] = parse_datetime(facts[name])
    if facts.get("due_on"):
        facts["due_on"] = parse_date(facts["due_on"])
    if kind == "follow_up" and facts["done_at"]:
        at = facts["done_at"]
    return Entry(at, kind, pk, by or "", facts)


def _milestones(referral: Referral) -> list[Entry]:
    """What the referral's own row tells: when it came, and what became of it."""
    facts = {"referral": referral, "urgency": referral.urgency, "note": referral.why_now}
    found = [Entry(referral.submitted_at, "referral", referral.pk, "", facts)]
    if referral.accepted_at:
        found.append(Entry(referral.accepted_at, "accepted", referral.pk, str(referral.accepted_by), {}))
    if referral.declined_at:
        reason = {"reason": referral.decline_reason, "note": referral.decline_note}
        found.append(Entry(referral.declined_at, "declined", referral.pk, str(referral.declined_by), reason))
    if referral.withdrawn_at:
        note = {"note": referral.withdraw_note}
        found.append(Entry(referral.withdrawn_at, "withdrawn", referral.pk, str(referral.withdrawn_by), note))
    return found


def _contact_heading(facts: dict[str, Any]) -> str:
    kind = str(CareContact.Kind(facts["kind"]).label)
    if facts["result"] != CareContact.Result.TOOK_PART:
        return f"{CareContact.Result(facts['result']).label} ({kind.lower()})"
    return f"{kind}, {facts['minutes']} minutes" if facts["minutes"] else kind


HEADINGS = {
    "contact": _contact_heading,
    "appointment": lambda facts: f"Cancelled: {Appointment.Kind(facts['kind']).label.lower()}",
    "follow_up": lambda facts: f"Done: {facts['what']}",
    "message": lambda facts: f"Message to the practice: {MessageBack.Kind(facts['kind']).label.lower()}",
    "question": lambda facts: "Asked the practice for more",
    "referral": lambda facts: f"Referred by {facts['referral'].referrer_name}",
    "accepted": lambda facts: "Referral accepted",
    "declined": lambda facts: f"Declined: {DeclineReason(facts['reason']).label.lower()}",
    "withdrawn": lambda facts: "Withdrawn by the practice",
    "closed": lambda facts: f"Closed: {Outcome(facts['outcome']).label.lower()}",
}
# Of things in the same moment, the one that follows from the other is the later.
ORDER = {"referral": 0, "accepted": 1, "contact": 2, "message": 6, "closed": 7}
