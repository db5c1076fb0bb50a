"""Contributions: offered, read without names, decided on once, answered, forgotten."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.actions import contribution_decisions as decisions
from events.actions import contribution_reviews as reviews
from events.actions import contributions as actions
from events.anonymous import gives_away, mask, names_of
from events.calls import open_call
from events.factories import EventFactory
from events.factories_contributions import WORDS, CallFactory, ContributionFactory, ReviewFactory
from events.models import Contribution, Event, EventDuty, ProgrammeItem, Review, Speaker
from linkworkers.actions import Refused
from linkworkers.outbox.models import Message
from members.factories import UserFactory
from members.models import User
from tests.world import logged_in

pytestmark = pytest.mark.django_db
SCORES: dict[str, Any] = {"steps_aside": False, "purpose": 4, "use": 4, "clarity": 4, "for_panel": "", "for_author": ""}


def reader_at(event: Event) -> User:
    user = UserFactory()
    EventDuty.objects.create(event=event, user=user, duty=EventDuty.Duty.PANEL)
    return user


def typed(**more: str) -> dict[str, str]:
    return {
        "kind": "talk",
        "title": "A bench and a kettle",
        "abstract": WORDS,
        "takeaways": "How to begin",
        "audience": "Everybody",
        "name": "Nora Finch",
        "email": "nora@example.test",
        "consent": "on",
        **more,
    }


def test_somebody_without_an_account_sends_one_in_and_gets_the_link() -> None:
    call = CallFactory()
    response = Client().post(reverse("event_contribute", args=[call.event.slug]), typed())
    made = Contribution.objects.get()
    assert response.url == made.get_absolute_url()  # type: ignore[attr-defined]
    assert made.state == "sent"
    assert made.get_absolute_url() in Message.objects.get(kind="contribution").text


def test_a_draft_may_be_short_and_what_is_sent_may_not() -> None:
    call = CallFactory()
    path = reverse("event_contribute", args=[call.event.slug])
    response = Client().post(path, typed(abstract="Too short"))
    assert "These are 2 words" in response.content.decode()
    assert "A bench and a kettle" in response.content.decode()
    Client().post(path, typed(abstract="", consent="", draft="yes"))
    assert Contribution.objects.get().state == "draft"


def test_a_program_and_a_closed_call_leave_nothing() -> None:
    call, closed = CallFactory(), CallFactory(closed=True)
    Client().post(reverse("event_contribute", args=[call.event.slug]), typed(website="buy"))
    Client().post(reverse("event_contribute", args=[closed.event.slug]), typed())
    assert not Contribution.objects.exists()
    assert open_call(call.event) == call
    assert open_call(closed.event) is None


def test_the_same_twice_is_refused() -> None:
    row = ContributionFactory()
    facts = {"name": "Q", "email": row.email.upper(), "title": row.title.upper(), "kind": "talk", "abstract": WORDS}
    with pytest.raises(Refused, match="already"):
        actions.offer(row.call, facts=facts, send=True, by=None)


def test_nothing_on_the_panels_pages_says_whose_it_is(admin: User) -> None:
    row = ContributionFactory(
        co_presenters="Zebedee Ott, Kelp Lane",
        title="Wilhelmina’s walks at HARROW VALE TRUST",
        abstract=f"I am Quist, with Zebedee of Kelp Lane: quist@example.test. {WORDS}",
    )
    reader = reader_at(row.call.event)
    client = logged_in(reader)
    slug = row.call.event.slug
    pages = [
        client.get(reverse("event_review", args=[slug])),
        client.get(reverse("event_review_one", args=[slug, row.number])),
    ]
    office = logged_in(UserFactory(administrator=True)) if hasattr(UserFactory, "administrator") else None
    for page in [*pages, *([office.get(reverse("event_decide", args=[slug]))] if office else [])]:
        text = page.content.decode()
        assert page.status_code == 200
        for secret in ("Wilhelmina", "Quist", "quist", "Harrow", "HARROW", "Zebedee", "Kelp", row.email, row.key):
            assert secret not in text
    assert gives_away(row)


def test_a_name_that_is_a_word_takes_no_word_away() -> None:
    row = ContributionFactory.build(name="May Rose", organisation="", call=None)
    assert (
        mask("May Rose says: it may be a rose, Rose", names_of(row)) == "[left out] says: it may be a rose, [left out]"
    )
    row.name = "王伟"
    assert mask("我是王伟的", names_of(row)) == "我是[left out]的"


def test_only_the_panel_reads_and_nobody_their_own() -> None:
    row = ContributionFactory()
    event = row.call.event
    own, reader, stranger = reader_at(event), reader_at(event), UserFactory()
    Contribution.objects.update(email=own.email.upper())
    path = reverse("event_review_one", args=[event.slug, row.number])
    assert logged_in(reader).get(path).status_code == 200
    assert logged_in(stranger).get(path).status_code == 404
    assert logged_in(own).get(path).status_code == 404
    for user in (own, stranger):
        with pytest.raises(PermissionDenied):
            reviews.review(row, facts=SCORES, by=user)


def test_others_scores_are_seen_after_ones_own_and_not_by_who_steps_aside() -> None:
    row = ContributionFactory()
    ReviewFactory(contribution=row, for_panel="Very good indeed")
    reader = reader_at(row.call.event)
    client, path = logged_in(reader), reverse("event_review_one", args=[row.call.event.slug, row.number])
    assert "Very good indeed" not in client.get(path).content.decode()
    client.post(path, {"steps_aside": "on"})
    assert Review.objects.get(reviewer=reader).purpose is None
    assert "Very good indeed" not in client.get(path).content.decode()
    client.post(path, {"purpose": "5", "use": "4", "clarity": "3"})
    assert Review.objects.get(reviewer=reader).mark == 4
    assert "Very good indeed" in client.get(path).content.decode()


def decided(decision: str, office: User, **more: Any) -> Contribution:
    row = ContributionFactory(call__closed=True, **more)
    decisions.mean(row.call, decisions={row.number: (decision, "With thanks")}, by=office)
    return row


def test_decisions_go_out_once_and_nothing_before(admin: User) -> None:
    row = decided("decline", admin)
    ReviewFactory(contribution=row, for_author="Say more about money")
    assert not Message.objects.exists()
    decisions.send(row.call, by=admin)
    with pytest.raises(Refused):
        decisions.send(row.call, by=admin)
    mail = Message.objects.get(kind="contribution")
    assert "Say more about money" in mail.text
    assert Message.objects.filter(kind="panel-thanks").count() == 1
    with pytest.raises(PermissionDenied):
        decisions.send(row.call, by=UserFactory())
    with pytest.raises(Refused):
        reviews.review(row, facts=SCORES, by=admin)


def test_decisions_wait_until_the_call_has_closed(admin: User) -> None:
    row = ContributionFactory()
    decisions.mean(row.call, decisions={row.number: ("accept", "")}, by=admin)
    with pytest.raises(Refused, match="still open"):
        decisions.send(row.call, by=admin)


def test_who_was_accepted_says_yes_and_is_a_speaker_then_no(admin: User) -> None:
    row = decided("accept", admin, co_presenters="Zebedee Ott, Kelp Lane")
    path = reverse("contribution_answer", args=[row.key])
    Client().post(path, {"answer": "comes"})
    assert not ProgrammeItem.objects.exists()  # nothing was sent yet
    decisions.send(row.call, by=admin)
    assert not Speaker.objects.exists()
    for _ in range(2):
        Client().post(path, {"answer": "comes"})
    item = ProgrammeItem.objects.get()
    assert sorted(item.speakers.values_list("name", flat=True)) == ["Wilhelmina Quist", "Zebedee Ott"]
    Client().post(path, {"answer": "cannot"})
    assert not ProgrammeItem.objects.exists()


def test_reminders_come_once() -> None:
    call = CallFactory(closes=2)
    ContributionFactory(call=call, draft=True)
    ContributionFactory(call=call)
    reader_at(call.event)
    assert reviews.remind() == 1
    call.decide_by = timezone.now() + dt.timedelta(days=6)
    call.save()
    assert reviews.remind() == 1
    assert reviews.remind() == 0


def test_what_came_to_nothing_is_forgotten_after_a_year_and_when_somebody_leaves() -> None:
    row = ContributionFactory(call__event=EventFactory(days=-400))
    ContributionFactory()
    assert actions.forget_old() == 1
    assert not Contribution.objects.filter(pk=row.pk).exists()
    actions.erase(UserFactory(email=Contribution.objects.get().email))
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_pages_ask_as_much_for_one_as_for_thirty(count: int, admin: User, django_assert_max_num_queries: Any) -> None:
    call = CallFactory()
    for row in ContributionFactory.create_batch(count, call=call):
        ReviewFactory(contribution=row)
    client = logged_in(admin)
    client.get(reverse("events"))  # the first page after a log-in notes the second factor
    for name in ("event_review", "event_decide"):
        with django_assert_max_num_queries(9):
            assert client.get(reverse(name, args=[call.event.slug])).status_code == 200
