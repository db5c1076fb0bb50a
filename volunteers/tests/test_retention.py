"""What is forgotten of volunteers, and what stays."""

import datetime as dt

import pytest
from django.utils import timezone

from members.factories import PostFactory
from members.models import Role, StoredFile
from volunteers.actions.retention import erase, forget_old
from volunteers.factories import ApplicantFactory, BookingFactory, ShiftFactory, VolunteerFactory
from volunteers.factories_thanks import show_on_board
from volunteers.models import Shift, Stage, Volunteer

pytestmark = pytest.mark.django_db


def ago(days):
    return timezone.now() - dt.timedelta(days=days)


def test_who_leaves_the_site_is_off_their_shifts_and_whoever_was_booked_is_expected_by_the_holder():
    shift = ShiftFactory()
    booking = BookingFactory(session=shift.session, shift=shift)
    volunteer = shift.volunteer
    Volunteer.objects.update(phone="01632 960000", motivation="Kindness", availability=["tue-am"])
    erase(shift.user)
    shift.refresh_from_db()
    booking.appointment.refresh_from_db()
    volunteer.refresh_from_db()
    assert (shift.end_reason, booking.appointment.with_user) == (Shift.Ended.PAUSED, booking.referral.episode.holder)
    assert (volunteer.stage, volunteer.phone, volunteer.motivation, volunteer.date_of_birth) == ("left", "", "", None)
    assert volunteer.left_on == timezone.localdate()


def test_hours_of_the_past_stay():
    shift = ShiftFactory(session__starts_at=ago(3))
    erase(shift.user)
    assert Shift.objects.worked().get() == shift


def test_applications_that_came_to_nothing_are_deleted_after_half_a_year():
    old = ApplicantFactory(stage=Stage.DECLINED, stage_since=ago(184))
    kept = [
        ApplicantFactory(stage=Stage.DECLINED, stage_since=ago(182)),
        ApplicantFactory(stage=Stage.INTERVIEW, stage_since=ago(400)),
    ]
    assert forget_old() == 1
    assert not Volunteer.objects.filter(pk=old.pk).exists()
    assert Volunteer.objects.filter(pk__in=[each.pk for each in kept]).count() == 2


def test_a_year_after_leaving_the_details_go_once_and_name_and_hours_stay():
    today = timezone.localdate()
    gone, lately = (
        VolunteerFactory(stage=Stage.LEFT, left_on=today - dt.timedelta(days=days), phone="01632 960000")
        for days in (366, 364)
    )
    PostFactory(user=gone.user, role=Role.MEMBER, workplace=gone.workplace)
    assert forget_old() == 1
    gone.refresh_from_db()
    lately.refresh_from_db()
    assert (gone.phone, gone.date_of_birth, gone.name) == ("", None, gone.user.name)
    assert lately.phone
    assert forget_old() == 0


def test_who_leaves_the_site_takes_their_photo_along():
    shift = ShiftFactory()
    show_on_board(shift.volunteer)
    erase(shift.user)
    assert not StoredFile.objects.exists()


def test_what_only_says_whom_to_ring_is_forgotten_too():
    gone = VolunteerFactory(stage=Stage.LEFT, left_on=timezone.localdate() - dt.timedelta(days=366))
    nothing = {"phone": "", "motivation": "", "date_of_birth": None}
    Volunteer.objects.filter(pk=gone.pk).update(**nothing, emergency_contact="Bob, 01632 960001")
    assert forget_old() == 1
    assert not Volunteer.objects.exclude(emergency_contact="").exists()
