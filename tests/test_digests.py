"""The members' digest: in its week, once, and never with nothing in it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linkworkers import digests
from linkworkers.celery import app
from linkworkers.outbox.models import Message
from members.actions import following
from members.digest_sections._section import Line, Section
from members.factories import MembershipFactory, PlanFactory, UserFactory
from members.factories_communities import TopicFactory
from members.models import Association, Frequency, MailChoice, Membership, Profile, Region
from members.tests.vacancy_factories import make_article, make_vacancy
from referrals.tests.race import elsewhere

pytestmark = pytest.mark.django_db

Since = Mapping[int, dt.datetime]
Found = dict[int, Section]
Asked = Callable[[Sequence[Membership], Since], Found]

LONDON = ZoneInfo("Europe/London")
NORTH, EAST = Region.NORTH_EAST, Region.EAST


@pytest.fixture(autouse=True)
def office_details(db: None) -> None:
    Association.get()


def london(moment: str) -> time_machine.travel:
    return time_machine.travel(dt.datetime.fromisoformat(moment).replace(tzinfo=LONDON), tick=False)


def run(moment: str) -> int:
    with london(moment):
        return digests.send_members_digests()


def joined(name: str, region: str = NORTH, *, listed: str | None = None) -> Membership:
    """Belongs for two years from October 2026 on; listed for other members from a moment on."""
    with london("2026-10-01T09:00"):
        user = UserFactory(name=name, email=f"{name.lower()}@example.test", second_factor=False)
        membership = MembershipFactory(user=user, region=region, term__days=730)
    at = listed and dt.datetime.fromisoformat(listed).replace(tzinfo=LONDON)
    Profile.objects.create(user=membership.user, is_listed=bool(listed), listed_at=at or None)
    return membership


def mails(state: str = Message.State.WAITING) -> dict[str, str]:
    """Addresses and subjects; for what had nothing to say, the keys."""
    found = Message.objects.filter(kind="members-digest", state=state)
    return {message.to or message.key: message.subject for message in found}


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        ("2026-11-25T23:59", 0),  # a Wednesday
        ("2026-11-26T06:59", 0),
        ("2026-11-26T07:00", 1),
        ("2026-11-29T23:59", 1),  # made up for
        ("2026-11-30T09:00", 0),  # the next week's Monday
        ("2027-03-25T07:00", 1),  # the clocks go forward on that week's Sunday
        ("2027-03-28T12:00", 1),
        ("2027-07-01T06:59", 0),
        ("2027-07-01T07:00", 1),  # in summer
        ("2027-10-31T12:00", 1),  # they go back
        ("2026-12-31T07:00", 1),
        ("2027-01-03T12:00", 1),  # of the last week of 2026
        ("2028-02-29T12:00", 0),
    ],
)
def test_it_comes_from_thursday_seven_oclock_of_each_week(moment: str, sent: int) -> None:
    joined("Ana")
    listed = dt.datetime.fromisoformat(moment).replace(tzinfo=LONDON) - dt.timedelta(days=5)
    joined("Bo", listed=listed.replace(tzinfo=None).isoformat())
    MailChoice.objects.create(user=Membership.objects.get(user__name="Bo").user, kind="members-digest", frequency="off")
    assert [run(moment), run(moment)] == [sent, 0]
    assert mails() == {"ana@example.test": "1 new member in your region"} if sent else not mails()


def test_beat_finds_the_task_and_asks_in_london_time() -> None:
    schedule = app.conf.beat_schedule["members' digests"]
    app.loader.import_default_modules()
    assert schedule["task"] in app.tasks
    assert sorted(schedule["schedule"].day_of_week) == [0, 4, 5, 6]
    assert min(schedule["schedule"].hour) == 7


def test_every_task_that_beat_asks_for_is_there() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_it_names_who_is_listed_in_the_region_and_nobody_else() -> None:
    reader = joined("Ana", listed="2026-11-24T09:00")
    joined("Bo", listed="2026-11-24T10:00")
    joined("Cy <b>", listed="2026-11-23T09:00")
    joined("Di")
    joined("Ed", EAST, listed="2026-11-24T09:00")
    joined("Flo", listed="2026-11-01T09:00")
    assert run("2026-11-26T07:00") > 0
    mail = Message.objects.get(to=reader.user.email)
    assert mail.subject == "2 new members in your region"
    assert "New among the members in your region, North East" in mail.text
    listed = [profile.user.name for profile in Profile.objects.all() if f"/people/{profile.key}/" in mail.text]
    assert sorted(listed) == ["Bo", "Cy <b>"]
    assert ">Cy &lt;b&gt;</a></li>" in mail.html
    assert mail.unsubscribe.startswith("/members/unsubscribe/")
    assert "ed@example.test" not in mails()


def test_an_empty_week_is_noted_and_sends_nothing() -> None:
    reader = joined("Ana")
    assert [run("2026-11-26T07:00"), run("2026-11-27T07:00")] == [0, 0]
    assert list(mails(Message.State.NOTHING)) == [f"members-digest:{reader.user_id}:2026-48"]


def test_what_is_new_after_a_digest_is_in_the_next_one_even_when_a_week_is_missed() -> None:
    joined("Ana")
    run("2026-11-26T07:00")
    joined("Bo", listed="2026-11-26T07:00")
    run("2026-12-13T20:00")
    joined("Cy", listed="2026-12-13T20:00")
    run("2026-12-17T07:00")
    texts = Message.objects.filter(to="ana@example.test").order_by("due_at").values_list("text", flat=True)
    assert [("- Bo" in text, "- Cy" in text) for text in texts] == [(True, False), (False, True)]


def test_whoever_wants_it_monthly_gets_it_in_the_first_week_of_a_month() -> None:
    reader = joined("Ana")
    MailChoice.objects.create(user=reader.user, kind="members-digest", frequency=Frequency.MONTHLY)
    joined("Bo", listed="2026-11-12T09:00")
    days = ["2026-11-26T07:00", "2026-12-02T07:00", "2026-12-03T07:00", "2026-12-06T20:00", "2026-12-10T07:00"]
    for day in days:
        run(day)
    assert Message.objects.get(to="ana@example.test").key.endswith(":2026-49")


def test_who_gets_none() -> None:
    joined("Bo", listed="2026-11-24T09:00")
    off, closed, lapsed = joined("Ana"), joined("Cy"), joined("Di")
    MailChoice.objects.create(user=off.user, kind="members-digest", frequency=Frequency.OFF)
    closed.user.is_active = False
    closed.user.save()
    lapsed.terms.update(end_date="2026-10-10")
    run("2026-11-26T07:00")
    assert mails() == {}


def section_of(title: str, headline: str) -> Asked:
    return lambda members, since: {
        member.user_id: Section(title, headline, [Line("One", "/one/")]) for member in members
    }


def test_the_subject_names_the_two_most_interesting_things(monkeypatch: pytest.MonkeyPatch) -> None:
    joined("Ana")
    three = (section_of("A", "How to " + "x" * 80), section_of("B", "2 jobs\nnear you"), section_of("C", "Third"))
    monkeypatch.setattr(digests, "SECTIONS", three)
    run("2026-11-26T07:00")
    mail = Message.objects.get()
    assert mail.subject == f"How to {'x' * 52}…, and 2 jobs near you"
    assert 'href="http://testserver/one/">One</a>' in mail.html
    assert "Third" not in mail.text


def test_a_worker_that_is_killed_in_the_middle_loses_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Ana", "Bo", "Cy"):
        joined(name, listed="2026-11-24T09:00")
    monkeypatch.setattr(digests, "AT_ONCE", 1)
    asked: list[Membership] = []

    def dies_at_the_second(members: Sequence[Membership], since: Since) -> Found:
        asked.extend(members)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return section_of("A", "News")(members, since)

    monkeypatch.setattr(digests, "SECTIONS", (dies_at_the_second,))
    with pytest.raises(KeyboardInterrupt):
        run("2026-11-26T07:00")
    assert len(mails()) == 1
    assert run("2026-11-26T07:20") == 2
    assert Message.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_digest_once(monkeypatch: pytest.MonkeyPatch) -> None:
    joined("Ana")
    joined("Bo")
    written: list[int | None] = []

    def meanwhile(members: Sequence[Membership], since: Since) -> Found:
        if not written:
            written.append(None)
            written.append(elsewhere(digests.send_members_digests))
        return section_of("A", "News")(members, since)

    monkeypatch.setattr(digests, "SECTIONS", (meanwhile,))
    assert run("2026-11-26T07:00") == 0
    assert written[1:] == [2]
    assert len(mails()) == 2


def test_as_many_queries_for_two_hundred_members_as_for_ten() -> None:
    def queries() -> int:
        Message.objects.all().delete()
        with london("2026-11-26T07:00"), CaptureQueriesContext(connection) as asked:
            assert digests.send_members_digests() == Membership.objects.count()
        return len(asked)

    def members(count: int) -> None:
        for _ in range(count):
            user = UserFactory(second_factor=False)
            with london("2026-10-01T09:00"):
                MembershipFactory(user=user, plan=plan, region=NORTH)
            Profile.objects.create(user=user, is_listed=True, listed_at=dt.datetime(2026, 11, 24, tzinfo=dt.UTC))

    plan = PlanFactory(key="free")
    members(10)
    few = queries()
    members(190)
    assert queries() == few <= 18


def test_topics_jobs_and_news_are_told_with_what_leads_to_them() -> None:
    reader, writer = joined("Ana"), joined("Bo")
    with london("2026-11-24T09:00"):
        topic = TopicFactory(author=writer.user, title="Walks that work", community__name="Walking")
        following.follow_community(topic.community, by=reader.user, follows=True)
        job = make_vacancy(by=writer.user, title="Link worker, Tees", region=NORTH)
        make_vacancy(by=writer.user, title="Elsewhere", region=EAST)
        news = make_article(kind="news", title="A new look")
    run("2026-11-26T07:00")
    mail = Message.objects.get(to="ana@example.test")
    assert mail.subject == "“Walks that work”, and Link worker, Tees"
    for path in (topic.link, job.get_absolute_url(), news.get_absolute_url()):
        assert f"http://testserver{path}" in mail.text
        assert f'href="http://testserver{path}"' in mail.html
    assert "Walks that work (Walking)" in mail.text
    assert "Elsewhere" not in mail.text
    others = Message.objects.get(to="bo@example.test")
    assert others.subject == "Link worker, Tees, and A new look"
