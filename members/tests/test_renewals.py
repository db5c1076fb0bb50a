"""Reminders that a membership ends: each said once, none twice, whatever the worker does in between."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members import tasks
from members.actions import renewals
from members.actions.invoices import Line, raise_invoice
from members.factories import EmployerFactory, MembershipFactory, PlanFactory, UserFactory, make_term
from members.models import FOREVER, Association, Invoice, Membership, Plan, Seat, Term
from members.periods import DAY, stages
from referrals.tests.race import elsewhere

LONDON = ZoneInfo("Europe/London")
END = dt.date(2027, 3, 31)
KEYS = ["60-days", "30-days", "7-days", "0-days", "grace", "grace-ends"]


def london(day: dt.date, clock: str = "08:30") -> time_machine.travel:
    """The time stands still at this moment of the London clock."""
    return time_machine.travel(dt.datetime.combine(day, dt.time.fromisoformat(clock), LONDON), tick=False)


@pytest.fixture(autouse=True)
def office_details(db):
    Association.get()


def ending(on: dt.date = END, *, days: int = 365, **facts) -> Membership:
    """Somebody's membership with one term that ends on a day, made when the term began."""
    factory = facts.pop("factory", MembershipFactory)
    start = on - (days - 1) * DAY
    with london(start):
        return factory(term__start=start, term__days=days, **facts)


def said(state: str = Message.State.WAITING) -> list[str]:
    found = Message.objects.filter(kind="renewal", state=state).order_by("created_at", "key")
    return [message.key.rpartition(":")[2] for message in found]


def the_mail() -> Message:
    return Message.objects.get(kind="renewal", state=Message.State.WAITING)


def run(day: dt.date, clock: str = "08:30") -> int:
    with london(day, clock):
        return tasks.send_renewals()


# What goes out


@pytest.mark.django_db
@pytest.mark.parametrize(
    "end",
    [
        END,  # the clocks go forward three days before
        dt.date(2026, 10, 25),  # they go back on the last day itself
        dt.date(2028, 2, 29),
        dt.date(2026, 12, 31),
        dt.date(2027, 1, 1),
    ],
)
def test_a_worker_that_runs_every_hour_says_each_stage_once_on_its_day(end):
    ending(end)
    expected = {stage.day: stage.name for stage in stages(end, 30)}
    said_on = {}
    for day in sorted({day + near * DAY for day in [*expected, end + 30 * DAY] for near in (-1, 0, 1)}):
        if [run(day, "00:05"), run(day, "23:55")] == [1, 0]:
            said_on[day] = said()[-1]
    assert said_on == expected
    assert said() == KEYS
    assert said(Message.State.NOTHING) == []


@pytest.mark.django_db
def test_days_without_a_worker_leave_only_what_is_true_now():
    ending()
    assert run(END - 60 * DAY) == 1
    assert run(END + DAY) == 1
    assert said() == ["60-days", "0-days"]
    assert sorted(said(Message.State.NOTHING)) == ["30-days", "7-days"]
    mail = Message.objects.get(key__endswith=":0-days")
    assert mail.subject == "Your membership has ended: renew by 30 April 2027"


@pytest.mark.django_db
def test_after_grace_nothing_more_is_said():
    ending()
    assert [run(END + 31 * DAY), run(END + 300 * DAY)] == [0, 0]
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_term_that_was_made_after_a_stage_is_not_spoken_of_at_once():
    with london(END - 20 * DAY):
        MembershipFactory(term__start=END - 300 * DAY, term__days=301)  # taken over from a list
    assert [run(END - 20 * DAY), run(END - 19 * DAY)] == [0, 0]
    assert run(END - 7 * DAY) == 1
    assert said() == ["7-days"]


@pytest.mark.django_db
def test_somebody_who_has_just_joined_for_a_month_hears_nothing_the_next_day():
    ending(days=31, plan__months=1)
    assert [run(END - 30 * DAY), run(END - 29 * DAY), run(END - 7 * DAY)] == [0, 0, 1]


@pytest.mark.django_db
def test_who_is_not_reminded():
    with london(END - 200 * DAY):
        for_life = MembershipFactory(term=False)
        Term.objects.create(
            membership=for_life,
            plan=for_life.plan,
            start_date=END - 200 * DAY,
            end_date=FOREVER,
            reason=Term.Reason.GIVEN,
        )
        MembershipFactory(term=False)
    ending(cancelled_on=END - 90 * DAY)
    ending(user__is_active=False)
    ending(END + DAY)
    assert run(END - 60 * DAY) == 0


