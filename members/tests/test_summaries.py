"""What employers are told once a month: never nothing, never twice."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linkworkers.outbox.models import Message
from members import tasks
from members.actions import summaries
from members.actions.invoices import Line, raise_invoice
from members.factories import EmployerFactory, MembershipFactory, PlanFactory, UserFactory
from members.models import Association, Frequency, MailChoice, Membership, Seat

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


@pytest.fixture(autouse=True)
def office_details(db):
    Association.get()


def london(moment: str) -> time_machine.travel:
    return time_machine.travel(dt.datetime.fromisoformat(moment).replace(tzinfo=LONDON), tick=False)


def run(moment: str) -> int:
    with london(moment):
        return tasks.send_employer_summaries()


@pytest.fixture
def employer() -> Membership:
    """Belongs from November 2026 to the end of October 2027, and has had its summary of November."""
    with london("2026-11-01T09:00"):
        found = EmployerFactory(organization_name="Fen & Marsh Trust", seats=3, contact__name="Pat Hollow")
    run("2026-11-01T09:00")
    assert [message.state for message in Message.objects.all()] == [Message.State.NOTHING]
    return found


def sit(employer: Membership, name: str, *, on: str, until: str | None = None) -> Seat:
    with london(on):
        return Seat.objects.create(
            membership=employer,
            email=f"{name.lower()}@example.test",
            name=name,
            member=MembershipFactory(user__name=name, term=False),
            accepted_at=timezone.now(),
            ended_at=until and dt.datetime.fromisoformat(until).replace(tzinfo=LONDON),
            token_hash=name,
            expires_at=timezone.now(),
        )


def the_mail() -> Message:
    return Message.objects.get(kind="employer-summary", state=Message.State.WAITING)


def test_who_came_and_who_left_is_said_once(employer):
    sit(employer, "Ana", on="2026-11-10T09:00")
    sit(employer, "Bo", on="2026-10-20T09:00", until="2026-11-20T09:00")
    sit(employer, "Cy", on="2026-11-02T09:00", until="2026-11-03T09:00")
    assert [run("2026-12-01T09:00"), run("2026-12-01T10:00"), run("2026-12-31T23:55")] == [1, 0, 0]
    mail = the_mail()
    assert mail.subject == "Fen & Marsh Trust: 1 of 3 seats taken"
    assert "1 taken, 0 offered, 2 free" in mail.text
    assert "Took a seat since the last summary:\n- Ana\n" in mail.text
    assert "No longer on a seat:\n- Bo\n" in mail.text
    assert "Cy" not in mail.text
    assert "Fen &amp; Marsh Trust" in mail.html
    assert mail.unsubscribe.startswith("/members/unsubscribe/")
    assert mail.to == employer.contact.email
    assert run("2027-01-01T09:00") == 0


def test_a_month_without_a_worker_is_told_with_the_next(employer):
    sit(employer, "Ana", on="2026-11-10T09:00")
    sit(employer, "Bo", on="2026-12-24T09:00")
    assert run("2027-01-31T23:59") == 1
    assert "- Ana\n- Bo\n" in the_mail().text


def test_what_comes_while_a_summary_is_written_is_in_the_next(employer):
    sit(employer, "Ana", on="2026-11-10T09:00")
    run("2026-12-01T09:00")
    sit(employer, "Bo", on="2026-12-01T09:00")
    assert run("2027-01-01T00:01") == 1
    assert "Bo" in Message.objects.get(key__endswith=":2027-01").text


def test_months_are_those_of_london(employer):
    sit(employer, "Ana", on="2026-11-10T09:00")
    assert run("2027-04-01T00:30") == 1  # half past eleven of the 31st, in UTC
    assert the_mail().key.endswith(":2027-04")


def test_an_end_that_is_near_and_an_invoice_that_waits_are_news(employer):
    with london("2027-09-10T09:00"):
        invoice = raise_invoice(
            lines=[Line("A year", 1, Decimal(290), Decimal(0))],
            bill_to="Fen & Marsh Trust",
            address="",
            email="pat@example.test",
            membership=employer,
            by=None,
        )
    assert run("2027-10-01T09:00") == 1
    mail = the_mail()
    assert "membership ends 31 October 2027" in mail.subject
    assert f"- {invoice.number}: £290.00, due on 10 October 2027" in mail.text


def test_in_grace_it_says_that_it_has_ended(employer):
    assert run("2027-11-02T09:00") == 1
    assert "membership ended 31 October 2027" in the_mail().subject
    assert "Ended on: 31 October 2027" in the_mail().text


def test_who_gets_none(employer):
    sit(employer, "Ana", on="2026-11-10T09:00")
    choice = MailChoice.objects.create(user=employer.contact, kind="employer-summary", frequency=Frequency.OFF)
    assert run("2026-12-01T09:00") == 0
    assert not Message.objects.filter(key__endswith=":2026-12").exists()
    choice.delete()
    assert run("2027-12-15T09:00") == 0  # lapsed
    employer.contact.is_active = False
    employer.contact.save()
    assert run("2026-12-02T09:00") == 0


def test_as_many_queries_for_forty_employers_as_for_four(monkeypatch):
    def employers(count: int) -> None:
        for number in range(count):
            with london("2026-11-01T09:00"):
                found = EmployerFactory(plan=plan, contact=UserFactory(second_factor=False))
            Seat.objects.create(
                membership=found,
                email="ana@example.test",
                member=MembershipFactory(term=False, user=UserFactory(second_factor=False)),
                accepted_at=dt.datetime(2026, 11, 10, tzinfo=dt.UTC),
                token_hash=f"{found.pk}-{number}",
                expires_at=timezone.now(),
            )

    def queries() -> int:
        Message.objects.all().delete()
        with london("2026-12-01T09:00"), CaptureQueriesContext(connection) as asked:
            assert summaries.send_employer_summaries() == Membership.objects.filter(user=None).count()
        return len(asked)

    plan = PlanFactory(key="employer-of-tests", employer=True)
    employers(4)
    few = queries()
    employers(36)
    assert queries() == few <= 13
