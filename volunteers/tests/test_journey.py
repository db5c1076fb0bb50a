"""From applying to being active, and on to leaving and coming back. Bad input first."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.actions import accounts
from members.factories import PostFactory
from members.models import Invitation, Role, User, Workplace
from referrals.tests.race import race
from volunteers.actions import journey, journey_accounts, journey_applications, journey_own, journey_references
from volunteers.actions.journey_checks import record_check
from volunteers.factories import (
    ApplicantFactory,
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
    clear,
    in_london,
    volunteer_of,
)
from volunteers.factories_journey import VolunteerReferenceFactory
from volunteers.models import JOINING, Requirement, Shift, Stage, Volunteer, VolunteerReference
from volunteers.permissions import why_not_cleared
from volunteers.views.journey import decided_by

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
DAY = dt.timedelta(days=1)


def answers(**typed: object) -> dict[str, object]:
    return {"name": "Ines Prado", "email": "Ines@example.test", "agreed_to_six_months": True, **typed}


def kinds(to: str = "") -> list[str]:
    mails = Message.objects.filter(to=to) if to else Message.objects.all()
    return list(mails.order_by("created_at").values_list("kind", flat=True))


def test_nobody_applies_where_nobody_coordinates(other_practice):
    with pytest.raises(Refused, match="does not take applications"):
        journey_applications.apply(workplace=other_practice, answers=answers())
    assert not Volunteer.objects.exists()


def test_an_application_is_there_once_and_both_sides_hear(coordinator, practice):
    referee = {"name": "Mary", "email": "mary@example.test", "relation": "Neighbour"}
    journey_applications.apply(workplace=practice, answers=answers(), referees=[referee])
    journey_applications.apply(workplace=practice, answers=answers(email="INES@example.test", name="Somebody else"))
    applicant = Volunteer.objects.get()
    assert (applicant.email, applicant.name, applicant.stage) == ("ines@example.test", "Ines Prado", Stage.APPLIED)
    assert applicant.references.get().asked_at is None
    assert kinds("ines@example.test") == ["volunteer-applied", "volunteer-applied-again"]
    assert kinds(coordinator.email) == ["volunteer-application"]


@pytest.mark.django_db(transaction=True)
def test_an_application_sent_twice_at_once_is_there_once(coordinator, practice):
    def send() -> None:
        journey_applications.apply(workplace=practice, answers=answers())

    assert race(Workplace.objects.filter(pk=practice.pk), send, send) == [None, None]
    assert Volunteer.objects.count() == 1


def test_who_was_declined_may_apply_anew_and_the_old_one_is_not_taken_up_beside_it(coordinator, practice):
    old = ApplicantFactory(workplace=practice, email="ines@example.test", stage=Stage.DECLINED)
    journey_applications.apply(workplace=practice, answers=answers())
    assert Volunteer.objects.count() == 2
    with pytest.raises(Refused, match="applied anew"):
        journey.reconsider(old, by=coordinator)


def test_who_left_comes_back_by_their_link_and_not_by_somebody_typing_their_address(coordinator, practice):
    left = VolunteerFactory(workplace=practice, stage=Stage.LEFT, left_on=TODAY())
    journey_applications.apply(workplace=practice, answers=answers(email=left.email))
    assert Volunteer.objects.get().stage == Stage.LEFT
    assert journey_applications.come_back(left).stage == Stage.INDUCTION
    with pytest.raises(Refused):
        journey_applications.come_back(left)


@pytest.mark.parametrize("stage", [Stage.ACTIVE, Stage.LEFT, Stage.DECLINED, Stage.PAUSED, "made up"])
def test_no_stage_is_jumped_to(coordinator, practice, stage):
    applicant = ApplicantFactory(workplace=practice)
    with pytest.raises(Refused):
        journey.move_on(applicant, to=stage, by=coordinator)
    applicant.refresh_from_db()
    assert applicant.stage == Stage.APPLIED


@pytest.fixture
def other_coordinator(other_network) -> User:
    return PostFactory(workplace=other_network, role=Role.COORDINATOR).user


@pytest.mark.parametrize("who", ["other_coordinator", "volunteer", "manager", "practice_staff", "link_worker"])
def test_nobody_else_decides(request, practice, who):
    by = request.getfixturevalue(who)
    applicant = ApplicantFactory(workplace=practice)
    deeds = (
        lambda: journey.move_on(applicant, to=Stage.DBS, by=by),
        lambda: journey.decline(applicant, by=by),
        lambda: journey.activate(applicant, by=by),
        lambda: journey_accounts.offer_induction(applicant, by=by),
        lambda: journey_references.add_referee(applicant, name="A", email="a@example.test", by=by),
        lambda: record_check(applicant, Requirement.objects.first(), passed=True, done_on=TODAY(), by=by),
        lambda: journey_own.leave(applicant, by=by),
    )
    for deed in deeds:
        with pytest.raises(PermissionDenied):
            deed()


def test_a_coordinator_who_applies_does_not_decide_about_themselves_before_they_have_the_account(coordinator, network):
    own = ApplicantFactory(workplace=network, email=coordinator.email.upper())
    reference = VolunteerReferenceFactory(volunteer=own)
    for deed in (
        lambda: journey.move_on(own, to=Stage.DBS, by=coordinator),
        lambda: record_check(own, Requirement.objects.first(), passed=True, done_on=TODAY(), by=coordinator),
        lambda: journey_accounts.offer_induction(own, by=coordinator),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    assert reference not in VolunteerReference.objects.visible_to(coordinator)
    assert own not in decided_by(coordinator)


def test_a_coordinator_who_volunteers_does_not_decide_about_themselves(coordinator, network):
    own = VolunteerFactory(workplace=network, user=coordinator)
    with pytest.raises(PermissionDenied):
        record_check(own, Requirement.objects.first(), passed=True, done_on=TODAY(), by=coordinator)


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_who_decide_at_once_the_second_is_told(coordinator, network, practice):
    second = PostFactory(workplace=network, role=Role.COORDINATOR).user
    applicant = ApplicantFactory(workplace=practice)
    at = in_london(days=2)
    done = race(
        Volunteer.objects.filter(pk=applicant.pk),
        lambda: journey.invite_to_interview(applicant, at=at, place="Here", seen=Stage.APPLIED, by=coordinator),
        lambda: journey.decline(applicant, seen=Stage.APPLIED, by=second),
    )
    assert isinstance(done[1], Refused)
    assert "Somebody was quicker" in str(done[1])
    applicant.refresh_from_db()
    assert applicant.stage == Stage.INTERVIEW
    assert "volunteer-declined" not in kinds()


def test_the_whole_way(coordinator, practice):
    needs = [Requirement.objects.create(kind=kind, name=kind, valid_months=36) for kind in ("dbs", "references")]
    role = VolunteerRoleFactory(needs=needs)
    applicant = ApplicantFactory(workplace=practice, roles=[role], email="ines@example.test")
    VolunteerReferenceFactory(volunteer=applicant, asked_at=None)
    with pytest.raises(Refused, match="has gone by"):
        journey.invite_to_interview(applicant, at=timezone.now(), place="Here", by=coordinator)
    journey.invite_to_interview(applicant, at=in_london(days=2), place="Here", by=coordinator)
    mail = Message.objects.get(kind="volunteer-interview")
    assert "BEGIN:VEVENT" in mail.calendar
    journey.move_on(applicant, to=Stage.REFERENCES, by=coordinator)
    assert kinds().count("volunteer-reference") == 1
    journey.move_on(applicant, to=Stage.DBS, by=coordinator)
    with pytest.raises(Refused, match="still to come"):
        record_check(applicant, needs[0], passed=True, done_on=TODAY() + DAY, by=coordinator)
    check = record_check(applicant, needs[0], passed=True, done_on=dt.date(2026, 3, 1), by=coordinator)
    assert check.ends_on == dt.date(2029, 2, 28)
    journey_accounts.offer_induction(applicant, by=coordinator)
    invitation = Invitation.objects.get()
    with pytest.raises(Refused, match="no account yet"):
        journey.activate(applicant, by=coordinator)
    user = accounts.accept_invitation(invitation, name="Ines", password="three words apart")
    applicant.refresh_from_db()
    assert applicant.user == user
    with pytest.raises(Refused, match="not in order: references"):
        journey.activate(applicant, by=coordinator)
    record_check(applicant, needs[1], passed=True, done_on=TODAY(), by=coordinator)
    active = journey.activate(applicant, by=coordinator)
    assert active.started_on == TODAY()
    assert why_not_cleared(active, role, practice, on=TODAY()) == ""
    assert [change.stage for change in active.stage_changes.all()][-1] == Stage.ACTIVE


def test_a_dbs_check_that_ended_yesterday_blocks_activation_and_shifts(coordinator, practice):
    dbs = Requirement.objects.get_or_create(kind="dbs", name="DBS")[0]
    role = VolunteerRoleFactory(needs=[dbs])
    joining = VolunteerFactory(workplace=practice, roles=[role], stage=Stage.INDUCTION)
    record_check(joining, dbs, passed=True, done_on=TODAY() - 9 * DAY, ends_on=TODAY() - DAY, by=coordinator)
    with pytest.raises(Refused, match="not in order: DBS"):
        journey.activate(joining, by=coordinator)
    Volunteer.objects.update(stage=Stage.ACTIVE)
    joining.refresh_from_db()
    assert "not in order: DBS" in why_not_cleared(joining, role, practice, on=TODAY())


def test_what_is_found_amiss_counts_against_what_was_found_before(coordinator, practice):
    dbs = Requirement.objects.create(kind="dbs", name="DBS")
    role = VolunteerRoleFactory(needs=[dbs])
    active = VolunteerFactory(workplace=practice)
    clear(active, role)
    record_check(active, dbs, passed=False, done_on=TODAY(), by=coordinator)
    assert "not in order" in why_not_cleared(active, role, practice, on=TODAY())
    assert not Volunteer.objects.filter(pk=active.pk).cleared_for(role, on=TODAY()).exists()
    record_check(active, dbs, passed=True, done_on=TODAY(), by=coordinator)
    assert why_not_cleared(active, role, practice, on=TODAY()) == ""


def test_pausing_frees_the_shifts_of_the_pause_and_says_which_sessions_are_short(coordinator, volunteer):
    own = volunteer_of(volunteer)
    soon, later = (
        ShiftFactory(
            volunteer=own, session=ClinicSessionFactory(clinic__practice=own.workplace, starts_at=in_london(days=days))
        )
        for days in (2, 20)
    )
    journey_own.pause(own, until=TODAY() + 7 * DAY, by=volunteer)
    for shift in (soon, later):
        shift.refresh_from_db()
    assert (soon.end_reason, later.ended_at) == (Shift.Ended.PAUSED, None)
    assert kinds(coordinator.email) == ["volunteer-sessions-short", "volunteer-paused-told"]
    Volunteer.objects.update(paused_until=TODAY() - DAY)
    assert (journey_own.end_pauses(), journey_own.end_pauses()) == (1, 0)
    own.refresh_from_db()
    assert own.stage == Stage.ACTIVE


def test_leaving_ends_the_post_keeps_what_was_said_and_there_is_a_way_back(coordinator, volunteer, practice):
    own = volunteer_of(volunteer)
    shift = ShiftFactory(volunteer=own, session__clinic__practice=practice)
    own.roles.add(shift.session.clinic.role)
    journey_own.leave(own, answers={"why": "I move to Wales.", "best": ""}, by=volunteer)
    own.refresh_from_db()
    shift.refresh_from_db()
    assert (own.stage, own.left_on) == (Stage.LEFT, TODAY())
    assert shift.end_reason == Shift.Ended.PAUSED
    assert volunteer.posts.get().end_date == TODAY()  # it began today
    assert own.exit_answers.get().why == "I move to Wales."
    assert "volunteer-left" in kinds(volunteer.email)
    with pytest.raises(Refused):
        journey_own.leave(own, by=coordinator)
    volunteer.posts.update(start_date=TODAY() - 9 * DAY, end_date=TODAY() - DAY)
    vars(volunteer).pop("current_posts", None)
    journey_applications.come_back(own)
    journey_accounts.offer_induction(own, by=coordinator)
    accounts.accept_invitation(Invitation.objects.get(), by=User.objects.get(pk=volunteer.pk))
    assert journey.activate(own, by=coordinator).left_on is None


def test_days_away_free_the_shifts_on_them(coordinator, volunteer, practice):
    own = volunteer_of(volunteer)
    shift = ShiftFactory(volunteer=own, session__clinic__practice=practice)
    day = timezone.localdate(shift.starts_at)
    with pytest.raises(Refused, match="before the first"):
        journey_own.add_absence(own, first_day=day, last_day=day - DAY, by=volunteer)
    absence, freed = journey_own.add_absence(own, first_day=day, last_day=day, by=volunteer)
    assert freed == 1
    journey_own.delete_absence(absence, by=coordinator)
    assert not own.absences.exists()


def test_every_stage_of_joining_can_be_ended_by_the_applicant(practice):
    for stage in JOINING:
        applicant = ApplicantFactory(workplace=practice, stage=stage)
        assert journey_applications.withdraw(applicant).stage == Stage.WITHDRAWN
        with pytest.raises(Refused):
            journey_applications.correct(applicant, phone="1", availability=[])
