"""The story of a case: everything once, in the order in which it happened, in words."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import User, Workplace
from referrals import actions
from referrals.factories import (
    AppointmentFactory,
    CareContactFactory,
    EpisodeFactory,
    FollowUpFactory,
    InformationRequestFactory,
    MessageBackFactory,
    PersonFactory,
    ReferralFactory,
    ago,
)
from referrals.models import Amendment, Episode, Referral
from referrals.tests.steps import logged_in, submit
from referrals.timeline import Timeline, timeline

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(practice: Workplace, link_worker: User) -> Episode:
    episode = EpisodeFactory(person=PersonFactory(practice=practice), active=True, holder=link_worker)
    ReferralFactory(episode=episode, referrer_name="Dr P. Shah")
    return episode


def story(episode: Episode) -> Timeline:
    episode = Episode.objects.get(pk=episode.pk)
    return timeline(episode, list(episode.referrals.order_by("submitted_at", "pk")))


def past(episode: Episode) -> list[tuple[str, str]]:
    """What has happened, oldest first, with who did it."""
    return [(entry.heading, entry.by) for entry in reversed(story(episode).past)]


def test_everything_is_told_once_newest_first_and_each_with_who_did_it(case, link_worker, colleague, practice_staff):
    InformationRequestFactory(referral=case.referrals.get(), asked_by=colleague, asked_at=ago(days=7, hours=12))
    CareContactFactory(episode=case, by=link_worker, happened_at=ago(days=5), minutes=40)
    MessageBackFactory(episode=case, by=link_worker, created_at=ago(days=4))
    CareContactFactory(episode=case, by=colleague, happened_at=ago(days=3), kind="clinic", result="did_not_attend")
    FollowUpFactory(episode=case, what="Ring the choir", created_at=ago(days=9), done_at=ago(days=2), done_by=colleague)
    AppointmentFactory(
        episode=case, kind="home_visit", starts_at=ago(days=1), cancelled_at=ago(days=3), cancelled_by=link_worker
    )
    Episode.objects.update(closed_at=ago(hours=1), closed_by=link_worker, outcome="connected")
    assert past(case) == [
        ("Referred by Dr P. Shah", ""),
        ("Asked the practice for more", "Dev Patel"),
        ("Referral accepted", "Amara Okafor"),
        ("Phone call, 40 minutes", "Amara Okafor"),
        ("Message to the practice: news", "Amara Okafor"),
        ("Did not attend (clinic appointment)", "Dev Patel"),
        ("Done: Ring the choir", "Dev Patel"),
        ("Cancelled: home visit", "Amara Okafor"),
        ("Closed: settled with a group or service", "Amara Okafor"),
    ]


def test_it_is_read_in_one_query(case):
    CareContactFactory(episode=case)
    episode = Episode.objects.select_related("closed_by").get(pk=case.pk)
    referrals = list(episode.referrals.select_related("accepted_by", "declined_by", "withdrawn_by"))
    with CaptureQueriesContext(connection) as captured:
        timeline(episode, referrals)
    assert len(captured) == 1


def test_nothing_of_another_case_is_in_it(case, practice):
    other = EpisodeFactory(person__practice=practice, active=True)
    ReferralFactory(episode=other)
    for factory in (CareContactFactory, AppointmentFactory, FollowUpFactory, MessageBackFactory):
        factory(episode=other)
    InformationRequestFactory(referral=other.referrals.get())
    told = story(case)
    assert [entry.kind for entry in told.past] == ["accepted", "referral"]
    assert (told.follow_ups, told.appointments, told.unwritten) == ([], [], [])


def test_an_amendment_stands_before_what_was_first_written_and_the_last_one_counts(case, link_worker, colleague):
    contact = CareContactFactory(episode=case, note="First.")
    for hours, note in [(1, "Third."), (2, "Second.")]:
        facts = {"note": note, "reason": f"{note} reason", "by": colleague, "at": ago(hours=hours)}
        Amendment.objects.create(contact=contact, **facts)
    (entry,) = [entry for entry in story(case).past if entry.kind == "contact"]
    assert (entry.text, entry.facts["note"]) == ("Third.", "First.")
    assert [note.facts["note"] for note in entry.notes] == ["Second.", "Third."]
    assert (entry.amended.by, entry.amended.facts["reason"]) == ("Dev Patel", "Third. reason")
    page = logged_in(link_worker).get(reverse("referral", args=[case.reference])).content.decode()
    assert "by Dev Patel: Third. reason" in page
    assert page.index("Third.") < page.index("First.")


def test_an_appointment_is_to_come_then_unwritten_then_a_contact(case, link_worker):
    to_come = AppointmentFactory(episode=case, starts_at=ago(hours=-2))
    over = AppointmentFactory(episode=case, starts_at=ago(hours=2))
    told = story(case)
    assert [entry.pk for entry in told.appointments] == [to_come.pk]
    assert [entry.pk for entry in told.unwritten] == [over.pk]
    CareContactFactory(episode=case, appointment=over, happened_at=over.starts_at, kind="clinic")
    told = story(case)
    assert told.unwritten == []
    assert told.past[0].heading == "Clinic appointment"


def test_what_is_to_come_stands_soonest_first(case):
    today = timezone.localdate()
    for days in (3, -1, 0):
        FollowUpFactory(episode=case, due_on=today + dt.timedelta(days=days), what=str(days))
    for hours in (9, 1, 5):
        AppointmentFactory(episode=case, starts_at=ago(hours=-hours), place=str(hours))
    told = story(case)
    assert [entry.facts["what"] for entry in told.follow_ups] == ["-1", "0", "3"]
    assert told.next_follow_up.facts["due_on"] == today - dt.timedelta(days=1)
    assert [entry.facts["place"] for entry in told.appointments] == ["1", "5", "9"]


def test_of_things_in_one_moment_the_one_that_follows_is_the_later(case, link_worker):
    now = timezone.now()
    Referral.objects.update(submitted_at=now, accepted_at=now)
    CareContactFactory(episode=case, happened_at=now)
    MessageBackFactory(episode=case, created_at=now)
    Episode.objects.update(closed_at=now, outcome="moved")
    kinds = [entry.kind for entry in reversed(story(case).past)]
    assert kinds == ["referral", "accepted", "contact", "message", "closed"]


def test_a_decline_and_a_withdrawal_are_told_with_their_reason(practice, practice_staff, link_worker):
    first, second = submit(practice_staff, practice), submit(practice_staff, practice)
    actions.decline(referral=first, reason="out_of_area", note="She lives in Luton.", by=link_worker)
    actions.withdraw(referral=second, note="Sent twice.", by=practice_staff)
    *_, declined, withdrawn, closed = reversed(story(first.episode).past)
    assert (declined.heading, declined.text) == ("Declined: the person is outside our area", "She lives in Luton.")
    assert (withdrawn.heading, withdrawn.text) == ("Withdrawn by the practice", "Sent twice.")
    assert closed.heading == "Closed: withdrawn by the practice"
    assert declined.alert
    assert withdrawn.alert


@pytest.mark.parametrize(
    ("facts", "heading"),
    [
        ({"kind": "phone", "result": "took_part", "minutes": None}, "Phone call"),
        ({"kind": "video", "result": "took_part", "minutes": 25}, "Video call, 25 minutes"),
        ({"kind": "phone", "result": "no_answer"}, "No answer, or left a message (phone call)"),
        ({"kind": "about", "result": "took_part"}, "With somebody else about them"),
    ],
)
def test_a_contact_is_named_by_how_it_was_and_how_it_went(facts, heading, case):
    CareContactFactory(episode=case, happened_at=timezone.now(), **facts)
    assert story(case).past[0].heading == heading


def test_a_case_handed_to_somebody_new_tells_the_whole_story_to_them(case, link_worker, colleague):
    CareContactFactory(episode=case, note="She told me about the choir.", by=link_worker)
    actions.hand_over(episode=case, to=colleague, by=link_worker)
    page = logged_in(colleague).get(reverse("referral", args=[case.reference])).content.decode()
    assert "She told me about the choir." in page
