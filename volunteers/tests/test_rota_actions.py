"""Signing up, giving up, putting on and taking off: who may, when, and who is told."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from icalendar import Calendar

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.factories import PostFactory
from members.models import Role
from referrals.tests.race import race
from volunteers.actions import rota as actions
from volunteers.factories import (
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
    clear,
    in_london,
)
from volunteers.models import ClinicSession, Requirement, Shift, Volunteer

pytestmark = pytest.mark.django_db


def make_session(practice, *, needs=(), **facts):
    return ClinicSessionFactory(clinic__practice=practice, clinic__role__needs=list(needs), **facts)


def helper_for(session, **facts) -> Volunteer:
    volunteer = VolunteerFactory(workplace=session.clinic.practice, **facts)
    clear(volunteer, session.clinic.role)
    return volunteer


def begun(session) -> None:
    """It began an hour ago, with everybody who is on it."""
    now = timezone.now()
    ClinicSession.objects.filter(pk=session.pk).update(
        starts_at=now - dt.timedelta(hours=1), ends_at=now + dt.timedelta(hours=2)
    )


def mails(kind: str) -> list[str]:
    return list(Message.objects.filter(kind=kind).order_by("to").values_list("to", flat=True))


def test_a_volunteer_signs_up_and_has_a_confirmation(practice):
    session = make_session(practice)
    rose = helper_for(session)
    shift = actions.take(session, by=rose.user)
    assert (shift.volunteer, shift.how, shift.created_by) == (rose, Shift.How.SIGNED_UP, rose.user)
    assert mails("shift-confirmed") == [rose.email]
    assert AuditEvent.objects.get(verb="shift.taken").actor_id == rose.user.pk


def test_signing_up_twice_is_refused_in_words_of_its_own(practice):
    session = make_session(practice, places=2)
    rose = helper_for(session)
    actions.take(session, by=rose.user)
    with pytest.raises(Refused, match="You are on this shift already"):
        actions.take(session, by=rose.user)


def test_who_gave_a_shift_up_may_take_it_again_and_is_told_again(practice):
    session = make_session(practice)
    rose = helper_for(session)
    actions.give_up(actions.take(session, by=rose.user), why="travel", by=rose.user)
    actions.take(session, by=rose.user)
    assert len(mails("shift-confirmed")) == 2


def test_nobody_signs_up_where_they_do_not_help(practice, other_practice):
    session = make_session(practice)
    stranger = VolunteerFactory(workplace=other_practice, roles=[session.clinic.role])
    with pytest.raises(PermissionDenied):
        actions.take(session, by=stranger.user)


def test_a_dbs_check_that_ended_yesterday_lets_nobody_on(practice, coordinator):
    dbs = Requirement.objects.create(kind="dbs", name="Enhanced DBS check")
    session = make_session(practice, needs=[dbs])
    rose = helper_for(session)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    rose.checks.update(done_on=yesterday - dt.timedelta(days=900), ends_on=yesterday)
    for attempt in (
        lambda: actions.take(session, by=rose.user),
        lambda: actions.assign(session, rose, by=coordinator),
    ):
        with pytest.raises(Refused, match="this is not in order: Enhanced DBS check"):
            attempt()
    assert not Shift.objects.exists()


def test_of_two_places_of_volunteering_the_one_that_is_cleared_counts(network, practice):
    session = make_session(practice)
    everywhere = VolunteerFactory(workplace=network)
    PostFactory(user=everywhere.user, workplace=practice, role=Role.VOLUNTEER)
    here = VolunteerFactory(workplace=practice, user=everywhere.user, roles=[session.clinic.role])
    assert actions.take(session, by=everywhere.user).volunteer == here


def test_a_coordinator_puts_somebody_on_and_they_are_told(practice, coordinator):
    session = make_session(practice)
    rose = helper_for(session)
    shift = actions.assign(session, rose, by=coordinator)
    assert (shift.how, shift.created_by) == (Shift.How.ASSIGNED, coordinator)
    assert mails("shift-confirmed") == [rose.email]
    with pytest.raises(Refused, match="is on this session already"):
        actions.assign(session, rose, by=coordinator)


def test_nobody_but_the_coordinator_puts_on_takes_off_and_says_who_came(
    practice, other_network, volunteer, link_worker, practice_staff, manager
):
    session = make_session(practice, places=2)
    rose = helper_for(session)
    shift = ShiftFactory(session=session)
    stranger = PostFactory(workplace=other_network, role=Role.COORDINATOR).user
    for user in (volunteer, link_worker, practice_staff, manager, stranger, rose.user, shift.user):
        with pytest.raises(PermissionDenied):
            actions.assign(session, rose, by=user)
        with pytest.raises(PermissionDenied):
            actions.take_off(shift, by=user)
        with pytest.raises(PermissionDenied):
            actions.mark_attended(shift, attended=True, by=user)


def test_the_coordinators_hear_of_a_shift_given_up_when_the_session_is_short_then(practice, coordinator):
    session = make_session(practice, places=2, at_least=1)
    first, second = helper_for(session), helper_for(session)
    shifts = [actions.take(session, by=each.user) for each in (first, second)]
    actions.give_up(shifts[0], why="away", by=first.user)
    assert mails("shift-given-up") == []
    actions.give_up(shifts[1], why="unwell", by=second.user)
    assert mails("shift-given-up") == [coordinator.email]
    message = Message.objects.get(kind="shift-given-up")
    assert "0 of the 1" in message.text
    assert "not well" not in message.text + message.html
    shifts[1].refresh_from_db()
    assert (shifts[1].end_reason, shifts[1].why) == (Shift.Ended.GIVEN_UP, "unwell")


def test_who_was_booked_is_seen_by_whoever_is_left_or_falls_to_the_case_holder(practice):
    session = make_session(practice, places=2)
    first, second = helper_for(session), helper_for(session)
    gone, stays = (actions.take(session, by=each.user) for each in (first, second))
    booking = BookingFactory(session=session, shift=gone)
    actions.give_up(gone, why="away", by=first.user)
    booking.refresh_from_db()
    assert (booking.shift, booking.appointment.with_user) == (stays, second.user)
    actions.give_up(stays, why="away", by=second.user)
    booking.refresh_from_db()
    assert (booking.shift, booking.appointment.with_user) == (None, booking.referral.episode.holder)


def test_a_shift_that_has_begun_is_not_given_up_and_one_is_told_whom_to_ring(practice, coordinator):
    practice.phone = "01727 555010"
    practice.save()
    shift = ShiftFactory(session=make_session(practice))
    begun(shift.session)
    with pytest.raises(Refused, match="Ring The Maltings Surgery, 01727 555010, and say"):
        actions.give_up(shift, why="travel", by=shift.user)
    with pytest.raises(Refused, match="Say afterwards"):
        actions.take_off(shift, by=coordinator)


def test_nobody_gives_up_somebody_elses_shift_or_one_twice(practice):
    shift = ShiftFactory(session=make_session(practice, places=2))
    other = ShiftFactory(session=shift.session)
    with pytest.raises(PermissionDenied):
        actions.give_up(shift, why="away", by=other.user)
    actions.give_up(shift, why="away", by=shift.user)
    with pytest.raises(Refused, match="given up already"):
        actions.give_up(shift, why="away", by=shift.user)


def test_whoever_is_taken_off_is_told(practice, coordinator):
    shift = ShiftFactory(session=make_session(practice))
    actions.take_off(shift, by=coordinator)
    assert mails("shift-taken-off") == [shift.user.email]
    shift.refresh_from_db()
    assert (shift.end_reason, shift.ended_by) == (Shift.Ended.TAKEN_OFF, coordinator)


def test_who_came_is_said_afterwards_and_may_be_put_right(practice, coordinator):
    shift = ShiftFactory(session=make_session(practice))
    with pytest.raises(Refused, match="has not begun"):
        actions.mark_attended(shift, attended=True, by=coordinator)
    begun(shift.session)
    assert actions.mark_attended(shift, attended=False, by=coordinator).attended is False
    assert actions.mark_attended(shift, attended=True, by=coordinator).attended is True
    Shift.objects.update(ended_at=timezone.now(), end_reason="given_up")
    with pytest.raises(Refused, match="was not on this session"):
        actions.mark_attended(shift, attended=True, by=coordinator)


def test_a_cancelled_session_takes_nobody(practice):
    session = make_session(practice)
    rose = helper_for(session)
    ClinicSession.objects.update(cancelled_at=timezone.now())
    with pytest.raises(Refused, match="was cancelled"):
        actions.take(session, by=rose.user)


def test_nobody_says_of_themselves_that_they_came(practice, network, coordinator):
    session = make_session(practice)
    own = VolunteerFactory(workplace=network, user=coordinator)
    shift = ShiftFactory(session=session, volunteer=own)
    begun(session)
    with pytest.raises(Refused, match="another coordinator"):
        actions.mark_attended(shift, attended=True, by=coordinator)


# Two at the same moment.


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_place_at_once_one_is_told_that_somebody_was_quicker(practice):
    session = make_session(practice)
    first, second = helper_for(session), helper_for(session)
    taken, refusal = race(
        ClinicSession.objects.all(),
        lambda: actions.take(session, by=first.user),
        lambda: actions.take(session, by=second.user),
    )
    assert isinstance(taken, Shift)
    assert isinstance(refusal, Refused)
    assert "Somebody was quicker" in str(refusal)
    assert Shift.objects.standing().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_volunteer_who_takes_two_overlapping_sessions_at_once_gets_one(practice):
    role = VolunteerRoleFactory()
    early, late = (
        ClinicSessionFactory(clinic=ClinicFactory(practice=practice, role=role), starts_at=in_london(days=3, hour=hour))
        for hour in (9, 11)
    )
    rose = VolunteerFactory(workplace=practice, roles=[role])
    results = race(
        Volunteer.objects.all(),
        lambda: actions.take(early, by=rose.user),
        lambda: actions.take(late, by=rose.user),
    )
    assert sorted(type(each).__name__ for each in results) == ["Refused", "Shift"]
    assert Shift.objects.standing().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_coordinator_and_a_volunteer_at_once_put_them_on_once(practice, coordinator):
    session = make_session(practice, places=2)
    rose = helper_for(session)
    results = race(
        Volunteer.objects.all(),
        lambda: actions.assign(session, rose, by=coordinator),
        lambda: actions.take(session, by=rose.user),
    )
    assert isinstance(results[0], Shift)
    assert "already" in str(results[1])


@pytest.mark.django_db(transaction=True)
def test_who_is_paused_while_they_sign_up_is_not_on(practice):
    session = make_session(practice)
    rose = helper_for(session)

    def pause() -> int:
        return Volunteer.objects.filter(pk=rose.pk).update(stage="paused")

    paused, refusal = race(Volunteer.objects.all(), pause, lambda: actions.take(session, by=rose.user))
    assert paused == 1
    assert "not an active volunteer" in str(refusal)


def test_a_confirmation_puts_the_shift_into_the_calendar_and_taking_off_takes_it_out(practice, coordinator):
    session = make_session(practice)
    rose = helper_for(session)
    shift = actions.assign(session, rose, by=coordinator)
    actions.take_off(shift, by=coordinator)
    files = {mail.kind: Calendar.from_ical(mail.calendar) for mail in Message.objects.exclude(calendar="")}
    assert {kind: str(file["method"]) for kind, file in files.items()} == {
        "shift-confirmed": "PUBLISH",
        "shift-taken-off": "CANCEL",
    }
    events = [file.walk("VEVENT")[0] for file in files.values()]
    assert {event["uid"] for event in events} == {events[0]["uid"]}
    assert all(event.decoded("dtstart") == shift.starts_at for event in events)
