"""Requests for cover and swaps for tests, and volunteers who could step in."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from members.factories import PostFactory
from members.models import Role, Workplace
from volunteers.cover_links import answer_path
from volunteers.factories import ClinicSessionFactory, ShiftFactory, VolunteerFactory, clear
from volunteers.models import ClinicSession, CoverAsk, CoverRequest, Shift, Swap, Volunteer, VolunteerRole


class CoverRequestFactory(DjangoModelFactory[CoverRequest]):
    """For a shift, asked for by its volunteer, of whom nobody was asked yet."""

    class Meta:
        model = CoverRequest

    shift = factory.SubFactory(ShiftFactory)
    session = factory.SelfAttribute("shift.session")
    asked_by = factory.SelfAttribute("shift.user")


class CoverAskFactory(DjangoModelFactory[CoverAsk]):
    class Meta:
        model = CoverAsk

    request = factory.SubFactory(CoverRequestFactory)
    volunteer = factory.LazyAttribute(
        lambda made: colleague_at(made.request.session.clinic.practice, made.request.session.clinic.role)
    )
    round = 1


class SwapFactory(DjangoModelFactory[Swap]):
    """Two shifts at one clinic, a day apart."""

    class Meta:
        model = Swap

    mine = factory.SubFactory(ShiftFactory)
    theirs = factory.LazyAttribute(lambda made: shift_beside(made.mine))
    offered_by = factory.SelfAttribute("mine.user")


def colleague_at(workplace: Workplace, *roles: VolunteerRole, name: str = "Rose Bell") -> Volunteer:
    """An active volunteer with an account who is cleared for the roles."""
    user = PostFactory(workplace=workplace, role=Role.VOLUNTEER, user__name=name).user
    volunteer = VolunteerFactory.create(workplace=workplace, user=user)
    clear(volunteer, *roles)
    return volunteer


def session_beside(session: ClinicSession, *, days: int = 1) -> ClinicSession:
    """Of the same clinic, so many days later."""
    return ClinicSessionFactory.create(
        clinic=session.clinic, room=None, starts_at=session.starts_at + dt.timedelta(days=days)
    )


def shift_beside(shift: Shift, *, name: str = "Rose Bell", days: int = 1) -> Shift:
    """A colleague's, on a session of the same clinic so many days later."""
    session = session_beside(shift.session, days=days)
    return ShiftFactory.create(
        session=session, volunteer=colleague_at(session.clinic.practice, session.clinic.role, name=name)
    )


def of_cover() -> dict[str, object]:
    """What fills in the addresses of these pages: the first rows there are."""
    request = CoverRequest.objects.earliest("pk")
    return {
        "cover_id": request.pk,
        "cover_token": answer_path(request.asks.earliest("pk")).split("/")[-2],
        "swap_id": Swap.objects.earliest("pk").pk,
    }
