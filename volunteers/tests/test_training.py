"""Training: places in the order of arrival, what comes of having been there, and who may do what."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.actions.learning import change_entry
from members.factories import MembershipFactory, PostFactory
from members.factories_learning import CourseFactory
from members.models import CourseCertificate, LearningEntry, Role, User, Workplace
from referrals.tests.race import race
from tests.world import logged_in
from volunteers.actions import training as actions
from volunteers.actions.attendance import mark
from volunteers.actions.journey_checks import note_courses
from volunteers.actions.journey_own import leave
from volunteers.factories import VolunteerFactory, VolunteerRoleFactory, in_london
from volunteers.factories_training import TrainingFactory, TrainingPlaceFactory
from volunteers.models import Check, Requirement, Training, TrainingPlace, Volunteer

pytestmark = pytest.mark.django_db
State = TrainingPlace.State


@pytest.fixture
def training(practice: Workplace, coordinator: User) -> Training:
    requirement = Requirement.objects.get(key="safeguarding")
    return TrainingFactory(workplace=practice, capacity=2, requirement=requirement, created_by=coordinator)


@pytest.fixture
def helpers(practice: Workplace) -> list[Volunteer]:
    return [VolunteerFactory(workplace=practice, name=f"Helper {number}") for number in range(4)]


def standing(training: Training) -> list[tuple[str, str]]:
    places = training.places.standing().select_related("volunteer").order_by("joined_at", "pk")
    return [(str(place.volunteer), place.state) for place in places]


def begin(training: Training) -> Training:
    now = timezone.now()
    Training.objects.filter(pk=training.pk).update(starts_at=now - dt.timedelta(hours=1), ends_at=now)
    training.refresh_from_db()
    return training


def test_places_go_in_the_order_of_arrival_and_the_waiting_list_moves_up_by_itself(training, helpers):
    for helper in helpers:
        actions.join(training, by=helper.user)
    assert [state for _, state in standing(training)] == ["signed_up", "signed_up", "waiting", "waiting"]
    actions.give_back(training, by=helpers[0].user)
    assert standing(training) == [("Helper 1", "signed_up"), ("Helper 2", "signed_up"), ("Helper 3", "waiting")]
    actions.join(training, by=helpers[0].user)  # at the end of the list
    actions.give_back(training, by=helpers[1].user)
    assert standing(training)[-1] == ("Helper 0", "waiting")
    mails = Message.objects.filter(kind="training-moved-up").order_by("created_at")
    assert [mail.to for mail in mails] == [helpers[2].user.email, helpers[3].user.email]
    event = Calendar.from_ical(mails[0].calendar).walk("VEVENT")[0]
    assert event.decoded("dtstart") == training.starts_at


def test_more_places_go_to_whoever_waits_and_fewer_than_are_taken_are_refused(training, helpers, coordinator):
    for helper in helpers:
        actions.join(training, by=helper.user)
    actions.change(training, facts={"capacity": 3}, by=coordinator)
    assert [state for _, state in standing(training)] == ["signed_up"] * 3 + ["waiting"]
    with pytest.raises(Refused, match="3 places are taken"):
        actions.change(training, facts={"capacity": 2}, by=coordinator)


@given(st.lists(st.tuples(st.sampled_from(["join", "leave", "more"]), st.integers(0, 3)), max_size=14))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_do_nobody_overtakes_on_the_waiting_list(training, helpers, coordinator, deeds):
    with transaction.atomic():
        queue: list[int] = []  # who is on the list, in the order in which they came
        placed: set[int] = set()
        capacity = training.capacity
        for deed, who in deeds:
            user = helpers[who].user
            if deed == "join" and who not in queue:
                actions.join(training, by=user)
                queue.append(who)
            elif deed == "leave" and who in queue:
                actions.give_back(training, by=user)
                queue.remove(who)
                placed.discard(who)
            elif deed == "more" and capacity < 4:
                capacity += 1
                actions.change(training, facts={"capacity": capacity}, by=coordinator)
            for next_one in queue:
                if len(placed) < capacity:
                    placed.add(next_one)
            expected = [(f"Helper {each}", "signed_up" if each in placed else "waiting") for each in queue]
            assert standing(training) == expected
            assert Training.objects.get(pk=training.pk).taken == len(placed)
        transaction.set_rollback(True)


def test_the_database_lets_nobody_sit_on_a_place_that_is_not_there():
    place = TrainingPlaceFactory(training__capacity=1)
    with pytest.raises(IntegrityError, match="training_not_over_full"), transaction.atomic():
        TrainingPlaceFactory(training=place.training)
    with pytest.raises(IntegrityError, match="training_place_once"), transaction.atomic():
        TrainingPlaceFactory(training=place.training, volunteer=place.volunteer, state=State.WAITING)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_place_at_once_one_waits():
    training = TrainingFactory(capacity=1)
    one, two = VolunteerFactory.create_batch(2, workplace=training.workplace)
    row = Training.objects.filter(pk=training.pk)
    made = race(row, lambda: actions.join(training, by=one.user), lambda: actions.join(training, by=two.user))
    assert [place.state for place in made] == ["signed_up", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_of_one_who_presses_twice_at_once_one_place_is_made():
    training = TrainingFactory(capacity=5)
    helper = VolunteerFactory(workplace=training.workplace)
    row = Training.objects.filter(pk=training.pk)
    made = race(row, *[lambda: actions.join(training, by=User.objects.get(pk=helper.user_id))] * 2)
    assert isinstance(made[1], Refused)
    assert training.places.count() == 1


def test_who_volunteers_elsewhere_or_no_longer_has_no_place(training, helpers, other_practice):
    stranger = VolunteerFactory(workplace=other_practice)
    with pytest.raises(PermissionDenied):
        actions.join(training, by=stranger.user)
    Volunteer.objects.filter(pk=helpers[0].pk).update(stage="left", left_on=timezone.localdate())
    with pytest.raises(PermissionDenied):
        actions.join(training, by=helpers[0].user)


def test_a_networks_training_is_for_the_volunteers_of_its_practices_and_the_other_way_round(network, practice):
    at_practice, at_network = VolunteerFactory(workplace=practice), VolunteerFactory(workplace=network)
    for place in (network, practice):
        training = TrainingFactory(workplace=place)
        for helper in (at_practice, at_network):
            assert Training.objects.visible_to(helper.user).filter(pk=training.pk).exists()
            actions.join(training, by=helper.user)


def test_somebody_who_leaves_frees_their_places_and_is_passed_over(training, helpers):
    for helper in helpers:
        actions.join(training, by=helper.user)
    Volunteer.objects.filter(pk=helpers[2].pk).update(stage="left", left_on=timezone.localdate())
    leave(helpers[0], by=helpers[0].user)
    assert {("Helper 3", "signed_up"), ("Helper 2", "waiting")} <= set(standing(training))


def test_when_it_moves_whoever_comes_is_told_and_their_calendar_too(training, helpers, coordinator):
    for helper in helpers[:3]:
        actions.join(training, by=helper.user)
    later = training.starts_at + dt.timedelta(days=1)
    facts = {"starts_at": later, "ends_at": later + dt.timedelta(hours=2)}
    actions.change(training, facts=facts, by=coordinator)
    actions.change(training, facts={"title": "Another name"}, by=coordinator)
    mails = Message.objects.filter(kind="training-changed")
    assert {mail.to for mail in mails} == {helper.user.email for helper in helpers[:2]}
    assert Calendar.from_ical(mails[0].calendar).walk("VEVENT")[0].decoded("dtstart") == later


def test_called_off_everybody_on_the_list_is_told_once(training, helpers, coordinator):
    for helper in helpers[:3]:
        actions.join(training, by=helper.user)
    actions.cancel(training, reason="The trainer is ill.", by=coordinator)
    with pytest.raises(Refused):
        actions.cancel(training, reason="Again.", by=coordinator)
    with pytest.raises(Refused, match="was cancelled"):
        actions.join(training, by=helpers[3].user)
    mails = Message.objects.filter(kind="training-cancelled")
    assert mails.count() == 3
    assert "The trainer is ill." in mails[0].text
    assert sum("METHOD:CANCEL" in mail.calendar for mail in mails) == 2


# What comes of having been there


def test_who_came_has_the_requirement_and_the_points_once_however_often_it_is_saved(training, helpers, coordinator):
    places = [actions.join(training, by=helper.user) for helper in helpers[:2]]
    begin(training)
    for _ in range(2):
        mark(training, came={places[0].pk}, by=coordinator)
    check = Check.objects.get(volunteer=helpers[0])
    assert (check.passed, check.done_on, check.by) == (True, training.on, coordinator)
    assert check.ends_on == training.on.replace(year=training.on.year + 1) - dt.timedelta(days=1)
    entry = LearningEntry.objects.get()
    assert (entry.user, entry.points, entry.formal_hours) == (helpers[0].user, 2, Decimal("1.5"))
    assert [state for _, state in standing(training)] == ["attended", "missed"]
    assert AuditEvent.objects.filter(verb="training.attended").count() == 1


def test_a_tick_that_was_wrong_takes_back_both_and_the_trail_says_so(training, helpers, coordinator):
    place = actions.join(training, by=helpers[0].user)
    begin(training)
    mark(training, came={place.pk}, by=coordinator)
    mark(training, came=set(), by=coordinator)
    assert not Check.objects.exists()
    assert not LearningEntry.objects.exists()
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"check.recorded", "check.withdrawn", "learning.credited", "learning.taken_back", "training.missed"} <= verbs
    mark(training, came={place.pk}, by=coordinator)
    assert Check.objects.count() == LearningEntry.objects.count() == 1


def test_what_somebody_wrote_about_it_stays_theirs_and_counts_for_nothing(training, helpers, coordinator):
    user = helpers[0].user
    MembershipFactory(user=user)
    place = actions.join(training, by=user)
    begin(training)
    mark(training, came={place.pk}, by=coordinator)
    change_entry(LearningEntry.objects.get(), facts={"learned": "To listen."}, by=user)
    mark(training, came=set(), by=coordinator)
    kept = LearningEntry.objects.get()
    assert (kept.learned, kept.points, kept.source) == ("To listen.", 0, "")


def test_attendance_waits_for_the_beginning_and_is_no_strangers_nor_ones_own(training, helpers, coordinator, practice):
    place = actions.join(training, by=helpers[0].user)
    with pytest.raises(Refused, match="has not begun"):
        mark(training, came={place.pk}, by=coordinator)
    begin(training)
    with pytest.raises(PermissionDenied):
        mark(training, came={place.pk}, by=helpers[0].user)
    PostFactory(user=helpers[0].user, workplace=practice, role=Role.COORDINATOR)
    mark(training, came={place.pk}, by=User.objects.get(pk=helpers[0].user_id))
    assert standing(training) == [("Helper 0", "signed_up")]


def test_somebody_who_just_came_is_put_down_beyond_the_places_there_were(training, helpers, coordinator):
    for helper in helpers[:2]:
        actions.join(training, by=helper.user)
    begin(training)
    actions.put_down(training, helpers[3], by=coordinator)
    training.refresh_from_db()
    assert (training.taken, training.capacity) == (3, 3)
    assert not Message.objects.filter(to=helpers[3].user.email).exists()


def test_a_dbs_check_is_no_matter_of_a_training(training, coordinator):
    with pytest.raises(Refused, match="no other check"):
        actions.change(training, facts={"requirement": Requirement.objects.get(key="dbs-basic")}, by=coordinator)


def test_a_course_that_was_passed_counts_for_the_requirement_once():
    course = CourseFactory()
    requirement = Requirement.objects.create(kind="training", name="Listening", course=course, valid_months=12)
    helper = VolunteerFactory(roles=[VolunteerRoleFactory(needs=[requirement])])
    CourseCertificate.objects.create(user=helper.user, course=course, name="x", title="x", points=1, formal_hours=0)
    assert note_courses() == 1
    assert note_courses() == 0
    assert helper.checks.get().requirement == requirement
    assert helper.checks.get().by is None


# The pages


@pytest.fixture
def coordinating(coordinator: User) -> Client:
    return logged_in(coordinator)


def facts(**more: object) -> dict[str, object]:
    day = timezone.localdate() + dt.timedelta(days=20)
    return {
        "title": "Listening well",
        "on": f"{day:%-d %-m %Y}",
        "starts": "10:00",
        "ends": "12:30",
        "place": "Verulam Hall",
        "capacity": "8",
        "points": "2.5",
        "formal_hours": "2.5",
        **more,
    }


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "Give it a name."),
        ({"place": ""}, "Say where it is"),
        ({"on": "1 1 2020"}, "Choose a time to come."),
        ({"on": "32 1 2030"}, "Type the day"),
        ({"ends": "09:00"}, "It ends before it begins."),
        ({"starts": "25:00"}, "Write a time of day"),
        ({"capacity": "0"}, "At least one"),
        ({"capacity": "9999999999"}, "500 at most."),
        ({"points": "0.3"}, "Round it to a quarter"),
        ({"online_link": "javascript:alert(1)"}, "Paste the whole link."),
        ({"online_link": "not a link"}, "Paste the whole link."),
        ({"requirement": "1"}, "Select a valid choice"),
        ({"workplace": "0"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(coordinating, network, typed, said):
    response = coordinating.post(reverse("training_new"), facts(workplace=network.pk) | typed)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert not Training.objects.exists()


def test_a_training_is_offered_and_changed(coordinating, practice, other_practice):
    url = reverse("training_new")
    assert coordinating.post(url, facts(workplace=other_practice.pk)).status_code == 200
    requirement = Requirement.objects.get(key="safeguarding")
    assert coordinating.post(url, facts(workplace=practice.pk, requirement=requirement.pk)).status_code == 302
    made = Training.objects.get()
    assert (made.requirement, made.points, made.capacity) == (requirement, Decimal("2.5"), 8)
    assert f"{timezone.localtime(made.starts_at):%H:%M}" == "10:00"
    coordinating.post(reverse("training_edit", args=[made.pk]), facts(starts="11:00", workplace=other_practice.pk))
    made.refresh_from_db()
    assert f"{timezone.localtime(made.starts_at):%H:%M}" == "11:00"
    assert made.workplace == practice


def test_nobody_finds_anothers_training(coordinating, other_practice):
    other = TrainingFactory(workplace=other_practice)
    for name in ("training_detail", "training_edit", "training_cancel", "training_attendance"):
        assert coordinating.get(reverse(name, args=[other.pk])).status_code == 404
    stranger = VolunteerFactory(workplace=other_practice)
    mine = TrainingFactory(workplace=Workplace.objects.get(posts__user__name="Grace Adeyemi"))
    response = coordinating.post(reverse("training_put_down", args=[mine.pk]), {"volunteer": stranger.pk})
    assert response.status_code == 302
    assert not mine.places.exists()


def test_an_attendance_sheet_takes_no_ids_of_another_training(coordinating, training, practice):
    foreign = TrainingPlaceFactory(training__workplace=practice)
    place = TrainingPlaceFactory(training=begin(training))
    url = reverse("training_attendance", args=[training.pk])
    for came in (foreign.pk, "x", "²", "9" * 40):
        assert "The list has changed" in coordinating.post(url, {"came": [place.pk, came]}).content.decode()
    assert coordinating.post(url, {"came": [place.pk]}).status_code == 302
    place.refresh_from_db()
    assert place.state == "attended"


def test_the_link_for_joining_online_is_shown_to_those_with_a_place(training, helpers):
    Training.objects.update(online_link="https://meet.example.org/secret")
    for helper in helpers[:3]:
        actions.join(training, by=helper.user)
    shown = [
        "meet.example.org"
        in logged_in(helper.user).get(reverse("training_detail", args=[training.pk])).content.decode()
        for helper in helpers
    ]
    assert shown == [True, True, False, False]
    assert "meet.example.org" not in logged_in(helpers[3].user).get(reverse("training")).content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_pages_ask_as_much_for_one_as_for_thirty(number, practice, coordinator, django_assert_max_num_queries):
    roles = [VolunteerRoleFactory(needs=Requirement.objects.all()) for _ in range(2)]
    volunteers = VolunteerFactory.create_batch(number, workplace=practice, roles=roles)
    for days in range(number):
        made = TrainingFactory(workplace=practice, capacity=50, starts_at=in_london(days=days + 2))
        TrainingPlaceFactory(training=made, volunteer=volunteers[0])
        past = TrainingFactory(workplace=practice, starts_at=in_london(days=-2 - days))
        TrainingPlaceFactory(
            training=past, volunteer=volunteers[0], state="attended", marked_at=timezone.now(), marked_by=coordinator
        )
    for volunteer in volunteers[1:]:
        TrainingPlaceFactory(training=made, volunteer=volunteer)
    pages = {
        volunteers[0].user: [reverse("training"), reverse("training_detail", args=[made.pk])],
        coordinator: [
            reverse("training_offered"),
            reverse("training_needs"),
            reverse("training_needs") + "?list=missing&q=rose",
            reverse("training_detail", args=[made.pk]),
            reverse("training_attendance", args=[made.pk]),
        ],
    }
    for user, paths in pages.items():
        client = logged_in(user)
        for path in paths:
            client.get(path)
            with django_assert_max_num_queries(9):
                assert client.get(path).status_code == 200
