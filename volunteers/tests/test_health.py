"""The eleven questions, answered by what there is, and by a coordinator where there is nothing."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from members.models import Role, User, Workplace
from tests.cast import make_user
from tests.world import logged_in
from volunteers import health
from volunteers.actions import health as actions
from volunteers.factories import (
    ClinicFactory,
    ClinicSessionFactory,
    ShiftFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
    clear,
)
from volunteers.factories_expenses import ExpenseClaimFactory
from volunteers.factories_thanks import MilestoneFactory, ThankYouLetterFactory
from volunteers.health import QUESTIONS, Result
from volunteers.models import ExitAnswer, HealthAnswer, Milestone, Requirement, Shift, Stage, Volunteer

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def ask(workplace: Workplace, key: str) -> Result:
    return next(result for result in health.check(workplace) if result.question.key == key)


def says(workplace: Workplace, key: str) -> str:
    result = ask(workplace, key)
    return f"{result.word}: {result.finding.text}" if result.finding else result.word


def shift(volunteer: Volunteer, *, days_ago: int, **facts: object) -> Shift:
    starts = timezone.now() - days_ago * DAY
    session = ClinicSessionFactory(clinic=ClinicFactory(practice=volunteer.workplace), starts_at=starts)
    return ShiftFactory(session=session, volunteer=volunteer, **facts)


def test_there_are_eleven_and_without_data_none_is_answered(practice: Workplace) -> None:
    results = health.check(practice)
    assert [result.number for result in results] == list(range(1, 12))
    assert {result.word for result in results} == {"Not answered yet"}
    assert len({question.key for question in QUESTIONS}) == 11


def test_each_clinic_needs_a_link_worker_who_is_there(practice: Workplace, link_worker: User) -> None:
    ClinicFactory(practice=practice, link_worker=link_worker)
    assert says(practice, "turn-to") == "Going well: Clinics with a link worker behind them: 1 of 1."
    ClinicFactory(practice=practice, name="Friday clinic")
    assert says(practice, "turn-to").endswith("1 of 2.")
    link_worker.posts.update(end_date=timezone.localdate() - DAY, start_date=timezone.localdate() - 9 * DAY)
    result = ask(practice, "turn-to")
    assert result.answer == "no"


def test_checks_and_training_are_asked_of_those_who_are_active(practice: Workplace) -> None:
    training = Requirement.objects.create(kind="training", name="Safeguarding at the desk")
    role = VolunteerRoleFactory(needs=[training])
    fine = VolunteerFactory(workplace=practice, name="Fine", roles=[role])
    clear(fine, role)
    VolunteerFactory(workplace=practice, name="Lacks one", roles=[role])
    VolunteerFactory(workplace=practice, stage="left", left_on=timezone.localdate(), roles=[role])
    result = ask(practice, "checks")
    assert result.finding is not None
    assert (result.answer, result.finding.names) == ("no", ("Lacks one",))
    assert says(practice, "training") == "Needs a look: Active volunteers who did a training in the last year: 1 of 2."


def test_the_way_to_the_first_shift_is_its_median(practice: Workplace) -> None:
    for days in (20, 40, 100):
        volunteer = VolunteerFactory(workplace=practice, applied_at=timezone.now() - (days + 5) * DAY)
        shift(volunteer, days_ago=5)
    assert says(practice, "first-shift").startswith("Going well: Days from applying to the first shift: 40,")


def test_filled_means_a_week_before(practice: Workplace) -> None:
    volunteer = VolunteerFactory(workplace=practice)
    shift(volunteer, days_ago=5, created_at=timezone.now() - 20 * DAY)
    shift(volunteer, days_ago=12, created_at=timezone.now() - 13 * DAY)
    gone = shift(volunteer, days_ago=20, created_at=timezone.now() - 60 * DAY)
    Shift.objects.filter(pk=gone.pk).update(ended_at=timezone.now() - 40 * DAY, end_reason="given_up")
    assert says(practice, "filled") == (
        "Needs you now: Sessions of twelve weeks with enough volunteers a week before: 1 of 3."
    )


def test_the_load_is_fair_when_the_busiest_third_does_not_carry_it(practice: Workplace) -> None:
    people = [VolunteerFactory(workplace=practice) for _ in range(3)]
    for days in range(1, 7):
        shift(people[0], days_ago=days)
    for person in people[1:]:
        shift(person, days_ago=8)
    assert (
        says(practice, "fair") == "Needs you now: The busiest third (1 of 3) worked 75% of the shifts of twelve weeks."
    )


def test_who_is_silent_is_named_and_who_has_a_shift_ahead_is_not(practice: Workplace) -> None:
    begun = timezone.localdate() - 200 * DAY
    silent, ahead, _new = (
        VolunteerFactory(workplace=practice, name=name, started_on=on)
        for name, on in (("Silent", begun), ("Ahead", begun), ("New", timezone.localdate()))
    )
    shift(silent, days_ago=70, attended=False)
    shift(ahead, days_ago=-3)
    result = ask(practice, "silent")
    assert result.finding is not None
    assert result.finding.names == ("Silent",)
    assert result.finding.text.endswith("one ahead: 1 of 2. Of those who lost a shift, came back: 0 of 1.")


def test_thanked_within_a_month_counts_from_when_it_was_noted(practice: Workplace) -> None:
    volunteer = VolunteerFactory(workplace=practice)
    long_ago = timezone.now() - 60 * DAY
    letter = ThankYouLetterFactory(volunteer=volunteer, written_at=long_ago + 20 * DAY)
    MilestoneFactory(volunteer=volunteer, noted_at=long_ago, letter=letter)
    MilestoneFactory(volunteer=volunteer, number=50, noted_at=long_ago)
    MilestoneFactory(volunteer=volunteer, number=100)
    assert Milestone.objects.count() == 3
    assert says(practice, "thanked") == "Needs a look: Milestones of a year thanked for within a month: 1 of 2."


def test_expenses_are_paid_within_a_month_or_late_and_what_is_fresh_is_left_out(practice: Workplace) -> None:
    volunteer, now = VolunteerFactory(workplace=practice), timezone.now()
    for sent, paid in ((60, 40), (60, 10), (50, None), (5, None)):
        facts = {"sent_at": now - sent * DAY, "state": "sent" if paid is None else "paid"}
        if paid is not None:
            facts["paid_at"] = now - paid * DAY
        ExpenseClaimFactory(volunteer=volunteer, **facts)
    assert says(practice, "expenses") == "Needs a look: Claims of the last year paid within thirty days: 1 of 3."


def test_who_leaves_is_asked_why(practice: Workplace) -> None:
    today = timezone.localdate()
    for why in ("Moved to the coast.", ""):
        gone = VolunteerFactory(workplace=practice, stage=Stage.LEFT, left_on=today - 9 * DAY)
        ExitAnswer.objects.create(volunteer=gone, why=why)
    assert says(practice, "leaving").endswith("Of those who left in the last year, said why: 1 of 2.")


def test_a_network_is_asked_about_all_of_its_practices(practice: Workplace, network: Workplace) -> None:
    ClinicFactory(practice=practice)
    assert ask(network, "turn-to").finding is not None


def test_a_coordinator_answers_and_the_history_is_kept(practice: Workplace, coordinator: User) -> None:
    ClinicFactory(practice=practice)
    client = logged_in(coordinator)
    path = reverse("health_answer", args=[practice.pk, "meeting"])
    assert "Choose yes, partly or no" in client.post(path, {"note": "We did."}).content.decode()
    for answer, note in (("no", "Never."), ("yes", "Tea in May <b>")):
        assert client.post(path, {"answer": answer, "note": note}).status_code == 302
    result = ask(practice, "meeting")
    assert (result.word, len(result.history)) == ("Going well", 2)
    page = client.get(f"{reverse('programme_health')}?at={practice.pk}").content.decode()
    assert "Tea in May &lt;b&gt;" in page
    assert "Never." in page


def test_nobody_answers_for_another_network(practice: Workplace, other_network: Workplace) -> None:
    stranger = make_user("Petra Quill", Role.COORDINATOR, other_network)
    client = logged_in(stranger)
    assert client.get(reverse("health_answer", args=[practice.pk, "meeting"])).status_code == 404
    assert "The Maltings" not in client.get(f"{reverse('programme_health')}?at={practice.pk}").content.decode()
    with pytest.raises(PermissionDenied):
        actions.answer(practice, question="meeting", answer="yes", note="", by=stranger)
    assert not HealthAnswer.objects.exists()


def test_there_is_no_twelfth_question(practice: Workplace, coordinator: User) -> None:
    ClinicFactory(practice=practice)
    assert logged_in(coordinator).get(reverse("health_answer", args=[practice.pk, "twelfth"])).status_code == 404


def test_the_page_asks_as_often_with_thirty_volunteers_as_with_one(
    practice: Workplace, coordinator: User, django_assert_max_num_queries: object
) -> None:
    client, path = logged_in(coordinator), f"{reverse('programme_health')}?at={practice.pk}"
    shift(VolunteerFactory(workplace=practice), days_ago=3)
    client.get(path)
    for _ in range(2):
        with django_assert_max_num_queries(9):  # type: ignore[operator]
            assert client.get(path).status_code == 200
        for number in range(30):
            MilestoneFactory(volunteer=VolunteerFactory(workplace=practice, name=f"Volunteer {number}"))
            HealthAnswer.objects.create(workplace=practice, question="meeting", answer="yes", by=coordinator)
