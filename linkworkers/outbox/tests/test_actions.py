import datetime as dt
import time
from dataclasses import dataclass

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.actions import queue, retry, settle
from linkworkers.outbox.forgetting import forget_old
from linkworkers.outbox.models import Message
from tests.outages import broker_away

pytestmark = pytest.mark.django_db


@dataclass
class Officer:
    allowed: bool = True
    pk: int = 1
    email: str = "office@example.org"

    def get_full_name(self) -> str:
        return "Olu Office"

    def has_perm(self, perm: str) -> bool:
        return self.allowed and perm == "outbox.change_message"


def test_a_message_is_rendered_as_text_and_html_with_the_subject_on_the_first_line(write):
    message = write()
    assert message == Message.objects.get()
    assert message.subject == "Zoë O’Hara & Sons has accepted a referral"
    assert message.text.startswith("Zoë O’Hara & Sons has accepted a referral of yours.")
    assert "http://testserver/referrals/K7-QM2/\n" in message.text
    assert "<p>Zoë O’Hara &amp; Sons has accepted a referral of yours.</p>" in message.html
    assert 'href="http://testserver/referrals/K7-QM2/"' in message.html
    assert (message.state, message.attempts) == (Message.State.WAITING, 0)


def test_a_name_over_two_lines_cannot_add_to_the_subject(write):
    message = write(context={"who": "Zoë\nBcc: everybody@example.org", "reference": "K7-QM2"})
    assert message.subject == "Zoë"


def test_no_control_character_of_a_name_gets_into_the_subject(write):
    message = write(context={"who": "Zoë\r\x0bO’Hara", "reference": "K7-QM2"})
    assert message.subject == "Zoë O’Hara has accepted a referral"


def test_a_template_without_a_subject_is_a_mistake_told_at_once(write):
    with pytest.raises(ValueError, match=r"no_subject\.txt does not begin with"):
        write(template="no_subject")


def test_an_occasion_is_spoken_of_once(write):
    assert write() is not None
    assert write(to="somebody-else@example.org") is None
    assert Message.objects.get().to == "nurse@example.org"


def test_an_occasion_with_nothing_to_say_is_not_asked_about_again(write):
    settle("referral-accepted:123", "referral-accepted")
    settle("referral-accepted:123", "referral-accepted")
    assert write() is None
    assert Message.objects.get().state == Message.State.NOTHING


def test_a_message_whose_cause_is_undone_is_never_written(write, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as nudges, pytest.raises(RuntimeError), transaction.atomic():
        write()
        raise RuntimeError
    assert not Message.objects.exists()
    assert nudges == []


def test_a_message_may_be_held_back(write):
    tomorrow = timezone.now() + dt.timedelta(days=1)
    write(due_at=tomorrow)
    assert not Message.objects.due().exists()
    assert Message.objects.get().due_at == tomorrow


def test_a_worker_is_asked_once_however_many_messages_a_transaction_holds(write, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as nudges:
        for number in range(3):
            write(key=f"referral-accepted:{number}")
    assert len(nudges) == 1


def test_a_worker_is_asked_even_when_the_first_message_was_undone(write, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as nudges:
        with pytest.raises(RuntimeError), transaction.atomic():
            write()
            raise RuntimeError
        write()
    assert len(nudges) == 1


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_message_is_kept_and_nobody_waits(write, caplog):
    with broker_away():
        began = time.monotonic()
        with transaction.atomic():
            write(key="referral-accepted:1")
            write(key="referral-accepted:2")
        took = time.monotonic() - began
    assert took < 1.5
    assert Message.objects.due().count() == 2
    assert [record.message for record in caplog.records if "broker is away" in record.message] == [
        "The broker is away (OperationalError); the sweep will deliver."
    ]


@pytest.mark.parametrize(
    "untruth",
    [
        {"state": "sent"},
        {"state": "waiting", "sent_at": timezone.now()},
        {"state": "nothing"},
        {"to": ""},
        {"state": "sent", "sent_at": timezone.now(), "secret": True},
        {"state": "lost"},
    ],
)
def test_the_database_refuses_a_message_that_contradicts_itself(write, untruth):
    write()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(**untruth)


def test_what_is_due_is_found_by_its_index(write):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    assert "Index Scan using message_due" in Message.objects.due().explain()


@pytest.fixture
def failed(write) -> Message:
    message = write()
    message.state, message.attempts, message.last_error = Message.State.FAILED, 12, "550 no such person"
    message.next_attempt_at = timezone.now() + dt.timedelta(hours=4)
    message.save()
    return message


def test_a_message_that_was_given_up_can_be_tried_again(failed):
    retry(failed, Officer())
    message = Message.objects.due().get()
    assert (message.attempts, message.last_error) == (0, "550 no such person")
    event = AuditEvent.objects.get()
    assert (event.verb, event.subject_id, event.actor) == (
        "message.retried",
        str(message.pk),
        "Olu Office <office@example.org>",
    )


def test_only_somebody_who_may_change_messages_can_try_one_again(failed):
    with pytest.raises(PermissionDenied):
        retry(failed, Officer(allowed=False))
    assert not Message.objects.due().exists()


def test_a_message_that_was_not_given_up_cannot_be_tried_again(write):
    with pytest.raises(Refused, match="This one is: waiting"):
        retry(write(), Officer())
    assert not AuditEvent.objects.exists()


def test_queueing_costs_two_queries(write, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(2):
        queue(key="referral-accepted:9", kind="referral-accepted", to="a@example.org", template="example", context={})


def test_what_mails_said_is_blanked_after_half_a_year_and_the_occasion_stays_said(write):
    sent, fresh = write(), write(key="fresh:1", calendar="BEGIN:VCALENDAR")
    waiting = write(key="waiting:1")
    now = timezone.now()
    Message.objects.exclude(pk=waiting.pk).update(state="sent", sent_at=now - dt.timedelta(days=182))
    Message.objects.filter(pk=sent.pk).update(sent_at=now - dt.timedelta(days=184))
    Message.objects.filter(pk=waiting.pk).update(created_at=now - dt.timedelta(days=2000))
    assert forget_old() == 1
    blank, kept = Message.objects.get(pk=sent.pk), Message.objects.get(pk=fresh.pk)
    assert (blank.text, blank.html, blank.to != "") == ("", "", True)
    assert kept.calendar
    assert kept.text
    assert write() is None
    assert forget_old() == 0


def test_rows_go_after_three_years_unless_they_still_wait(write):
    old, waiting = write(), write(key="waiting:1")
    old_day = timezone.now() - dt.timedelta(days=3 * 365 + 1)
    Message.objects.update(created_at=old_day)
    Message.objects.filter(pk=old.pk).update(state="failed")
    settle("nothing:1", "nothing")
    assert forget_old() == 1
    assert set(Message.objects.values_list("key", flat=True)) == {waiting.key, "nothing:1"}
