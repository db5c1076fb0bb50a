"""A person booked into a clinic of volunteers: who holds the case, who may book, and what the volunteer may write."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from members.models import Role, User, Workplace
from referrals import actions
from referrals.factories import AppointmentFactory, EpisodeFactory, PersonFactory, ReferralFactory, ago
from referrals.models import Appointment, CareContact, CodedEntry, Episode, MessageBack, Referral
from referrals.signals import appointment_cancelled
from referrals.tests.steps import mailed

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(practice: Workplace) -> Referral:
    return ReferralFactory(episode=EpisodeFactory(person=PersonFactory(practice=practice)))


def book(referral: Referral, by: User, **facts: object) -> Appointment:
    asked = {"holder": None, "with_user": None, "starts_at": ago(days=-3), "minutes": 30, "place": "Room 2"} | facts
    return actions.book_clinic(referral=referral, by=by, **asked)


def test_a_waiting_referral_is_accepted_into_the_hands_of_the_link_worker_who_stands_behind_the_clinic(
    referral, practice_staff, link_worker, volunteer
):
    appointment = book(referral, practice_staff, holder=link_worker, with_user=volunteer)
    referral.refresh_from_db()
    episode = Episode.objects.get()
    assert (referral.state, referral.accepted_by, episode.holder) == ("accepted", link_worker, link_worker)
    assert (appointment.kind, appointment.with_user, appointment.created_by) == ("clinic", volunteer, practice_staff)
    assert MessageBack.objects.get().kind == "accepted"
    assert mailed("clinic-case") == [link_worker.email]
    assert mailed("referral-accepted")
    event = AuditEvent.objects.get(verb="referral.accepted")
    assert (event.actor_id, event.facts) == (practice_staff.pk, {"clinic": True})


def test_a_case_that_somebody_holds_stays_theirs(practice, practice_staff, link_worker, colleague):
    episode = EpisodeFactory(person=PersonFactory(practice=practice), active=True, holder=colleague)
    appointment = book(ReferralFactory(episode=episode), practice_staff, holder=link_worker)
    episode.refresh_from_db()
    assert (episode.holder, appointment.with_user) == (colleague, colleague)
    assert mailed("clinic-case") == mailed("case-handed-over") == []


def test_a_case_whose_holder_has_left_goes_to_whoever_stands_behind_the_clinic(
    practice, practice_staff, link_worker, colleague
):
    episode = EpisodeFactory(person=PersonFactory(practice=practice), active=True, holder=colleague)
    colleague.posts.update(end_date=timezone.localdate() - dt.timedelta(days=1), start_date=dt.date(2020, 1, 1))
    book(ReferralFactory(episode=episode), practice_staff, holder=link_worker)
    episode.refresh_from_db()
    assert episode.holder == link_worker
    assert mailed("case-handed-over") == [link_worker.email]


@pytest.mark.parametrize("stands", ["nobody", "outsider", "practice_staff"])
def test_without_a_link_worker_of_the_network_nobody_is_booked(stands, referral, practice_staff, request):
    holder = None if stands == "nobody" else request.getfixturevalue(stands)
    with pytest.raises(Refused, match="No link worker stands behind this clinic"):
        book(referral, practice_staff, holder=holder)
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("state", "said"),
    [("declined", "has declined this already"), ("withdrawn", "has withdrawn"), ("closed", "is closed")],
)
def test_a_referral_that_has_ended_is_not_booked(state, said, referral, link_worker, practice_staff):
    now = timezone.now()
    facts = {
        "declined": {"declined_at": now, "declined_by": link_worker, "decline_reason": "clinical"},
        "withdrawn": {"withdrawn_at": now, "withdrawn_by": practice_staff},
        "closed": {"closed_at": now, "accepted_at": now, "accepted_by": link_worker},
    }[state]
    Referral.objects.update(state=state, **facts)
    with pytest.raises(Refused, match=said):
        book(referral, practice_staff, holder=link_worker)


@pytest.mark.parametrize("minutes", [-15, 0, 15])
def test_nobody_is_in_two_places(minutes, practice, practice_staff, link_worker):
    episode = EpisodeFactory(person=PersonFactory(practice=practice), active=True, holder=link_worker)
    at = timezone.now() + dt.timedelta(days=3)
    AppointmentFactory(episode=episode, starts_at=at, minutes=30, kind="home_visit")
    referral = ReferralFactory(episode=episode)
    with pytest.raises(Refused, match="has an appointment at that time"):
        book(referral, practice_staff, starts_at=at + dt.timedelta(minutes=minutes))
    assert book(referral, practice_staff, starts_at=at + dt.timedelta(minutes=30))


@pytest.mark.parametrize("somebody", ["outsider", "volunteer", "coordinator", "manager", "provider"])
def test_who_may_not_book_or_cancel(somebody, referral, practice_staff, link_worker, request):
    person = request.getfixturevalue(somebody)
    with pytest.raises(PermissionDenied):
        book(referral, person, holder=link_worker)
    appointment = book(referral, practice_staff, holder=link_worker)
    with pytest.raises(PermissionDenied):
        actions.cancel_clinic_appointment(appointment=appointment, note="", by=person)


def test_staff_of_the_practice_cancel_what_is_at_a_clinic_and_no_home_visit(referral, practice_staff, link_worker):
    appointment = book(referral, practice_staff, holder=link_worker)
    visit = AppointmentFactory(episode=referral.episode, kind="home_visit", with_user=link_worker)
    with pytest.raises(PermissionDenied):
        actions.cancel_clinic_appointment(appointment=visit, note="", by=practice_staff)
    heard = []
    appointment_cancelled.connect(listen := lambda **facts: heard.append(facts["note"]))
    cancelled = actions.cancel_clinic_appointment(appointment=appointment, note="She rang.", by=practice_staff)
    appointment_cancelled.disconnect(listen)
    assert (cancelled.cancelled_by, heard) == (practice_staff, ["She rang."])


def log(appointment: Appointment | None, episode: Episode, by: User) -> CareContact:
    return actions.log_contact(
        episode=episode,
        by=by,
        kind="clinic",
        result="took_part",
        note="We talked.",
        happened_at=timezone.now(),
        appointment=appointment,
    )


def test_the_volunteer_writes_down_their_appointment_and_with_it_the_code_once(
    referral, practice_staff, link_worker, volunteer
):
    first = book(referral, practice_staff, holder=link_worker, with_user=volunteer, starts_at=ago(days=2))
    second = book(referral, practice_staff, with_user=volunteer, starts_at=ago(days=1))
    for appointment in (first, second):
        log(appointment, referral.episode, volunteer)
    referral.refresh_from_db()
    assert referral.state == "active"
    assert [entry.code for entry in CodedEntry.objects.all()] == [CodedEntry.Code.REFERRAL]


def test_the_volunteer_writes_nothing_else_and_nothing_once_their_post_has_ended(
    referral, practice_staff, link_worker, volunteer
):
    own = book(referral, practice_staff, holder=link_worker, with_user=volunteer, starts_at=ago(days=2))
    others = book(referral, practice_staff, starts_at=ago(days=1))
    elsewhere = AppointmentFactory(with_user=volunteer)
    for appointment, episode in [(None, referral.episode), (others, referral.episode), (elsewhere, referral.episode)]:
        with pytest.raises(PermissionDenied):
            log(appointment, episode, volunteer)
    with pytest.raises(PermissionDenied):
        log(elsewhere, elsewhere.episode, volunteer)
    assert not Episode.objects.visible_to(volunteer).exists()
    with pytest.raises(PermissionDenied):
        actions.add_follow_up(episode=referral.episode, what="x", due_on=timezone.localdate(), by=volunteer)
    volunteer.posts.filter(role=Role.VOLUNTEER).update(
        end_date=timezone.localdate() - dt.timedelta(days=1), start_date=dt.date(2020, 1, 1)
    )
    with pytest.raises(PermissionDenied):
        log(own, referral.episode, User.objects.get(pk=volunteer.pk))


def test_an_appointment_dealt_to_somebody_else_meanwhile_is_no_longer_the_volunteers(
    referral, practice_staff, link_worker, volunteer
):
    appointment = book(referral, practice_staff, holder=link_worker, with_user=volunteer, starts_at=ago(days=2))
    Appointment.objects.update(with_user=link_worker)
    assert appointment.with_user == volunteer  # as it was read before
    with pytest.raises(PermissionDenied):
        log(appointment, referral.episode, volunteer)
