"""The pages of a volunteer's way: links forged and old, forms filled in badly, and few queries."""

import datetime as dt
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.actions.courses import answer_quiz
from members.factories import PostFactory
from members.factories_learning import CourseFactory, right_answers
from members.models import Frequency, MailChoice, Role
from tests.world import logged_in
from volunteers import journey_links, tasks
from volunteers.actions import journey_references, journey_roles
from volunteers.factories import (
    ApplicantFactory,
    ClinicFactory,
    ShiftFactory,
    VolunteerFactory,
    VolunteerRoleFactory,
    clear,
    volunteer_of,
)
from volunteers.factories_journey import VolunteerReferenceFactory
from volunteers.forms.journey import grown_up_on
from volunteers.models import Check, Requirement, Stage, Volunteer, VolunteerReference

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def filled(**typed: object) -> dict[str, object]:
    return {
        "name": "Ines  Prado",
        "email": "ines@example.test",
        "date_of_birth": "4 5 1971",
        "motivation": "My mother was helped.",
        "availability": ["wed-pm", "tue-am"],
        "agreed_to_six_months": "on",
        **typed,
    }


def errors(response) -> dict[str, list[str]]:
    return response.context["form"].errors


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"agreed_to_six_months": ""}, "agreed_to_six_months", "six months"),
        ({"date_of_birth": "31 2 1980"}, "date_of_birth", "Type the day"),
        ({"date_of_birth": "1 1 2090"}, "date_of_birth", "in the future"),
        ({"date_of_birth": "1 1 1850"}, "date_of_birth", "too long ago"),
        ({"availability": ["tue-night"]}, "availability", "tue-night"),
        ({"availability": []}, "availability", "at least one time"),
        ({"email": "ines@"}, "email", "whole e-mail"),
        ({"postcode": "nowhere"}, "postcode", "whole postcode"),
        ({"roles": ["999999"]}, "roles", "999999"),
        ({"name": "\x00"}, "name", "ull characters"),
        ({"motivation": "क" * 3001}, "motivation", "3000"),
        ({"referee_1_name": "Mary"}, "referee_1_email", "address of Mary"),
        ({"referee_1_name": "Me", "referee_1_email": "INES@example.test"}, "referee_1_email", "somebody else"),
    ],
)
def test_a_form_filled_in_badly_says_what_is_wrong_and_keeps_what_was_typed(coordinator, practice, typed, field, says):
    response = Client().post(reverse("volunteer_apply_at", args=[practice.pk]), filled(**typed))
    assert says in " ".join(errors(response)[field])
    if field != "motivation":
        assert "My mother was helped." in response.content.decode()
    assert not Volunteer.objects.exists()


def test_seventeen_today_and_eighteen_tomorrow_is_told_so_kindly_and_eighteen_today_is_welcome(coordinator, practice):
    url = reverse("volunteer_apply_at", args=[practice.pk])
    tomorrow = TODAY() + DAY
    born = tomorrow.replace(year=tomorrow.year - 18)
    response = Client().post(url, filled(date_of_birth=f"{born:%-d %-m %Y}"))
    assert f"{tomorrow:%-d %B %Y}" in errors(response)["date_of_birth"][0]
    born = TODAY().replace(year=TODAY().year - 18)
    assert Client().post(url, filled(date_of_birth=f"{born:%-d %-m %Y}")).url == reverse("volunteer_applied")
    assert Volunteer.objects.get().name == "Ines Prado"
    assert grown_up_on(dt.date(2008, 2, 29)) == dt.date(2026, 3, 1)


def test_programs_and_second_applications_read_the_same_thanks(coordinator, practice):
    url = reverse("volunteer_apply_at", args=[practice.pk])
    answers = [Client().post(url, filled(**more)) for more in ({}, {}, {"website": "spam", "email": "b@example.test"})]
    assert {answer.url for answer in answers} == {reverse("volunteer_applied")}
    assert Volunteer.objects.count() == 1
    assert Volunteer.objects.get().availability == ["tue-am", "wed-pm"]


