"""The rows of the demo, kept until they are saved together, each table in the order in which it came about."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model

from linkworkers.audit.models import AuditEvent
from members.models import User
from referrals.models import (
    Amendment,
    Appointment,
    CareContact,
    CodedEntry,
    Episode,
    FollowUp,
    InformationRequest,
    MessageBack,
    Person,
    Referral,
)

# In the order of their foreign keys, with the moment by which the rows of a table are sorted.
TABLES: dict[type[Model], str] = {
    Person: "created_at",
    Episode: "opened_at",
    Referral: "submitted_at",
    InformationRequest: "asked_at",
    Appointment: "created_at",
    CareContact: "created_at",
    Amendment: "at",
    FollowUp: "created_at",
    MessageBack: "created_at",
    CodedEntry: "recorded_at",
}

Row = TypeVar("Row", bound=Model)


@dataclass
class Deed:
    """What the audit trail says of a move; it names its subject by key, so it becomes a row once the subject is one."""

    at: dt.datetime
    verb: str
    by: User | None
    subject: Model
    person: Person
    facts: dict[str, Any]


class Records:
    """Rows not saved yet. The trail of how they came about is kept beside them."""

    def __init__(self) -> None:
        self.rows: dict[type[Model], list[Any]] = defaultdict(list)
        self.deeds: list[Deed] = []

    def add(self, row: Row) -> Row:
        self.rows[type(row)].append(row)
        return row

    def of(self, table: type[Row]) -> list[Row]:
        return self.rows[table]

    def note(self, verb: str, at: dt.datetime, by: User | None, subject: Model, person: Person, **facts: Any) -> None:
        """Keeps what the audit trail will say of a move."""
        self.deeds.append(Deed(at, verb, by, subject, person, facts))

    def save(self) -> None:
        """Saves everything, in about twenty statements."""
        for table, moment in TABLES.items():
            table._default_manager.bulk_create(sorted(self.rows[table], key=lambda row: getattr(row, moment)))
        AuditEvent.objects.bulk_create(
            AuditEvent(
                at=deed.at,
                actor_id=deed.by.pk if deed.by else None,
                actor=f"{deed.by.get_full_name()} <{deed.by.email}>" if deed.by else "the system",
                verb=deed.verb,
                subject_type=deed.subject._meta.label_lower,
                subject_id=str(deed.subject.pk),
                person_id=deed.person.pk,
                facts=deed.facts,
            )
            for deed in sorted(self.deeds, key=lambda deed: deed.at)
        )
