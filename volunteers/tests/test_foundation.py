"""What the database itself refuses, whoever writes: an over-full session, one person or one room in two places."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.factories import PostFactory
from members.models import Role
from volunteers.actions._shifts import add_shift, end_shift, lock_session, lock_shift
from volunteers.factories import (
    BookingFactory,
    ClinicFactory,
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
    clear,
)
from volunteers.models import Check, ClinicSession, Requirement, Shift, Volunteer, VolunteerRole
from volunteers.permissions import why_not_cleared

pytestmark = pytest.mark.django_db


def refused(name: str) -> pytest.RaisesExc:
    return pytest.raises(IntegrityError, match=name)


def test_a_session_counts_its_shifts_and_is_never_over_full():
    session = ClinicSessionFactory(places=2)
    first, second = ShiftFactory.create_batch(2, session=session)
    session.refresh_from_db()
    assert (session.taken, session.free) == (2, 0)
    with refused("session_not_over_full"), transaction.atomic():
        ShiftFactory(session=session)
    with transaction.atomic():
        end_shift(lock_shift(first.pk), reason=Shift.Ended.GIVEN_UP, by=None)
    session.refresh_from_db()
    assert session.taken == 1
    second.delete()
    session.refresh_from_db()
    assert session.taken == 0


def test_one_person_is_not_in_two_places_even_for_two_workplaces():
    shift = ShiftFactory()
    elsewhere = VolunteerFactory(user=shift.user)
    PostFactory(user=shift.user, workplace=elsewhere.workplace, role=Role.VOLUNTEER)
    other = ClinicSessionFactory(starts_at=shift.starts_at + dt.timedelta(hours=2))
    with refused("shift_one_place_at_a_time"), transaction.atomic():
        ShiftFactory(session=other, volunteer=elsewhere)
    after = ClinicSessionFactory(starts_at=shift.ends_at)
    assert ShiftFactory(session=after, volunteer=elsewhere)


def test_a_session_that_is_moved_takes_its_shifts_with_it_unless_they_are_elsewhere_then():
    shift = ShiftFactory()
    other = ShiftFactory(
        volunteer=shift.volunteer, session__starts_at=shift.ends_at, session__clinic__practice=shift.volunteer.workplace
    )
    later = shift.starts_at + dt.timedelta(days=1)
    ClinicSession.objects.filter(pk=shift.session_id).update(starts_at=later, ends_at=later + dt.timedelta(hours=3))
    shift.refresh_from_db()
    assert shift.starts_at == later
    with refused("shift_one_place_at_a_time"), transaction.atomic():
        ClinicSession.objects.filter(pk=shift.session_id).update(
            starts_at=other.starts_at, ends_at=other.starts_at + dt.timedelta(hours=1)
        )


def test_a_room_is_not_used_twice_at_a_time_but_for_cancelled_sessions():
    session = ClinicSessionFactory()
    with refused("session_room_free"), transaction.atomic():
        ClinicSessionFactory(clinic__room=session.room, clinic__practice=session.room.practice)
    ClinicSession.objects.update(cancelled_at=timezone.now())
    assert ClinicSessionFactory(clinic__room=session.room, clinic__practice=session.room.practice)


def test_a_session_is_not_cancelled_over_somebodys_head():
    shift, booking = ShiftFactory(), BookingFactory()
    for session in (shift.session, booking.session):
        with refused("session_cancelled_is_empty"), transaction.atomic():
            ClinicSession.objects.filter(pk=session.pk).update(cancelled_at=timezone.now())


def test_bookings_are_dealt_to_whoever_stands_and_fall_to_the_holder_when_nobody_does():
    session = ClinicSessionFactory()
    booking = BookingFactory(session=session)
    helper = VolunteerFactory(workplace=session.clinic.practice, roles=[session.clinic.role])
    with transaction.atomic():
        shift = add_shift(lock_session(session.pk), helper, how=Shift.How.SIGNED_UP, by=helper.user)
    booking.refresh_from_db()
    assert (booking.shift, booking.appointment.with_user) == (shift, helper.user)
    with transaction.atomic():
        end_shift(lock_shift(shift.pk), reason=Shift.Ended.GIVEN_UP, by=helper.user)
    booking.refresh_from_db()
    assert (booking.shift, booking.appointment.with_user) == (None, booking.referral.episode.holder)


def spoil(volunteer: Volunteer, how: str) -> None:
    match how:
        case "paused":
            volunteer.stage = "paused"
            volunteer.save()
        case "no post":
            volunteer.user.posts.update(end_date=timezone.localdate(), start_date=timezone.localdate())
        case "no role":
            volunteer.roles.clear()
        case "DBS ended the day before":
            dbs = volunteer.checks.filter(requirement__kind="dbs")
            dbs.update(ends_on=timezone.localdate() + dt.timedelta(days=4), done_on=timezone.localdate())
        case "DBS not in order":
            Check.objects.filter(volunteer=volunteer, requirement__kind="dbs").update(passed=False)
        case "DBS found amiss since":
            dbs = volunteer.checks.get(requirement__kind="dbs").requirement
            volunteer.checks.create(requirement=dbs, passed=False, done_on=timezone.localdate())
        case "away":
            day = timezone.localdate() + dt.timedelta(days=5)
            volunteer.absences.create(first_day=day, last_day=day)


WAYS = [
    *("", "paused", "no post", "no role", "away"),
    *("DBS ended the day before", "DBS not in order", "DBS found amiss since"),
]


@pytest.mark.parametrize("how", WAYS)
def test_who_is_cleared_is_the_same_asked_of_one_and_of_all(how):
    dbs, induction = (Requirement.objects.create(kind=kind, name=kind) for kind in ("dbs", "induction"))
    role = VolunteerRoleFactory(needs=[dbs, induction])
    volunteer = VolunteerFactory()
    clear(volunteer, role)
    spoil(volunteer, how)
    on = timezone.localdate() + dt.timedelta(days=5)
    why = why_not_cleared(volunteer, role, volunteer.workplace, on=on)
    assert bool(why) == bool(how)
    assert Volunteer.objects.for_clinics_at(volunteer.workplace).cleared_for(role, on=on).exists() == (not how)


def test_who_volunteers_for_a_network_helps_at_its_practices_and_nowhere_else(network, practice, other_practice):
    role = VolunteerRoleFactory()
    volunteer = VolunteerFactory(workplace=network, roles=[role])
    today = timezone.localdate()
    assert why_not_cleared(volunteer, role, practice, on=today) == ""
    assert "does not volunteer at" in why_not_cleared(volunteer, role, other_practice, on=today)
    assert volunteer in Volunteer.objects.for_clinics_at(practice)
    assert volunteer not in Volunteer.objects.for_clinics_at(other_practice)


def test_the_usual_roles_are_there_and_whoever_sees_people_alone_needs_an_enhanced_dbs_check():
    roles = {role.key: role for role in VolunteerRole.objects.all()}
    assert {"volunteer-link-worker", "community-connector", "greeter"} <= set(roles)
    assert roles["volunteer-link-worker"].needs.filter(key="dbs-enhanced").exists()


def test_slots_fit_into_a_session_also_when_the_clocks_change():
    clinic = ClinicFactory()
    night = dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC)  # 00:30 in London; at 01:00 the clocks go to 02:00
    session = ClinicSessionFactory(clinic=clinic, starts_at=night, ends_at=night + dt.timedelta(hours=2))
    local = [f"{timezone.localtime(slot):%H:%M}" for slot in session.slots]
    assert local == ["00:30", "02:00", "02:30", "03:00"]
