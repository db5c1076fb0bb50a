"""Which times of sessions are free, and where somebody may book one. Reads, and changes nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from members.models import Role, User
from referrals.models import Referral
from volunteers.models import Booking, Clinic, ClinicSession, Shift


@dataclass(frozen=True)
class Slot:
    """A time of a session at which `left` more people can be booked."""

    session: ClinicSession
    starts_at: dt.datetime
    left: int

    @property
    def key(self) -> str:
        """What a form sends of it: the session, and the time in seconds since 1970."""
        return f"{self.session.pk}-{int(self.starts_at.timestamp())}"


def free_slots(sessions: Iterable[ClinicSession]) -> dict[int, list[Slot]]:
    """The free times to come of each session, by its id, the earliest first: one query, however many sessions.

    A cancelled session has none. What was booked before a session's times changed takes up every slot that it touches.
    """
    sessions, now = list(sessions), timezone.now()
    booked: dict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    rows = Booking.objects.standing().filter(session__in=[session.pk for session in sessions])
    for session_id, starts_at, ends_at in rows.order_by().values_list("session_id", "starts_at", "ends_at"):
        booked[session_id].append((starts_at, ends_at))
    found: dict[int, list[Slot]] = {}
    for session in sessions:
        length = dt.timedelta(minutes=session.slot_minutes)
        slots = (
            Slot(session, start, session.at_once - _touching(booked[session.pk], start, start + length))
            for start in session.slots
            if start > now and not session.is_cancelled
        )
        found[session.pk] = [slot for slot in slots if slot.left > 0]
    return found


def _touching(times: list[tuple[dt.datetime, dt.datetime]], starts: dt.datetime, ends: dt.datetime) -> int:
    return sum(begins < ends and stops > starts for begins, stops in times)


def open_sessions() -> QuerySet[ClinicSession]:
    """Sessions that are not over, of clinics where people are booked with volunteers."""
    return ClinicSession.objects.on().filter(ends_at__gt=timezone.now(), clinic__role__meets_people=True)


def sessions_for(user: User, referral: Referral) -> QuerySet[ClinicSession]:
    """Those into which this person may book a referral, the earliest first, with who is on. As `permissions.can_book`
    says of one.
    """
    here = Q(clinic__practice=referral.practice_id) & Q(clinic__practice__in=user.workplace_ids(Role.PRACTICE_STAFF))
    network = Q(clinic__practice__parent=referral.network_id) & Q(
        clinic__practice__parent__in=user.workplace_ids(Role.LINK_WORKER)
    )
    on = Shift.objects.standing().select_related("volunteer").order_by("created_at", "pk")
    return (
        open_sessions()
        .filter(here | network)
        .select_related("clinic__practice", "room")
        .prefetch_related(Prefetch("shifts", on, to_attr="on_it"))
        .order_by("starts_at", "pk")
    )


def workplaces_to_book_for(user: User) -> frozenset[int]:
    """Practices where this person is staff, and networks where they are a link worker, that have a clinic to come."""
    practices, networks = user.workplace_ids(Role.PRACTICE_STAFF), user.workplace_ids(Role.LINK_WORKER)
    rows = (
        Clinic.objects.order_by()
        .filter(Q(practice__in=practices) | Q(practice__parent__in=networks), role__meets_people=True)
        .filter(Exists(ClinicSession.objects.on().filter(clinic=OuterRef("pk"), ends_at__gt=timezone.now())))
        .values_list("practice_id", "practice__parent_id")
    )
    found = {each for row in rows for each in row}
    return frozenset({*practices, *networks} & found)


def bookable_workplaces(request: HttpRequest) -> dict[str, object]:
    """Context processor: where this person can book somebody into a clinic. One query, when a page asks."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"bookable_workplaces": frozenset()}
    return {"bookable_workplaces": SimpleLazyObject(lambda: workplaces_to_book_for(user))}
