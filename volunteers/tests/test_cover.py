"""Cover: who is asked and when, who may answer, and what happens when one says yes."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.actions.mail import choose_mails
from members.models import User, Workplace
from volunteers.actions import cover
from volunteers.actions._shifts import end_shift, lock_shift
from volunteers.factories import (
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerRoleFactory,
    clear,
    in_london,
)
from volunteers.factories_cover import CoverAskFactory, CoverRequestFactory, colleague_at
from volunteers.models import CoverAsk, CoverRequest, Requirement, Shift, Volunteer

pytestmark = pytest.mark.django_db
State = CoverRequest.State


@pytest.fixture
def shift(practice: Workplace) -> Shift:
    """Tom's, on the one place of a session in three days."""
    session = ClinicSessionFactory(clinic=ClinicFactory(practice=practice, name="Tuesday clinic"))
    return ShiftFactory(session=session, volunteer=colleague_at(practice, session.clinic.role, name="Tom Ashby"))


def colleagues(shift: Shift, *names: str) -> list[Volunteer]:
    clinic = shift.session.clinic
    return [colleague_at(clinic.practice, clinic.role, name=name) for name in names]


def asked(request: CoverRequest) -> list[str]:
    return [str(ask.volunteer) for ask in request.asks.select_related("volunteer")]


def mails(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("to", flat=True))


def test_three_are_asked_at_a_time_and_never_whoever_asks(shift: Shift) -> None:
    colleagues(shift, "Ann", "Bea", "Cy", "Dot")
    request = cover.ask_for_shift(shift, reason="My knee", by=shift.user)
    assert asked(request) == ["Ann", "Bea", "Cy"]
    assert len(mails("cover-request")) == 3
    assert "knee" not in "".join(Message.objects.values_list("text", flat=True))
    shift.refresh_from_db()
    assert shift.ended_at is None


def test_who_is_away_not_cleared_elsewhere_or_without_these_mails_is_not_asked(shift: Shift) -> None:
    away, paused, elsewhere, silent, free = colleagues(shift, "Away", "Paused", "Elsewhere", "Silent", "Free")
    away.absences.create(first_day=shift.session.on, last_day=shift.session.on)
    Volunteer.objects.filter(pk=paused.pk).update(stage="paused")
    ShiftFactory(session__starts_at=shift.starts_at, session__clinic__practice=away.workplace, volunteer=elsewhere)
    choose_mails({"cover-request": "off"}, by=silent.user)
    other = VolunteerRoleFactory()
    colleague_at(shift.volunteer.workplace, other, name="Another role")
    assert asked(cover.ask_for_shift(shift, by=shift.user)) == [free.name]


@pytest.mark.parametrize(("left", "waits"), [(72, 24), (48, 4), (13, 4), (12, 1), (1, 1)])
def test_the_nearer_it_is_the_sooner_the_next_are_asked(left: int, waits: int) -> None:
    assert cover.patience(dt.timedelta(hours=left)) == dt.timedelta(hours=waits)


def test_when_nobody_answers_in_time_the_next_three_are_asked_and_in_the_end_the_coordinator_hears(
    shift: Shift, coordinator: User
) -> None:
    colleagues(shift, "Ann", "Bea", "Cy", "Dot")
    request = cover.ask_for_shift(shift, by=shift.user)
    assert cover.ask_further() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(hours=24, minutes=1)):
        assert (cover.ask_further(), cover.ask_further()) == (1, 0)
    request.refresh_from_db()
    assert (asked(request)[3:], request.round) == (["Dot"], 2)
    assert mails("cover-nobody") == []
    with time_machine.travel(timezone.now() + dt.timedelta(hours=49)):
        cover.ask_further()
        cover.ask_further()
    assert mails("cover-nobody") == sorted([coordinator.email, shift.user.email])
    assert cover.accept(request, by=request.asks.earliest("pk").volunteer.user)


def test_when_all_three_say_no_the_next_are_asked_at_once(shift: Shift) -> None:
    three = colleagues(shift, "Ann", "Bea", "Cy")
    (dot,) = colleagues(shift, "Dot")
    request = cover.ask_for_shift(shift, by=shift.user)
    for volunteer in three:
        cover.decline(request, by=volunteer.user)
    assert request.asks.filter(volunteer=dot, round=2).exists()


def test_when_there_is_nobody_to_ask_the_coordinator_hears_at_once(shift: Shift, coordinator: User) -> None:
    request = cover.ask_for_shift(shift, by=shift.user)
    assert request.exhausted_at
    assert coordinator.email in mails("cover-nobody")


