"""Digests, flags and drafts: due and not yet done, whatever the clock or the worker does in between."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from linkworkers.audit.models import AuditEvent
from linkworkers.celery import app
from linkworkers.outbox.models import Message
from members.models import Frequency, MailChoice, Post, User, Workplace
from referrals import actions, tasks
from referrals.factories import (
    AppointmentFactory,
    EpisodeFactory,
    FollowUpFactory,
    InformationRequestFactory,
    PersonFactory,
    ReferralDraftFactory,
    ReferralFactory,
)
from referrals.models import Episode, Referral, ReferralDraft
from referrals.models.referral import State
from referrals.tests.steps import logged_in, mailed

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
DIGEST = "morning-digest"


def london(day: str, clock: str = "07:00") -> time_machine.travel:
    """The time stands still at this moment of the London clock."""
    return time_machine.travel(dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON), tick=False)


@pytest.fixture(autouse=True)
def _posts_have_been_held_for_years(link_worker: User, colleague: User, manager: User, practice_staff: User) -> None:
    Post.objects.update(start_date=dt.date(2020, 1, 1))


@pytest.fixture
def case(practice: Workplace, link_worker: User) -> Episode:
    return EpisodeFactory(person=PersonFactory(practice=practice), active=True, holder=link_worker)


def due(case: Episode, day: str) -> None:
    FollowUpFactory(episode=case, due_on=dt.date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "clock", "sends"),
    [
        ("2026-11-23", "06:59", False),  # a Monday in winter
        ("2026-11-23", "07:00", True),
        ("2026-11-23", "12:10", True),  # the worker was started at noon
        ("2026-07-06", "06:59", False),  # a Monday in summer, an hour ahead of UTC
        ("2026-07-06", "07:00", True),
        ("2026-03-30", "06:59", False),  # the morning after the clocks went forward
        ("2026-03-30", "07:00", True),
        ("2026-10-26", "06:59", False),  # the morning after they went back
        ("2026-10-26", "07:00", True),
        ("2026-03-29", "09:00", False),  # the Sundays themselves
        ("2026-10-25", "09:00", False),
        ("2026-11-28", "09:00", False),  # a Saturday
    ],
)
def test_a_digest_is_sent_from_seven_on_working_days(day, clock, sends, case):
    due(case, day)
    with london(day, clock):
        assert tasks.send_morning_digests() == int(sends)
    assert mailed(DIGEST) == ["amara@example.test"] * sends


def test_beat_asks_every_ten_minutes_of_a_london_morning():
    schedule = app.conf.beat_schedule["morning digests"]["schedule"]
    assert app.conf.timezone == "Europe/London"
    assert (min(schedule.hour), max(schedule.hour), sorted(schedule.minute)) == (6, 12, [0, 10, 20, 30, 40, 50])


def test_a_digest_is_sent_once_a_day_however_often_the_task_runs(case):
    due(case, "2026-11-23")
    with london("2026-11-23"):
        assert [tasks.send_morning_digests() for _ in range(3)] == [1, 0, 0]
    assert mailed(DIGEST) == ["amara@example.test"]


def test_whoever_has_nothing_to_do_gets_no_mail_and_is_not_asked_about_again(case):
    with london("2026-11-23"):
        tasks.send_morning_digests()
        assert Message.objects.filter(kind=DIGEST, state=Message.State.NOTHING).count() == 2
        due(case, "2026-11-23")
        assert tasks.send_morning_digests() == 0
    assert mailed(DIGEST) == []


def test_a_missed_day_is_in_the_digest_of_the_next(case):
    due(case, "2026-11-20")  # nobody ran the task that Friday
    with london("2026-11-23"):
        tasks.send_morning_digests()
    digest = Message.objects.get(kind=DIGEST, to="amara@example.test")
    assert "Follow-ups overdue: 1" in digest.text
    assert digest.subject == "Your day: 1 overdue, 0 appointments, 0 to triage"


def test_a_digest_says_how_much_and_when_and_never_about_whom(case, practice, link_worker, colleague):
    due(case, "2026-11-22")
    due(case, "2026-11-23")
    due(case, "2026-11-24")  # tomorrow's
    with london("2026-11-23", "09:30"):
        AppointmentFactory(episode=case, starts_at=timezone.now(), place="The Maltings, room 4", note="About her son.")
    ReferralFactory(episode__person__practice=practice)
    with london("2026-11-23"):
        assert tasks.send_morning_digests() == 2
    mine = Message.objects.get(kind=DIGEST, to="amara@example.test")
    for part in (mine.text, mine.html):
        for fact in ("09:30 Clinic appointment", "overdue: 1", "due today: 1", "triage: 1", "/today/"):
            assert fact in part
    theirs = Message.objects.get(kind=DIGEST, to="dev@example.test")
    assert "09:30" not in theirs.text
    assert "overdue" not in theirs.text


def test_appointments_of_the_day_are_those_of_the_london_day(case):
    for moment in ("2026-07-05T22:59:00+00:00", "2026-07-05T23:00:00+00:00", "2026-07-06T22:59:00+00:00"):
        AppointmentFactory(episode=case, starts_at=dt.datetime.fromisoformat(moment))
    with london("2026-07-06"):
        tasks.send_morning_digests()
    assert "2 appointments" in Message.objects.get(kind=DIGEST, to="amara@example.test").subject


def test_nobody_who_left_gets_a_digest(case, link_worker):
    due(case, "2026-11-23")
    Post.objects.filter(user=link_worker).update(end_date=dt.date(2026, 11, 22))
    with london("2026-11-23"):
        assert tasks.send_morning_digests() == 0


def waiting(practice: Workplace, since: str = "2026-11-01T10:00:00+00:00") -> Referral:
    person = PersonFactory(practice=practice)
    return ReferralFactory(episode=EpisodeFactory(person=person), waiting_since=dt.datetime.fromisoformat(since))


def test_a_referral_is_flagged_to_the_manager_after_fourteen_days_once(practice):
    waiting(practice)
    with london("2026-11-15", "09:59"):
        assert tasks.flag_unanswered_referrals() == 0
    with london("2026-11-15", "10:00"):
        assert [tasks.flag_unanswered_referrals() for _ in range(2)] == [1, 0]
    with london("2026-12-24"):
        assert tasks.flag_unanswered_referrals() == 0
    assert mailed("referrals-unanswered") == ["helen@example.test"]
    assert AuditEvent.objects.filter(verb="referral.flagged_unanswered", actor="the system").count() == 1


def test_days_without_a_worker_delay_a_flag_and_lose_none(practice):
    waiting(practice)
    waiting(practice, since="2026-11-05T10:00:00+00:00")
    with london("2026-12-24"):
        assert tasks.flag_unanswered_referrals() == 2
    flag = Message.objects.get(kind="referrals-unanswered")
    assert flag.subject == "2 referrals unanswered for 14 days"


def test_an_answer_from_the_practice_begins_a_new_wait(practice, practice_staff, link_worker):
    referral = waiting(practice)
    with london("2026-11-16"):
        assert tasks.flag_unanswered_referrals() == 1
        request = actions.ask(referral=referral, question="Does she hear well?", by=link_worker)
    with london("2026-12-20"):  # a question that nobody answers is a wait too
        assert tasks.flag_unanswered_referrals() == 1
        actions.answer(request=request, text="Yes.", by=practice_staff)
    with london("2027-01-02", "08:00"):
        assert tasks.flag_unanswered_referrals() == 0
    with london("2027-01-03", "08:00"):
        assert [tasks.flag_unanswered_referrals() for _ in range(2)] == [1, 0]
    assert mailed("referrals-unanswered") == ["helen@example.test"] * 3


@pytest.mark.parametrize("state", [State.ACCEPTED, State.DECLINED])
def test_what_has_an_answer_is_not_flagged(state, practice, link_worker):
    referral = waiting(practice)
    match state:
        case State.ACCEPTED:
            actions.accept(referral=referral, by=link_worker)
        case State.DECLINED:
            actions.decline(referral=referral, reason="duplicate", note="", by=link_worker)
    with london("2027-12-24"):
        assert tasks.flag_unanswered_referrals() == 0


@pytest.mark.parametrize(
    ("mailbox", "told"),
    [("", ["amara@example.test", "dev@example.test"]), ("team@example.test", ["team@example.test"])],
)
def test_without_a_manager_the_network_itself_is_told(mailbox, told, practice, network, manager):
    Post.objects.filter(user=manager).update(end_date=dt.date(2020, 1, 2))
    Workplace.objects.filter(pk=network.pk).update(email=mailbox)
    waiting(practice)
    with london("2026-12-24"):
        tasks.flag_unanswered_referrals()
    assert mailed("referrals-unanswered") == told


def test_each_network_is_told_of_its_own(practice, other_practice, outsider):
    Post.objects.update(start_date=dt.date(2020, 1, 1))
    for where in (practice, other_practice, practice):
        waiting(where)
    with london("2026-12-24"):
        tasks.flag_unanswered_referrals()
    counts = Message.objects.filter(kind="referrals-unanswered").values_list("to", "subject")
    assert dict(counts) == {
        "helen@example.test": "2 referrals unanswered for 14 days",
        "rhiannon@example.test": "1 referral unanswered for 14 days",
    }


def test_a_manager_sees_which_wait_too_long_and_nobodys_name_and_no_small_count(practice, manager):
    for _ in range(3):
        waiting(practice, since="2020-01-01T10:00:00+00:00")
    page = logged_in(manager).get("/today/").content.decode()
    assert Referral.objects.first().reference in page
    assert "Fewer than 5" in page
    assert "Prentice" not in page
    assert "Her neighbour has moved away." not in page


def test_a_draft_is_forgotten_thirty_days_after_it_was_last_touched(practice_staff):
    kept, forgotten = ReferralDraftFactory(owner=practice_staff), ReferralDraftFactory(owner=practice_staff)
    now = timezone.now()
    ReferralDraft.objects.filter(pk=kept.pk).update(updated_at=now - dt.timedelta(days=30) + dt.timedelta(minutes=1))
    ReferralDraft.objects.filter(pk=forgotten.pk).update(updated_at=now - dt.timedelta(days=30, minutes=1))
    assert [tasks.delete_expired_drafts() for _ in range(2)] == [1, 0]
    assert ReferralDraft.objects.get() == kept


def test_saving_again_keeps_a_draft_for_another_thirty_days(practice, practice_staff):
    draft = ReferralDraftFactory(owner=practice_staff)
    old = timezone.now() - dt.timedelta(days=29)
    ReferralDraft.objects.update(updated_at=old, created_at=old)
    actions.save_draft(draft_id=draft.pk, by=practice_staff, answers={})
    draft.refresh_from_db()
    assert draft.expires_at - timezone.now() > dt.timedelta(days=29)


def test_an_open_question_is_a_wait_like_any_other(practice):
    request = InformationRequestFactory(referral=waiting(practice))
    Referral.objects.filter(pk=request.referral_id).update(state=State.MORE_ASKED)
    assert Referral.objects.unanswered().exists()


def test_whoever_wants_no_digest_gets_none_and_is_not_asked_about_again(case, link_worker, colleague):
    due(case, "2026-11-23")
    MailChoice.objects.create(user=link_worker, kind=DIGEST, frequency=Frequency.OFF)
    with london("2026-11-23"):
        assert tasks.send_morning_digests() == 0
        MailChoice.objects.all().delete()
        assert tasks.send_morning_digests() == 0
    assert mailed(DIGEST) == []


def test_a_digest_has_a_link_that_ends_it(case, link_worker, client):
    due(case, "2026-11-23")
    with london("2026-11-23"):
        tasks.send_morning_digests()
    message = Message.objects.get(kind=DIGEST, state=Message.State.WAITING)
    assert message.unsubscribe in message.text
    client.post(message.unsubscribe)
    assert MailChoice.objects.get(user=link_worker).frequency == Frequency.OFF
