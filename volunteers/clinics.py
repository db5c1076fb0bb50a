"""What pages ask about clinics: how they stand, what is missing, and what came of three months."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from members.models import Post, Role, User, Workplace
from volunteers.models import Booking, Clinic, ClinicSession, Shift
from volunteers.pattern import Pattern

SOON = dt.timedelta(weeks=4)
LOOK_BACK = dt.timedelta(days=91)
SMALLEST = 5  # a count below it is not shown to managers


def coordinated_practices(user: User) -> QuerySet[Workplace]:
    """The practices whose volunteers this person coordinates."""
    own = user.workplace_ids(Role.COORDINATOR)
    return Workplace.objects.filter(Q(pk__in=own) | Q(parent__in=own), kind=Workplace.Kind.PRACTICE)


def with_standing(clinics: QuerySet[Clinic]) -> QuerySet[Clinic]:
    """Clinics with their next session and what is missing: see `Standing`."""
    now = timezone.now()
    to_come = ClinicSession.objects.filter(clinic=OuterRef("pk"), cancelled_at=None, starts_at__gt=now)
    soon = to_come.filter(starts_at__lt=now + SOON)
    short = soon.short().order_by().values("clinic").annotate(number=Count("pk")).values("number")
    post = Post.objects.current().filter(
        user=OuterRef("link_worker"), workplace=OuterRef("practice__parent"), role=Role.LINK_WORKER
    )
    next_one = to_come.order_by("starts_at")
    return (
        clinics.select_related("practice__parent", "role", "room", "link_worker")
        .prefetch_related("times")
        .annotate(
            next_id=Subquery(next_one.values("pk")[:1]),
            next_at=Subquery(next_one.values("starts_at")[:1]),
            next_short=Subquery(
                next_one.annotate(
                    lack=Case(When(taken__lt=F("at_least"), then=F("at_least") - F("taken")), default=0)
                ).values("lack")[:1],
                output_field=IntegerField(),
            ),
            short=Subquery(short, output_field=IntegerField()),
            stands=Exists(post),
            rostered=Exists(
                Shift.objects.filter(session__clinic=OuterRef("pk"), ended_at=None, starts_at__gt=now).order_by()
            ),
            roomless=Exists(to_come.filter(room=None)),
        )
    )


def warnings(clinic: Clinic) -> list[str]:
    """What somebody has to see to, of a clinic `with_standing`."""
    said = []
    if clinic.role.meets_people and not clinic.stands:  # type: ignore[attr-defined]
        said.append("No link worker stands behind it")
    if clinic.room and not clinic.room.is_active:
        said.append(f"{clinic.room} is not in use")
    elif clinic.room_id and clinic.roomless:  # type: ignore[attr-defined]
        said.append("Some sessions have no room")
    elif not clinic.room_id:
        said.append("It has no room")
    if not clinic.rostered and clinic.next_id:  # type: ignore[attr-defined]
        said.append("Nobody is on its sessions yet")
    return said


def pattern_in_words(clinic: Clinic) -> str:
    return Pattern.of(clinic).in_words()


@dataclass(frozen=True)
class Numbers:
    """What came of a clinic's sessions of the last three months. None is a number too small to be told."""

    sessions: int
    cancelled: int
    booked: int | None
    came: int | None
    missed: int | None


def past_numbers(clinic: Clinic, user: User) -> Numbers:
    """Two queries. Managers see no number below five: it could be somebody."""
    now = timezone.now()
    held = ClinicSession.objects.filter(clinic=clinic, ends_at__lte=now, starts_at__gt=now - LOOK_BACK)
    sessions = held.aggregate(held=Count("pk", filter=Q(cancelled_at=None)), off=Count("cancelled_at"))
    people = Booking.objects.standing().filter(session__in=held).exclude(state=Booking.State.HELD)
    found = people.aggregate(
        booked=Count("pk"),
        came=Count("pk", filter=Q(state=Booking.State.ATTENDED)),
        missed=Count("pk", filter=Q(state=Booking.State.MISSED)),
    )
    hide = user.has_role(Role.MANAGER) and not user.has_role(Role.COORDINATOR, Role.LINK_WORKER, Role.PRACTICE_STAFF)

    def told(number: int) -> int | None:
        return None if hide and number < SMALLEST else number

    return Numbers(
        sessions=sessions["held"],
        cancelled=sessions["off"],
        booked=told(found["booked"]),
        came=told(found["came"]),
        missed=told(found["missed"]),
    )