def test_the_sixth_application_within_an_hour_is_asked_to_wait(coordinator, practice):
    url = reverse("volunteer_apply_at", args=[practice.pk])
    codes = [Client().post(url, filled()).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]


def test_places_are_those_with_a_coordinator_and_found_by_name_and_postcode(
    coordinator, network, practice, other_practice
):
    practice.postcode = "AL1 3JQ"
    practice.save()
    page = reverse("volunteer_apply")

    def found(query: str) -> list[str]:
        return [str(place) for place, _ in Client().get(f"{page}?{query}").context["places"]]

    assert found("") == [str(network), str(practice)]
    assert found("q=maltings") == [str(practice)]
    assert found("q=al1+4zz") == found("q=AL3") == [str(practice)]
    assert found("q=NE1+1AA") == found("q=%00%27") == found("region=wales") == []
    assert Client().get(reverse("volunteer_apply_at", args=[other_practice.pk])).status_code == HTTPStatus.NOT_FOUND


def test_an_applicant_reads_where_they_stand_corrects_and_withdraws(coordinator, practice):
    applicant = ApplicantFactory(workplace=practice)
    path, client = journey_links.application_path(applicant), Client()
    assert "usually within a week" in client.get(path).content.decode()
    client.post(path, {"phone": " 01632  960 001 ", "availability": ["sun-eve"]})
    applicant.refresh_from_db()
    assert (applicant.phone, applicant.availability) == ("01632 960 001", ["sun-eve"])
    client.post(f"{path}withdraw/")
    assert "You have withdrawn" in client.get(path).content.decode()
    client.post(path, {"phone": "1", "availability": ["sun-eve"]})
    applicant.refresh_from_db()
    assert applicant.phone != "1"
    client.post(f"{path}come-back/")
    applicant.refresh_from_db()
    assert applicant.stage == Stage.INTERVIEW


def test_links_that_are_forged_or_old_say_so(practice, monkeypatch):
    reference = VolunteerReferenceFactory(volunteer__workplace=practice)
    application, asked = journey_links.application_path(reference.volunteer), journey_links.reference_path(reference)
    for path in (application, asked):
        assert Client().get(path).status_code == HTTPStatus.OK
        forged = path.replace(":", ":x", 1)
        assert Client().get(forged).status_code == Client().post(forged).status_code == HTTPStatus.NOT_FOUND
    swapped = f"{reverse('volunteer_apply').replace('apply', 'reference')}{application.split('/')[-2]}/"
    assert Client().get(swapped).status_code == HTTPStatus.NOT_FOUND
    for name in ("APPLICATION_LASTS", "REFERENCE_LASTS"):
        monkeypatch.setattr(journey_links, name, dt.timedelta(seconds=-1))
    assert "This link has expired" in Client().get(asked).content.decode()
    assert "Send me a new link" in Client().get(application).content.decode()
    for _ in range(2):
        Client().post(application)
    assert Message.objects.filter(kind="volunteer-application-link").count() == 1


SAID = {
    "known_for": "years",
    "how_known": "The choir",
    "has_concerns": "no",
    "would_recommend": "yes",
}


def test_a_referee_answers_once_and_says_what_a_concern_is(coordinator, practice):
    reference = VolunteerReferenceFactory(volunteer__workplace=practice)
    path, client = journey_links.reference_path(reference), Client()
    assert "concerns" in errors(client.post(path, SAID | {"has_concerns": "yes"}))
    assert "Thank you" in client.post(path, SAID).content.decode()
    again = client.post(path, SAID | {"would_recommend": "no"})
    assert (again.status_code, "answered already" in again.content.decode()) == (HTTPStatus.GONE, True)
    reference.refresh_from_db()
    assert reference.would_recommend is True
    mail = Message.objects.get(kind="volunteer-reference-in")
    assert mail.to == coordinator.email
    assert "choir" not in mail.text


