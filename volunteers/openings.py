"""The shifts that somebody could take, and the sessions that are short of volunteers."""

import datetime as dt
from collections.abc import Collection

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from members.models import Post, Role, User
from volunteers.models import DAYS, Absence, Check, ClinicSession, Requirement, Shift, Stage, Volunteer

PARTS_OF_DAY = {
    "am": Q(starts_at__time__lt=dt.time(12, 30)),
    "pm": Q(starts_at__time__gte=dt.time(12, 30), starts_at__time__lt=dt.time(17)),
    "eve": Q(starts_at__time__gte=dt.time(17)),
}


def open_to(user: User, *, free_on: Collection[str] = ()) -> QuerySet[ClinicSession]:
    """Sessions to come with a place left that this person may take, by `permissions.why_not_on`, and at whose time they
    are nowhere else. Those short of volunteers come first, then those in the cells `free_on` of the availability grid
    (marked `fits`), then the soonest.
    """
    sessions = ClinicSession.objects.to_come().with_room().annotate(day=TruncDate("starts_at"))
    day = OuterRef(OuterRef("day"))
    post = Post.objects.filter(
        Q(end_date=None) | Q(end_date__gte=day),
        user=OuterRef("user"),
        workplace=OuterRef("workplace"),
        role=Role.VOLUNTEER,
        start_date__lte=day,
    )
    away = Absence.objects.filter(volunteer=OuterRef("pk"), first_day__lte=day, last_day__gte=day)
    on_that_day = OuterRef(OuterRef(OuterRef("day")))
    in_order = Check.objects.in_order(on_that_day).filter(
        volunteer=OuterRef(OuterRef("pk")), requirement=OuterRef("pk")
    )
    needed = Requirement.objects.filter(roles=OuterRef(OuterRef("clinic__role")), is_active=True)
    cleared = Volunteer.objects.filter(
        Q(workplace=OuterRef("clinic__practice")) | Q(workplace=OuterRef("clinic__practice__parent")),
        Exists(post),
        ~Exists(needed.filter(~Exists(in_order))),
        ~Exists(away),
        user=user,
        stage=Stage.ACTIVE,
        roles=OuterRef("clinic__role"),
    )
    elsewhere = Shift.objects.standing().filter(
        user=user, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    short = Case(When(taken__lt=F("at_least"), then=True), default=False, output_field=BooleanField())
    return (
        sessions.filter(Exists(cleared), ~Exists(elsewhere))
        .annotate(is_short=short, fits=_in_cells(free_on))
        .order_by("-is_short", "-fits", "starts_at", "pk")
    )


def _in_cells(cells: Collection[str]) -> Case | Value:
    """Whether a session begins in one of these cells of the availability grid, in London."""
    within = Q()
    for cell in cells:
        name, _, part = cell.partition("-")
        within |= Q(starts_at__iso_week_day=DAYS.index(name) + 1) & PARTS_OF_DAY[part]
    return Case(When(within, then=True), default=False, output_field=BooleanField()) if within else Value(False)


def short_for(user: User) -> QuerySet[ClinicSession]:
    """Sessions of this week and the next that a coordinator still has to find somebody for, the soonest first."""
    today = timezone.localdate()
    end_of_next_week = today + dt.timedelta(days=13 - today.weekday())
    return (
        ClinicSession.objects.coordinated_by(user)
        .to_come()
        .short()
        .between(today, end_of_next_week)
        .select_related("clinic__practice")
        .only("starts_at", "taken", "at_least", "booked", "clinic__name", "clinic__practice__name")
        .order_by("starts_at", "pk")
    )
