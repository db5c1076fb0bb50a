"""Volunteers, clinics, sessions, shifts and bookings for tests: each valid, with nothing a test did not ask for."""

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.factories import PostFactory, WorkplaceFactory
from members.models import Post, Role, User
from referrals.factories import AppointmentFactory, ReferralFactory
from volunteers.models import (
    Booking,
    Check,
    Clinic,
    ClinicSession,
    ClinicTime,
    Room,
    Shift,
    Stage,
    Volunteer,
    VolunteerRole,
)


class VolunteerRoleFactory(DjangoModelFactory[VolunteerRole]):
    """A role that people are booked with and that needs nothing. `needs=[…]` takes requirements."""

    class Meta:
        model = VolunteerRole
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Role {n}")
    summary = "Sits down with people."
    meets_people = True

    @factory.post_generation
    def needs(self: VolunteerRole, create: bool, extracted: list[Any] | None, **kwargs: Any) -> None:
        self.needs.set(extracted or [])


class VolunteerFactory(DjangoModelFactory[Volunteer]):
    """An active volunteer of a practice, with an account and a post that began today and no role. `roles=[…]` gives
    some; `user=` takes somebody there is, with the post they hold.
    """

    class Meta:
        model = Volunteer
        skip_postgeneration_save = True

    workplace = factory.SubFactory(WorkplaceFactory)
    user = factory.LazyAttribute(
        lambda made: PostFactory(workplace=made.workplace, role=Role.VOLUNTEER, user__name="Rose Bell").user
    )
    name = factory.LazyAttribute(lambda made: made.user.name if made.user else "Rose Bell")
    email = factory.LazyAttribute(lambda made: made.user.email if made.user else "rose@example.test")
    stage = Stage.ACTIVE
    started_on = factory.LazyFunction(timezone.localdate)
    date_of_birth = dt.date(1958, 5, 3)
    agreed_to_six_months = True

    @factory.post_generation
    def roles(self: Volunteer, create: bool, extracted: list[VolunteerRole] | None, **kwargs: Any) -> None:
        self.roles.set(extracted or [])


class ApplicantFactory(VolunteerFactory):
    """Somebody who applied today, without an account."""

    user = None  # type: ignore[assignment]
    name = "Ines Prado"  # type: ignore[assignment]
    email = factory.Sequence(lambda n: f"applicant-{n}@example.test")  # type: ignore[assignment]
    stage = Stage.APPLIED
    started_on = None  # type: ignore[assignment]


class RoomFactory(DjangoModelFactory[Room]):
    class Meta:
        model = Room

    practice = factory.SubFactory(WorkplaceFactory)
    name = factory.Sequence(lambda n: f"Room {n}")


class ClinicFactory(DjangoModelFactory[Clinic]):
    """A clinic in a room, with one place, without times and sessions. `times=[(1, "09:00", "12:00")]` gives it some."""

    class Meta:
        model = Clinic
        skip_postgeneration_save = True

    practice = factory.SubFactory(WorkplaceFactory)
    name = factory.Sequence(lambda n: f"Clinic {n}")
    role = factory.SubFactory(VolunteerRoleFactory)
    room = factory.SubFactory(RoomFactory, practice=factory.SelfAttribute("..practice"))

    @factory.post_generation
    def times(self: Clinic, create: bool, extracted: list[tuple[int, str, str]] | None, **kwargs: Any) -> None:
        for weekday, starts, ends in extracted or []:
            ClinicTime.objects.create(clinic=self, weekday=weekday, starts=starts, ends=ends)


class ClinicSessionFactory(DjangoModelFactory[ClinicSession]):
    """In three days, from 9:00 to 12:00 in London, in the clinic's room."""

    class Meta:
        model = ClinicSession

    clinic = factory.SubFactory(ClinicFactory)
    room = factory.SelfAttribute("clinic.room")
    starts_at = factory.LazyFunction(lambda: in_london(days=3))
    ends_at = factory.LazyAttribute(lambda made: made.starts_at + dt.timedelta(hours=3))
    slot_minutes = factory.SelfAttribute("clinic.slot_minutes")
    at_once = factory.SelfAttribute("clinic.at_once")
    places = factory.SelfAttribute("clinic.places")
    at_least = factory.SelfAttribute("clinic.at_least")


class ShiftFactory(DjangoModelFactory[Shift]):
    """A volunteer of the session's practice who signed up for it."""

    class Meta:
        model = Shift

    session = factory.SubFactory(ClinicSessionFactory)
    volunteer = factory.LazyAttribute(
        lambda made: VolunteerFactory(workplace=made.session.clinic.practice, roles=[made.session.clinic.role])
    )
    user = factory.SelfAttribute("volunteer.user")
    starts_at = factory.SelfAttribute("session.starts_at")
    ends_at = factory.SelfAttribute("session.ends_at")
    how = Shift.How.SIGNED_UP
    created_by = factory.SelfAttribute("user")


class BookingFactory(DjangoModelFactory[Booking]):
    """Somebody of the session's practice in its first slot, whose case a link worker holds. `shift=` is who sees them.

    `referral=` takes one there is; its episode has to be accepted.
    """

    class Meta:
        model = Booking

    session = factory.SubFactory(ClinicSessionFactory)
    shift = None
    referral = factory.LazyAttribute(
        lambda made: ReferralFactory(episode__accepted=True, episode__person__practice=made.session.clinic.practice)
    )
    starts_at = factory.SelfAttribute("session.starts_at")
    ends_at = factory.LazyAttribute(lambda made: made.starts_at + dt.timedelta(minutes=made.session.slot_minutes))
    booked_by = factory.SelfAttribute("referral.submitted_by")
    appointment = factory.LazyAttribute(
        lambda made: AppointmentFactory(
            episode=made.referral.episode,
            starts_at=made.starts_at,
            minutes=made.session.slot_minutes,
            with_user=made.shift.user if made.shift else made.referral.episode.holder,
        )
    )


def in_london(*, days: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    """A time of the day in London so many days from today."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=timezone.get_default_timezone())


def clear(volunteer: Volunteer, *roles: VolunteerRole, ends_on: dt.date | None = None) -> None:
    """Gives a volunteer the roles, and everything in order that they need."""
    volunteer.roles.add(*roles)
    for role in roles:
        for requirement in role.needs.all():
            Check.objects.get_or_create(
                volunteer=volunteer,
                requirement=requirement,
                defaults={"passed": True, "done_on": timezone.localdate(), "ends_on": ends_on},
            )


def volunteer_of(user: User) -> Volunteer:
    """The cast's volunteer, active at the practice of their post."""
    post = Post.objects.get(user=user, role=Role.VOLUNTEER)
    return VolunteerFactory.create(user=user, workplace=post.workplace)