def test_two_good_references_are_taken_with_one_click_and_never_read_by_the_volunteer(coordinator, practice, volunteer):
    own = volunteer_of(volunteer)
    wanted = Requirement.objects.create(kind="references", name="Two references")
    own.roles.add(VolunteerRoleFactory(needs=[wanted]))
    VolunteerReferenceFactory(volunteer=own, answered=True, strengths="Hears the grass grow")
    client, page = logged_in(coordinator), reverse("volunteer_references", args=[own.key])
    assert "Hears the grass grow" in client.get(page).content.decode()
    client.post(f"{page}good/")
    assert not Check.objects.exists()
    worried = VolunteerReferenceFactory(volunteer=own, answered=True, has_concerns=True, concerns="Temper")
    with pytest.raises(Refused):
        journey_references.accept(own, by=coordinator)
    VolunteerReference.objects.filter(pk=worried.pk).update(has_concerns=False)
    client.post(f"{page}good/")
    assert Check.objects.get().passed
    assert "Hears the grass grow" not in logged_in(volunteer).get(reverse("volunteer_me")).content.decode()
    PostFactory(user=volunteer, workplace=practice, role=Role.COORDINATOR)
    assert logged_in(volunteer).get(page).status_code == HTTPStatus.NOT_FOUND


def test_a_referee_is_reminded_once_after_a_week(coordinator, practice):
    now = timezone.now()
    late = VolunteerReferenceFactory(volunteer__workplace=practice, asked_at=now - 8 * DAY)
    VolunteerReferenceFactory(volunteer__workplace=practice, asked_at=now - 6 * DAY)
    VolunteerReferenceFactory(volunteer__workplace=practice, asked_at=now - 8 * DAY, volunteer__stage=Stage.DECLINED)
    assert (tasks.remind_referees(), tasks.remind_referees()) == (1, 0)
    assert Message.objects.get().to == late.email


def test_a_check_that_ends_is_spoken_of_in_time_once_and_to_those_who_want_it(coordinator, volunteer, practice):
    own = volunteer_of(volunteer)
    dbs = Requirement.objects.create(kind="dbs", name="DBS")
    role = VolunteerRoleFactory(needs=[dbs])
    clear(own, role, ends_on=TODAY() + 61 * DAY)
    Check.objects.update(done_on=TODAY() - 200 * DAY)
    shift = ShiftFactory(volunteer=own, session__clinic__practice=practice, session__clinic__role=role)
    assert tasks.remind_of_checks() == 0
    for days, written in ((60, 2), (59, 0), (29, 2), (5, 2), (-3, 2), (-40, 0)):
        Check.objects.update(ends_on=TODAY() + days * DAY)
        assert (tasks.remind_of_checks(), tasks.remind_of_checks())[0] == 2 if written else True
    assert Message.objects.filter(to=volunteer.email).count() >= 4
    Message.objects.all().delete()
    Check.objects.update(ends_on=TODAY() + DAY)
    MailChoice.objects.create(user=volunteer, kind="volunteer-check", frequency=Frequency.OFF)
    assert (tasks.remind_of_checks(), tasks.remind_of_checks()) == (1, 0)
    mail = Message.objects.get()
    assert mail.to == coordinator.email
    assert f"{timezone.localtime(shift.starts_at):%-d %B}" in mail.text
    page = logged_in(coordinator).get(reverse("volunteer", args=[own.key])).content.decode()
    assert "1 shift needs something" in page


def test_whoever_passes_the_course_has_the_requirement(volunteer):
    own, course = volunteer_of(volunteer), CourseFactory()
    training = Requirement.objects.create(kind="training", name="Listening", course=course, valid_months=12)
    own.roles.add(VolunteerRoleFactory(needs=[training]), VolunteerRoleFactory(needs=[training]))
    assert tasks.note_courses() == 0
    answer_quiz(course, chosen=right_answers(course), by=volunteer)
    assert (tasks.note_courses(), tasks.note_courses()) == (1, 0)
    assert Check.objects.get().ends_on > TODAY() + 360 * DAY


