"""Mails by the calendar: each occasion once, a missed day made up for, and no query more for more members."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linkworkers.outbox.models import Message
from members import tasks
from members.actions import learning_reminders
from members.factories import MembershipFactory, PostFactory, make_term
from members.factories_learning import LearningEntryFactory, SupervisionFactory
from members.models import Association, Frequency, MailChoice, Membership, Role, User

pytestmark = pytest.mark.django_db

JOINED = dt.datetime(2026, 4, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def on(monkeypatch):
    """Sets what day it is."""

    def on(day: str) -> None:
        today = dt.date.fromisoformat(day)
        really = timezone.localtime
        monkeypatch.setattr(timezone, "localdate", lambda *given: really(*given).date() if given else today)

    return on


def join(name: str = "Yusuf Rahman", **facts: object) -> User:
    """Somebody whose membership began on 2 April 2026, for two years."""
    membership = MembershipFactory(user__name=name, created_at=JOINED, term=False, **facts)
    make_term(membership, start=dt.date(2026, 4, 2), days=730)
    return membership.user


def learn(user: User, points: int = 20, hours: int = 10, day: str = "2026-05-01") -> None:
    LearningEntryFactory(
        user=user, points=Decimal(points), formal_hours=Decimal(hours), days=2, on=dt.date.fromisoformat(day)
    )


def keys() -> list[str]:
    return sorted(Message.objects.values_list("key", flat=True))


class TestTheLearningYear:
    def run(self) -> int:
        return tasks.remind_of_learning_year()

    def test_is_spoken_of_sixty_and_fourteen_days_before_it_ends(self, on):
        user = join()
        for day, sent in [
            ("2027-01-29", 0),
            ("2027-01-30", 1),
            ("2027-01-31", 0),
            ("2027-03-16", 0),
            ("2027-03-17", 1),
            ("2027-03-31", 0),
            ("2027-04-01", 0),
        ]:
            on(day)
            assert self.run() == sent, day
        assert keys() == [f"learning-reminder:{user.pk}:2027-03-31:{days}" for days in (14, 60)]

    def test_missed_for_days_is_spoken_of_once_and_the_earlier_word_is_left_out(self, on):
        join()
        on("2027-03-20")
        assert (self.run(), self.run()) == (1, 0)
        assert keys()[0].endswith(":14")

    def test_that_is_complete_is_not(self, on):
        learn(join())
        learn(join(), points=19)
        learn(join(), hours=9)
        learn(join(), day="2025-05-01")
        on("2027-02-01")
        assert self.run() == 3

    def test_says_what_is_missing_and_how_to_hear_no_more(self, on):
        user = join("Yusuf <b>Rahman")
        learn(user, points=13, hours=8)
        on("2027-02-01")
        self.run()
        message = Message.objects.get()
        assert message.subject == "Your learning year ends on 31 March 2027"
        assert "You need 7 more points, 2 of them in formal hours, by 31 March 2027." in message.text
        assert reverse("learning") in message.text
        assert message.unsubscribe in message.text
        assert "<b>Rahman" not in message.html

    def test_is_not_spoken_of_to_whoever_does_not_want_it_or_is_no_member(self, on):
        off, lapsed, closed, new = join(), join(), join(), join()
        MailChoice.objects.create(user=off, kind="learning-reminder", frequency=Frequency.OFF)
        lapsed.membership.terms.update(end_date=dt.date(2026, 5, 1))
        User.objects.filter(pk=closed.pk).update(is_active=False)
        Membership.objects.filter(user=new).update(created_at=dt.datetime(2027, 2, 1, tzinfo=dt.UTC))
        MembershipFactory(
            user=None, contact=off, organization_name="Trust", plan__key="e", plan__employer=True, seats=2
        )
        on("2027-02-02")
        assert self.run() == 0

    def test_of_an_association_that_begins_in_january_ends_with_december(self, on):
        Association.get()
        Association.objects.update(year_starts_month=1)
        join()
        on("2026-12-20")
        assert self.run() == 1
        assert "2026-12-31:14" in keys()[0]


class TestSupervision:
    def run(self) -> int:
        return tasks.ask_about_supervision()

    def test_is_asked_about_once_for_each_gap(self, on):
        user = join()
        SupervisionFactory(user=user, on=dt.date(2026, 9, 1))
        for day, sent in [("2026-10-26", 0), ("2026-10-27", 1), ("2026-10-28", 0), ("2027-01-10", 0)]:
            on(day)
            assert self.run() == sent, day
        SupervisionFactory(user=user, on=dt.date(2027, 1, 11))
        on("2027-02-20")
        assert self.run() == 0
        on("2027-06-01")  # long after, and still once
        assert (self.run(), self.run()) == (1, 0)
        assert keys() == [f"supervision-gap:{user.pk}:{day}" for day in ("2026-09-01", "2027-01-11")]

    @pytest.mark.parametrize(
        ("role", "sent"), [(Role.LINK_WORKER, 1), (Role.VOLUNTEER, 1), (Role.MEMBER, 0), (Role.MANAGER, 0)]
    )
    def test_that_was_never_noted_is_asked_about_where_the_work_asks_for_it(self, on, role, sent):
        user = join()
        PostFactory(user=user, role=role, start_date=dt.date(2026, 4, 2))
        on("2026-05-27")
        assert self.run() == 0
        on("2026-05-28")
        assert self.run() == sent

    def test_is_not_asked_about_when_the_post_has_ended_or_the_mail_is_not_wanted(self, on):
        left, off = join(), join()
        for user in (left, off):
            PostFactory(user=user, role=Role.LINK_WORKER, start_date=dt.date(2026, 4, 2))
        left.posts.update(end_date=dt.date(2026, 5, 1))
        MailChoice.objects.create(user=off, kind="supervision-gap", frequency=Frequency.OFF)
        on("2026-06-01")
        assert self.run() == 0
        MailChoice.objects.all().delete()
        assert self.run() == 1

    def test_is_shown_on_the_page_too_for_as_long_as_the_association_says(self, on, client):
        user = join()
        SupervisionFactory(user=user, on=dt.date(2026, 9, 1))
        client.force_login(user)
        on("2026-10-26")
        assert client.get(reverse("learning")).context["gap_since"] is None
        on("2026-10-27")
        assert "1 September 2026" in client.get(reverse("learning")).content.decode()
        assert "1 September 2026" in client.get(reverse("supervision")).content.decode()
        Association.objects.update(supervision_weeks=12)
        assert client.get(reverse("learning")).context["gap_since"] is None

    def test_mail_says_nothing_of_what_is_in_the_log(self, on):
        user = join()
        SupervisionFactory(user=user, on=dt.date(2026, 9, 1), note="Very tired.", with_whom="Dr Strange")
        on("2026-12-01")
        self.run()
        message = Message.objects.get()
        assert "1 September 2026" in message.text
        assert "tired" not in message.text + message.html
        assert "Strange" not in message.text + message.html


@pytest.mark.parametrize("task", [tasks.remind_of_learning_year, tasks.ask_about_supervision])
def test_many_members_take_no_more_queries_than_one(on, task, monkeypatch):
    on("2027-02-01")
    counts = []
    for number in (1, 20):
        for _ in range(number):
            SupervisionFactory(user=join(), on=dt.date(2026, 9, 1))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert task() == number
        counts.append(len(asked))
    assert counts[0] == counts[1]

    monkeypatch.setattr(learning_reminders, "BATCH", 4)  # and in pieces nobody is left out
    Message.objects.all().delete()
    assert task() == 21
