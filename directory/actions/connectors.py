"""What is done with community connectors and their counters."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date

from directory import permissions
from directory.models import Connector, Need, Tap
from linkworkers.actions import Refused
from linkworkers.audit.actions import record
from members.models import User, Workplace

OLDEST_TAP = dt.timedelta(days=60)
DAY = dt.timedelta(days=1)
UNREADABLE = "It could not be read."
SWITCHED_OFF = (
    "This counter is switched off. Ask whoever gave you the link. What your phone has not sent yet, it keeps."
)


@transaction.atomic
def make_connector(*, name: str, workplace: Workplace, by: User) -> Connector:
    """Gives a community connector a counter, with a link of its own. Raises PermissionDenied."""
    connector = Connector(name=name, workplace=workplace)
    if not permissions.can_change_connector(by, connector):
        raise PermissionDenied
    connector.save()
    record("connector.made", by=by, subject=connector, facts={"name": name, "workplace": str(workplace)})
    return connector


@transaction.atomic
def change_connector(*, connector: Connector, name: str, is_active: bool, by: User) -> Connector:
    """Renames a connector, or switches its counter off or on: what was counted stays. Raises PermissionDenied."""
    locked = Connector.objects.select_for_update().get(pk=connector.pk)
    if not permissions.can_change_connector(by, locked):
        raise PermissionDenied
    locked.name, locked.is_active = name, is_active
    locked.save(update_fields=["name", "is_active"])
    record("connector.changed", by=by, subject=locked, facts={"name": name, "counts": is_active})
    return locked


@dataclass(frozen=True)
class Counted:
    """What became of a batch: ids, as they were sent, that are counted now or were before, and why others never are."""

    ids: list[str]
    refused: dict[str, str]


def count_taps(*, connector: Connector, taps: Sequence[Any]) -> Counted:
    """Counts taps as a phone sends them: `{"id": UUID, "on": "2026-11-22", "need": "money"}`, the last one optional.

    A tap is told by its id: however often and by however many it is sent, it counts once. Tomorrow is taken for a
    phone whose clock is ahead, and counts today; a tap from further ahead or from more than 60 days ago is refused,
    and so is one that cannot be read. Nothing goes into the audit trail: a tap is its own record, and nobody's.

    Raises Refused when the counter is switched off.
    """
    if not connector.is_active:
        raise Refused(SWITCHED_OFF)
    rows: dict[str, Tap] = {}
    refused: dict[str, str] = {}
    for tap in taps:
        facts = tap if isinstance(tap, dict) else {}
        sent_as = str(facts.get("id"))
        try:
            rows[sent_as] = _row(connector, facts)
        except Refused as refusal:
            refused[sent_as] = str(refusal)
    Tap.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return Counted(ids=list(rows), refused=refused)


def _row(connector: Connector, tap: dict[str, Any]) -> Tap:
    need = tap.get("need") or ""
    try:
        tap_id, day = uuid.UUID(str(tap.get("id"))), parse_date(str(tap.get("on")))
    except ValueError:
        raise Refused(UNREADABLE) from None
    if day is None or (need and need not in Need.values):
        raise Refused(UNREADABLE)
    today = timezone.localdate()
    if day < today - OLDEST_TAP:
        raise Refused("It is more than 60 days old.")
    if day > today + DAY:
        raise Refused("Its day has not come yet. Set the phone’s date right.")
    return Tap(pk=tap_id, connector=connector, need=need, on=min(day, today))