def test_roles_are_kept_by_the_coordinators_who_made_them(coordinator, network, other_network):
    stranger = PostFactory(workplace=other_network, role=Role.COORDINATOR).user
    own = VolunteerRoleFactory(workplace=network)
    usual = VolunteerRoleFactory(workplace=None)
    for by, role in ((stranger, own), (coordinator, usual)):
        url = reverse("volunteer_role_edit", args=[role.pk])
        assert logged_in(by).post(url, {"name": "X", "summary": "Y"}).status_code == HTTPStatus.NOT_FOUND
        assert logged_in(by).post(f"{url}retire/").status_code == HTTPStatus.NOT_FOUND
    theirs = Requirement.objects.create(kind="training", name="Theirs", workplace=other_network)
    facts = {"name": "Gardener", "summary": "Digs.", "skills": [], "meets_people": False}
    with pytest.raises(Refused):
        journey_roles.save_role(None, workplace=network, facts=facts, needs=[theirs], by=coordinator)
    client = logged_in(coordinator)
    client.post(reverse("volunteer_role_new"), {"name": "Gardener", "summary": "Digs.", "skills": "Spades,  Calm "})
    made = client.get(reverse("volunteer_roles")).context["roles"].get(name="Gardener")
    assert (made.workplace, made.skills) == (network, ["Spades", "Calm"])
    again = client.post(reverse("volunteer_role_new"), {"name": "Gardener", "summary": "Digs."})
    assert "role of that name" in str(errors(again))
    VolunteerFactory(workplace=network, roles=[made])
    with pytest.raises(Refused, match="Somebody is gardener today"):
        journey_roles.retire(made, by=coordinator)
    wanted = VolunteerRoleFactory(workplace=network, name="Greeter")
    ClinicFactory(practice__parent=network, role=wanted)
    with pytest.raises(Refused, match="needs a greeter"):
        journey_roles.retire(wanted, by=coordinator)


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == HTTPStatus.OK
    return len(found)


def test_pages_ask_little_with_one_and_with_thirty(coordinator, volunteer, practice):
    dbs = Requirement.objects.create(kind="dbs", name="DBS")
    role = VolunteerRoleFactory(needs=[dbs])
    own = volunteer_of(volunteer)
    own.roles.add(role)
    pages = [
        (logged_in(coordinator), reverse("volunteer_list") + "?stage=active"),
        (logged_in(coordinator), reverse("volunteer", args=[own.key])),
        (logged_in(volunteer), reverse("volunteer_me")),
        (Client(), reverse("volunteer_apply")),
        (logged_in(coordinator), reverse("volunteer_roles")),
        (logged_in(coordinator), reverse("volunteer_references", args=[own.key])),
    ]
    ShiftFactory(volunteer=own, session__clinic__practice=practice, session__clinic__role=role)
    for client, url in pages:
        client.get(url)  # the first look of a session writes into it
    before = [queries(client, url) for client, url in pages]
    for number in range(30):
        VolunteerFactory(workplace=practice, roles=[role])
        VolunteerReferenceFactory(volunteer=own, answered=True)
        VolunteerRoleFactory(needs=[dbs])
        session = {"session__clinic__practice": practice, "session__clinic__role": role}
        start = timezone.now() + dt.timedelta(days=number + 4)
        ShiftFactory(volunteer=own, session__starts_at=start, **session)
        own.absences.create(first_day=TODAY() + number * DAY, last_day=TODAY() + number * DAY)
        own.stage_changes.create(stage=Stage.ACTIVE, by=coordinator)
    assert [queries(client, url) for client, url in pages] == before
    assert max(before) <= 9, before