@pytest.mark.django_db
def test_whoever_renewed_is_next_reminded_of_the_new_end():
    membership = ending()
    assert run(END - 30 * DAY) == 1
    with london(END - 10 * DAY):
        make_term(membership, start=END + DAY, days=365)
    assert [run(END - 7 * DAY), run(END), run(END + 15 * DAY)] == [0, 0, 0]
    assert run(dt.date(2028, 3, 30) - 60 * DAY) == 1


@pytest.mark.django_db
def test_somebody_on_a_seat_that_goes_on_has_nothing_to_renew_until_it_ends():
    membership = ending()
    employer = ending(END + 300 * DAY, factory=EmployerFactory)
    with london(END - 100 * DAY):
        seat = Seat.objects.create(
            membership=employer,
            email=membership.user.email,
            member=membership,
            accepted_at=dt.datetime.now(dt.UTC),
            token_hash="x",
            expires_at=dt.datetime.now(dt.UTC),
        )
    assert run(END - 7 * DAY) == 0
    seat.ended_at = dt.datetime.now(dt.UTC)
    seat.save()
    assert run(END - DAY) == 1


@pytest.mark.django_db
def test_what_costs_nothing_takes_one_click():
    membership = ending(user__name="Zoë <O’Hara>")
    run(END - 30 * DAY)
    mail = the_mail()
    assert mail.subject == "Your membership ends on 31 March 2027"
    assert f"Renew at no cost: http://testserver/members/{membership.number}/renew/" in mail.text
    assert f'href="http://testserver/members/{membership.number}/renew/">Renew at no cost</a>' in mail.html
    assert "£" not in mail.text
    assert mail.unsubscribe == ""


@pytest.mark.django_db
def test_what_costs_something_says_how_much():
    plan = PlanFactory(key="full", name="Full membership", price=Decimal("42.50"))
    ending(plan=plan)
    run(END)
    mail = the_mail()
    assert mail.subject == "Your membership ends today"
    assert "Another year of Full membership costs £42.50." in mail.text


@pytest.mark.django_db
def test_an_employers_reminder_goes_to_its_contact_and_counts_its_seats():
    employer = ending(factory=EmployerFactory, seats=5, organization_name="Fen & Marsh Trust")
    run(END - 60 * DAY)
    mail = the_mail()
    assert mail.to == employer.contact.email
    assert mail.subject == "The membership of Fen & Marsh Trust ends on 31 March 2027"
    assert "with 5 seats costs £362.00" in mail.text
    assert f"/members/{employer.number}/renew/" in mail.text
    assert "Fen &amp; Marsh Trust" in mail.html


@pytest.mark.django_db
def test_with_an_invoice_waiting_it_says_how_to_pay_that():
    plan = PlanFactory(key="full", name="Full membership", price=40)
    membership = ending(plan=plan)
    Association.objects.update_or_create(pk=1, defaults={"sort_code": "12-34-56", "account_number": "12345678"})
    with london(END - 40 * DAY):
        invoice = raise_invoice(
            lines=[Line("Full membership", 1, Decimal(40), Decimal(0))],
            bill_to="Somebody",
            address="",
            email=membership.mailbox.email,
            membership=membership,
            grants=Invoice.Grants.TERM,
            plan=plan,
            by=None,
        )
    run(END - 30 * DAY)
    mail = the_mail()
    assert f"Invoice {invoice.number} waits to be paid: £40.00" in mail.text
    assert "Account number: 12345678" in mail.text
    assert f"/members/invoices/{invoice.number}/" in mail.html
    assert "Renew:" not in mail.text


# Twice, at once, in between, in the middle


