"""Sessions of clinics, made ahead from their patterns."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from linkworkers.batches import batched
from volunteers.emails import clinics as emails
from volunteers.models import GENERATED_AHEAD, Clinic, ClinicSession, Room
from volunteers.pattern import Pattern

AT_ONCE = 200  # clinics in one transaction


def generate(
    clinics: QuerySet[Clinic] | None = None, *, until: dt.date | None = None, first_day: dt.date | None = None
) -> int:
    """Makes the sessions of clinics up to a day, twelve weeks from today unless told; returns how many are new.

    `clinics` are all that run unless told. Each goes on where it was left, which is kept with each batch, so a run that
    was ended resumes there; of two runs at once each takes what the other is not at. `first_day` begins there instead,
    in the past too, and leaves out what is there already.
    """
    until = until or timezone.localdate() + GENERATED_AHEAD
    due = Clinic.objects.running() if clinics is None else clinics
    if first_day is None:
        due = due.filter(_behind(until))
    ids = list(due.order_by("practice", "pk").values_list("pk", flat=True))
    return sum(_generate(some, until, first_day) for some in batched(ids, AT_ONCE))


@transaction.atomic
def _generate(ids: Sequence[int], until: dt.date, first_day: dt.date | None) -> int:
    # Another run has what is locked in its hands.
    clinics = Clinic.objects.filter(pk__in=ids).select_for_update(of=("self",), skip_locked=True, no_key=True)
    if first_day is None:
        clinics = clinics.filter(_behind(until))
    found = list(clinics.select_related("practice__parent", "room").prefetch_related("times").order_by("pk"))
    return make(found, until=until, first_day=first_day)


def make(clinics: Sequence[Clinic], *, until: dt.date, first_day: dt.date | None = None) -> int:
    """The sessions of clinics that are locked, up to a day; returns how many are new. A day that has one, or had one
    that was cancelled, gets none. Where the room is taken, the session has none and the coordinators are told.

    A clinic that has none yet begins today, with what has not begun.
    """
    today, now = timezone.localdate(), timezone.now()
    wanted: list[ClinicSession] = []
    for clinic in clinics:
        reached = clinic.generated_until
        first = first_day or max(today, reached + dt.timedelta(days=1) if reached else today)
        room_id = clinic.room_id if clinic.room and clinic.room.is_active else None
        wanted += [
            ClinicSession(
                clinic=clinic,
                room_id=room_id,
                pattern_on=each.on,
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                slot_minutes=clinic.slot_minutes,
                at_once=clinic.at_once,
                places=clinic.places,
                at_least=clinic.at_least,
            )
            for each in Pattern.of(clinic).between(first, until)
            if first_day or each.starts_at > now
        ]
    there = _there(wanted)
    wanted = [session for session in wanted if _day(session) not in there]
    hold_rooms(session.room_id for session in wanted)
    ClinicSession.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=2_000)
    there = _there(wanted)
    _without_room([session for session in wanted if _day(session) not in there])
    Clinic.objects.filter(_behind(until), pk__in=[clinic.pk for clinic in clinics]).update(generated_until=until)
    return len(wanted)


def hold_rooms(ids: Iterable[int | None]) -> None:
    """Locks rooms until the transaction ends: whoever takes a room for a time asks here first, after sessions, so that
    of two one waits, instead of each for the other.
    """
    wanted = {room for room in ids if room}
    list(Room.objects.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _without_room(sessions: list[ClinicSession]) -> None:
    """Makes those whose room is taken without one, and says so to whoever coordinates each clinic, once."""
    if not sessions:
        return
    for session in sessions:
        session.room_id = None
    ClinicSession.objects.bulk_create(sessions, batch_size=2_000)
    by_clinic: dict[Clinic, list[ClinicSession]] = defaultdict(list)
    for session in sessions:
        by_clinic[session.clinic].append(session)
    emails.rooms_are_taken(by_clinic)


def _behind(until: dt.date) -> Q:
    return Q(generated_until=None) | Q(generated_until__lt=until)


def _day(session: ClinicSession) -> tuple[int, dt.date | None]:
    return session.clinic_id, session.pattern_on


def _there(wanted: list[ClinicSession]) -> set[tuple[int, dt.date | None]]:
    """Which clinics have a session for which of these days."""
    if not wanted:
        return set()
    first = min(session.pattern_on for session in wanted if session.pattern_on)
    clinics = {session.clinic_id for session in wanted}
    found = ClinicSession.objects.filter(clinic__in=clinics, pattern_on__gte=first)
    return set(found.values_list("clinic_id", "pattern_on"))