def test_whoever_says_yes_has_the_shift_with_everybody_booked_and_the_others_are_told(shift: Shift) -> None:
    booking = BookingFactory(session=shift.session, shift=shift)
    rose, bea, cy = colleagues(shift, "Rose Bell", "Bea", "Cy")
    request = cover.ask_for_shift(shift, by=shift.user)
    cover.decline(request, by=cy.user)
    new = cover.accept(request, by=rose.user)
    shift.refresh_from_db()
    booking.refresh_from_db()
    request.refresh_from_db()
    assert (shift.end_reason, new.how, new.user) == ("covered", "cover", rose.user)
    assert (booking.shift, booking.appointment.with_user) == (new, rose.user)
    assert (request.state, request.covered_by) == (State.COVERED, new)
    assert (mails("cover-over"), mails("cover-yours")) == ([bea.user.email], [rose.user.email])
    (told,) = Message.objects.filter(kind="cover-covered")
    assert (told.to, "Rose covers for you" in told.subject) == (shift.user.email, True)
    with pytest.raises(Refused, match="Rose was quicker, thank you"):
        cover.accept(request, by=bea.user)
    with pytest.raises(Refused, match="You said yes already"):
        cover.accept(request, by=rose.user)
    with pytest.raises(Refused, match="ask for cover"):
        cover.decline(request, by=rose.user)


def test_of_two_on_a_session_each_keeps_who_is_booked_with_them(practice: Workplace) -> None:
    session = ClinicSessionFactory(clinic=ClinicFactory(practice=practice, places=2, at_once=2))
    toms, anns = ShiftFactory.create_batch(2, session=session)
    first = BookingFactory(session=session, shift=toms)
    second = BookingFactory(session=session, shift=anns, lane=2)
    rose = colleague_at(practice, session.clinic.role)
    new = cover.accept(cover.ask_for_shift(toms, by=toms.user), by=rose.user)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.shift, second.shift) == (new, anns)


def test_a_shift_may_be_given_up_at_once_and_the_place_is_asked_for(shift: Shift, coordinator: User) -> None:
    (rose,) = colleagues(shift, "Rose Bell")
    request = cover.ask_for_shift(shift, give_up=True, by=shift.user)
    shift.refresh_from_db()
    assert (shift.end_reason, request.shift, asked(request)) == ("given_up", None, ["Rose Bell"])
    assert cover.accept(request, by=rose.user).session == shift.session
    other = ShiftFactory(session__clinic=shift.session.clinic, session__starts_at=in_london(days=4))
    with pytest.raises(PermissionDenied):
        cover.ask_for_shift(other, give_up=True, by=coordinator)


def test_whoever_kept_it_may_give_it_up_while_others_are_asked(shift: Shift, coordinator: User) -> None:
    (rose,) = colleagues(shift, "Rose Bell")
    request = cover.ask_for_shift(shift, by=coordinator)
    again = cover.ask_for_shift(shift, give_up=True, by=shift.user)
    shift.refresh_from_db()
    assert (shift.end_reason, again.pk, again.shift, asked(again)) == ("given_up", request.pk, None, ["Rose Bell"])
    CoverRequest.objects.update(next_round_at=timezone.now())
    cover.ask_further()
    assert asked(again) == ["Rose Bell"]
    assert mails("cover-over") == []
    assert cover.accept(request, by=rose.user).session == shift.session


def test_a_coordinator_asks_for_each_free_place_once(practice: Workplace, coordinator: User) -> None:
    session = ClinicSessionFactory(clinic=ClinicFactory(practice=practice, places=2))
    rose, ann = (colleague_at(practice, session.clinic.role, name=name) for name in ("Rose", "Ann"))
    first = cover.ask_for_session(session, by=coordinator)
    second = cover.ask_for_session(session, by=coordinator)
    with pytest.raises(Refused, match="every free place"):
        cover.ask_for_session(session, by=coordinator)
    cover.accept(first, by=rose.user)
    with pytest.raises(Refused, match="on another shift"):
        cover.accept(second, by=rose.user)
    cover.accept(second, by=ann.user)
    session.refresh_from_db()
    assert session.taken == 2
    with pytest.raises(Refused, match="places on this session are taken"):
        cover.ask_for_session(session, by=coordinator)


def test_a_free_place_that_is_taken_otherwise_is_not_asked_for_any_more(practice: Workplace, coordinator: User) -> None:
    session = ClinicSessionFactory(clinic=ClinicFactory(practice=practice))
    rose = colleague_at(practice, session.clinic.role)
    request = cover.ask_for_session(session, by=coordinator)
    ShiftFactory(session=session)
    with pytest.raises(Refused, match="All places are taken now"):
        cover.accept(request, by=rose.user)
    assert (cover.close_what_is_void(), cover.close_what_is_void()) == (1, 0)
    assert mails("cover-over") == [rose.user.email]


