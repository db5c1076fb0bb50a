import datetime as dt
import threading
from unittest import mock

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.utils import timezone

from linkworkers.outbox.models import Message
from linkworkers.outbox.tasks import deliver_due
from tests.outages import closed_port

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


def test_a_message_leaves_as_text_and_html_and_is_marked_sent(write, mail_server):
    message = write()
    assert deliver_due() == 1
    (mail,) = mail_server.taken
    assert mail["To"] == "nurse@example.org"
    assert mail["From"] == "Link Workers <no-reply@linkworkers.test>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{message.pk}@testserver>"
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    message.refresh_from_db()
    assert message.state == Message.State.SENT
    assert message.sent_at is not None
    assert message.text
    assert deliver_due() == 0


def test_messages_share_a_connection(write, mail_server):
    for number in range(3):
        write(key=f"referral-accepted:{number}")
    assert deliver_due() == 3
    assert (len(mail_server.taken), mail_server.connections) == (3, 1)


def test_a_secret_is_blanked_once_it_is_sent(write, mail_server):
    message = write(secret=True)
    deliver_due()
    for part in mail_server.taken[0].get_payload():
        assert b"http://testserver/referrals/K7-QM2/" in part.get_payload(decode=True)
    message.refresh_from_db()
    assert (message.text, message.html) == ("", "")
    assert message.subject


@pytest.mark.parametrize("trouble", ["refused", "hung_up_on"])
def test_one_bad_address_holds_up_nobody_else(write, mail_server, trouble):
    getattr(mail_server, trouble).add("gone@example.org")
    write(key="referral-accepted:1")
    bad = write(key="referral-accepted:2", to="gone@example.org")
    write(key="referral-accepted:3")
    deliver_due()
    assert len(mail_server.taken) == 2
    bad.refresh_from_db()
    assert (bad.state, bad.attempts) == (Message.State.WAITING, 1)
    assert bad.next_attempt_at > timezone.now()
    assert bad.last_error.startswith("SMTP")


def test_an_address_no_mail_can_carry_holds_up_nobody_else(write, mail_server):
    bad = write(key="referral-accepted:1", to="nurse@example.org\nBcc: a@example.org")
    write(key="referral-accepted:2")
    deliver_due()
    assert len(mail_server.taken) == 1
    bad.refresh_from_db()
    assert "Invalid address" in bad.last_error


def test_pauses_grow_from_a_minute_to_four_hours_and_after_twelve_tries_it_is_given_up(write, mail_server):
    mail_server.refused.add("nurse@example.org")
    pauses = []
    with time_machine.travel(MONDAY, tick=False) as clock:
        message = write()
        while message.state == Message.State.WAITING:
            assert deliver_due() == 1
            message.refresh_from_db()
            pauses.append((message.next_attempt_at - timezone.now()) / dt.timedelta(minutes=1))
            clock.move_to(message.next_attempt_at - dt.timedelta(seconds=1))
            assert deliver_due() == 0  # not before its time
            clock.shift(1)
    assert message.state == Message.State.FAILED
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240, 240]


def test_a_mail_server_that_is_away_is_no_messages_fault(write, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed_port()
    write(key="referral-accepted:1")
    write(key="referral-accepted:2")
    assert deliver_due() == 0
    assert set(Message.objects.values_list("state", "attempts")) == {("waiting", 0)}
    assert "The mail server cannot be reached (ConnectionRefusedError); messages wait." in caplog.messages


def test_a_message_waits_for_its_time(write, mailoutbox):
    with time_machine.travel(MONDAY, tick=False) as clock:
        write(due_at=MONDAY + dt.timedelta(hours=1))
        assert deliver_due() == 0
        clock.shift(3600)
        assert deliver_due() == 1
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_sending_leaves_the_message_to_the_next(write, mail_server):
    message = write()
    with mock.patch.object(EmailMultiAlternatives, "send", side_effect=SystemExit), pytest.raises(SystemExit):
        deliver_due()
    message.refresh_from_db()
    assert (message.state, message.attempts) == (Message.State.WAITING, 0)
    assert deliver_due() == 1
    assert mail_server.taken[0]["Message-ID"] == f"<{message.pk}@testserver>"


class Worker(threading.Thread):
    """A second worker, with a database connection of its own."""

    tried = 0

    def run(self) -> None:
        try:
            self.tried = deliver_due()
        finally:
            connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_message_in_another_workers_hands_is_passed_over_without_waiting(write, mail_server):
    held = write(key="referral-accepted:1")
    write(key="referral-accepted:2", to="midwife@example.org")
    worker = Worker()
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=held.pk)
        worker.start()
        worker.join(timeout=20)
        assert worker.tried == 1
    worker.join(timeout=30)
    assert [mail["To"] for mail in mail_server.taken] == ["midwife@example.org"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(write, mail_server):
    for number in range(20):
        write(key=f"referral-accepted:{number}", to=f"nurse-{number}@example.org")
    workers = [Worker(), Worker()]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    assert sum(worker.tried for worker in workers) == 20
    assert sorted(mail["To"] for mail in mail_server.taken) == sorted(f"nurse-{n}@example.org" for n in range(20))