@pytest.mark.django_db
def test_a_membership_that_is_renewed_between_looking_and_writing_hears_nothing():
    membership = ending()
    with london(END):
        due = renewals._unsaid(list(renewals._ending(END)), END)
        assert due == [membership.pk]
        make_term(membership, start=END + DAY, days=365)
        assert renewals._remind(due, END, Association.get()) == 0
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_that_is_being_renewed_just_now_is_asked_about_at_the_next_run():
    membership, other = ending(), ending()
    with london(END):
        with transaction.atomic():
            Membership.objects.select_for_update().get(pk=membership.pk)
            assert elsewhere(renewals.send_renewals) == 1
        assert renewals.send_renewals() == 1
    assert Message.objects.filter(to__in=[membership.user.email, other.user.email]).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_reminder_once():
    for _ in range(4):
        ending()
    with london(END):
        with transaction.atomic():
            due = renewals._unsaid(list(renewals._ending(END)), END)
            assert renewals._remind(due[:2], END, Association.get()) == 2
            assert elsewhere(renewals.send_renewals) == 2  # those that are in nobody's hands
        assert renewals.send_renewals() == 0
    assert Message.objects.filter(state=Message.State.WAITING).values("to").distinct().count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_in_the_middle_loses_and_doubles_nothing(monkeypatch):
    for _ in range(5):
        ending()
    monkeypatch.setattr(renewals, "AT_ONCE", 2)
    queue_all, batches = renewals.queue_all, []

    def dies_in_the_second_batch(drafts, **options):
        batches.append(drafts)
        written = queue_all(drafts, **options)
        if len(batches) == 2:
            raise KeyboardInterrupt
        return written

    monkeypatch.setattr(renewals, "queue_all", dies_in_the_second_batch)
    with london(END), pytest.raises(KeyboardInterrupt):
        renewals.send_renewals()
    assert Message.objects.filter(state=Message.State.WAITING).count() == 2
    assert Message.objects.count() == 2 * 4  # with the three stages before, which were missed
    assert run(END) == 3
    assert Message.objects.filter(state=Message.State.WAITING).values("to").distinct().count() == 5


@pytest.mark.django_db
def test_as_many_queries_for_two_hundred_as_for_ten():
    def queries() -> int:
        Message.objects.all().delete()
        with london(END), CaptureQueriesContext(connection) as asked:
            assert renewals.send_renewals() == Membership.objects.count()
        return len(asked)

    Association.get()
    plan = PlanFactory(key="free")
    for _ in range(10):
        ending(plan=plan, user=UserFactory(second_factor=False))
    few = queries()
    for _ in range(190):
        ending(plan=plan, user=UserFactory(second_factor=False))
    assert queries() == few <= 14


# The office


@pytest.mark.django_db
def test_the_office_reminds_somebody_once_a_day(admin):
    membership = ending()
    with london(END - 20 * DAY):
        mail = renewals.remind(membership, by=admin)
        assert mail.to == membership.user.email
        with pytest.raises(Refused, match="today"):
            renewals.remind(membership, by=admin)
    with london(END - 19 * DAY):
        renewals.remind(membership, by=admin)
    assert AuditEvent.objects.filter(verb="membership.reminded", actor_id=admin.pk).count() == 2
    assert run(END - 7 * DAY) == 1


@pytest.mark.django_db
def test_the_office_does_not_remind_on_the_day_that_the_worker_did(admin):
    membership = ending()
    run(END)
    with london(END, "12:00"), pytest.raises(Refused, match="today"):
        renewals.remind(membership, by=admin)


@pytest.mark.django_db
def test_the_office_can_write_to_somebody_who_lapsed(admin):
    membership = ending()
    with london(END + 200 * DAY):
        mail = renewals.remind(membership, by=admin)
    assert mail.subject == "Your membership has ended"
    assert "wait for you to come back" in mail.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"cancelled_on": END}, "cancelled"),
        ({"user__is_active": False}, "closed"),
        ({"on": END + 300 * DAY}, "too early"),
        ({"term": False}, "no end"),
    ],
)
def test_what_the_office_is_told_when_there_is_nothing_to_remind_of(admin, facts, why):
    membership = MembershipFactory(term=False) if "term" in facts else ending(**facts)
    with london(END), pytest.raises(Refused, match=why):
        renewals.remind(membership, by=admin)
    assert not AuditEvent.objects.filter(verb="membership.reminded").exists()


@pytest.mark.django_db
def test_nobody_else_reminds(member, manager):
    membership = ending()
    for user in (member, manager, membership.user):
        with london(END), pytest.raises(PermissionDenied):
            renewals.remind(membership, by=user)
    assert Plan.objects.exists()