def test_only_the_volunteer_and_their_coordinators_ask(shift: Shift, outsider: User, coordinator: User) -> None:
    (rose,) = colleagues(shift, "Rose")
    for somebody in (rose.user, outsider):
        with pytest.raises(PermissionDenied):
            cover.ask_for_shift(shift, by=somebody)
        with pytest.raises(PermissionDenied):
            cover.ask_for_session(shift.session, by=somebody)
    request = cover.ask_for_shift(shift, by=coordinator)
    with pytest.raises(Refused, match="being asked already"):
        cover.ask_for_shift(shift, by=shift.user)
    with pytest.raises(PermissionDenied):
        cover.withdraw(request, by=rose.user)


def test_nobody_answers_for_somebody_else_or_unasked(shift: Shift, coordinator: User) -> None:
    colleagues(shift, "Ann", "Bea", "Cy")
    request = cover.ask_for_shift(shift, by=shift.user)
    (dot,) = colleagues(shift, "Dot")
    for somebody in (dot.user, coordinator, shift.user):
        with pytest.raises(PermissionDenied):
            cover.accept(request, by=somebody)
        with pytest.raises(PermissionDenied):
            cover.decline(request, by=somebody)


def test_whoever_is_not_cleared_any_more_cannot_say_yes(practice: Workplace) -> None:
    dbs = Requirement.objects.create(kind="dbs", name="DBS check")
    session = ClinicSessionFactory(clinic__practice=practice, clinic__role=VolunteerRoleFactory(needs=[dbs]))
    rose = colleague_at(practice, session.clinic.role)
    request = cover.ask_for_shift(ShiftFactory(session=session), by=session.shifts.get().user)
    rose.checks.update(done_on=in_london(days=-9).date(), ends_on=in_london(days=-1).date())
    with pytest.raises(Refused, match="not in order: DBS check"):
        cover.accept(request, by=rose.user)
    assert session.shifts.standing().count() == 1
    rose.checks.all().delete()
    clear(rose, session.clinic.role)
    assert cover.accept(request, by=rose.user)


def test_after_it_began_nobody_accepts_asks_or_withdraws(shift: Shift) -> None:
    (rose,) = colleagues(shift, "Rose")
    request = cover.ask_for_shift(shift, by=shift.user)
    with time_machine.travel(shift.starts_at):
        for late in (
            lambda: cover.accept(request, by=rose.user),
            lambda: cover.withdraw(request, by=shift.user),
            lambda: cover.ask_for_shift(shift, by=shift.user),
        ):
            with pytest.raises(Refused, match="has begun"):
                late()
        assert cover.ask_further() == 0
        request.refresh_from_db()
        assert (request.state, request.why_closed) == (State.EXPIRED, "The session has begun.")
        assert mails("cover-over") == []


def test_what_is_withdrawn_is_told_once_to_whoever_has_not_answered(shift: Shift) -> None:
    rose, ann = colleagues(shift, "Rose", "Ann")
    request = cover.ask_for_shift(shift, by=shift.user)
    cover.decline(request, by=ann.user)
    cover.withdraw(request, by=shift.user)
    with pytest.raises(Refused, match="not needed any more"):
        cover.withdraw(request, by=shift.user)
    with pytest.raises(Refused, match="not needed any more"):
        cover.accept(request, by=rose.user)
    assert mails("cover-over") == [rose.user.email]
    assert cover.ask_for_shift(shift, by=shift.user).pk != request.pk


@pytest.mark.parametrize("what", ["ended", "cancelled", "begun", "full", "nothing"])
def test_what_is_void_is_the_same_asked_of_one_and_of_all(what: str) -> None:
    shift = ShiftFactory()
    request = CoverAskFactory(request=CoverRequestFactory(shift=shift)).request
    if what in ("ended", "cancelled"):
        with transaction.atomic():
            end_shift(lock_shift(shift.pk), reason=Shift.Ended.PAUSED, by=None)
    if what == "cancelled":
        shift.session.cancelled_at = timezone.now()
        shift.session.save()
    if what == "full":
        request.shift, request.place = None, 1
        request.save()
    now = shift.starts_at if what == "begun" else timezone.now()
    with time_machine.travel(now):
        request = CoverRequest.objects.select_related("session", "shift").get(pk=request.pk)
        assert CoverRequest.objects.live().exists() == request.is_live == (what == "nothing")
        assert CoverRequest.objects.void().exists() == bool(request.why_void) == (what != "nothing")


def test_the_database_refuses_two_open_requests_and_two_acceptances() -> None:
    ask = CoverAskFactory(answer=CoverAsk.Answer.YES, answered_at=timezone.now())
    with pytest.raises(IntegrityError, match="cover_accepted_once"), transaction.atomic():
        CoverAskFactory(request=ask.request, answer=CoverAsk.Answer.YES, answered_at=timezone.now())
    with pytest.raises(IntegrityError, match="cover_open_once_for_a_shift"), transaction.atomic():
        CoverRequestFactory(shift=ask.request.shift)
    with pytest.raises(IntegrityError, match="cover_covered_by_a_shift"), transaction.atomic():
        CoverRequestFactory(state=State.COVERED, closed_at=timezone.now())
