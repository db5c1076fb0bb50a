"""After an event: what counts as learning, feedback that leads to nobody, stories and introductions."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.actions import attendance, door, feedback, introductions, reflections
from events.certificates import code_of, ticket_of
from events.factories import EventFactory, ProgrammeItemFactory, TicketFactory, TicketTypeFactory
from events.factories_after import (
    WORDS,
    AttendeeFactory,
    FeedbackFactory,
    FeedbackQuestionFactory,
    IntroductionFactory,
    ReflectionFactory,
)
from events.feedback_results import results
from events.models import (
    Event,
    Feedback,
    FeedbackGiven,
    FeedbackReply,
    Introduction,
    Reflection,
    SessionMark,
    Ticket,
)
from linkworkers.actions import Refused
from linkworkers.audit.models import AuditEvent
from linkworkers.outbox.models import Message
from members.factories import MembershipFactory, UserFactory
from members.models import Block, LearningEntry, Region, User
from tests.world import logged_in

pytestmark = pytest.mark.django_db

PUBLIC, OF_REGION, PRIVATE = Reflection.Visibility.PUBLIC, Reflection.Visibility.REGION, Reflection.Visibility.PRIVATE


@pytest.fixture(autouse=True)
def no_limits_of_others() -> None:
    cache.clear()


def wrote(ticket: Ticket, **facts: Any) -> Reflection:
    said = {
        "title": "A bench",
        "takes": WORDS,
        "does": "",
        "visibility": PUBLIC,
        "credit": "full",
        "contactable": True,
        "agrees": True,
        "by": ticket.user,
    }
    return reflections.write(ticket, **(said | facts))


# Attendance


def test_who_was_let_in_has_it_in_the_learning_record_once_however_often_the_task_runs(member: User) -> None:
    came = AttendeeFactory(user=member)
    Event.objects.filter(pk=came.event_id).update(points=5)
    TicketFactory(type=came.type, user=UserFactory())  # did not come
    assert attendance.credit_all() == 1
    assert attendance.credit_all() == 0
    entry = LearningEntry.objects.get()
    assert (entry.user, entry.title, entry.points) == (member, came.event.title, 5)


def test_nothing_is_credited_before_the_end_or_of_what_was_called_off(member: User) -> None:
    now = timezone.now()
    on = EventFactory(starts_at=now - dt.timedelta(hours=1), ends_at=now + dt.timedelta(hours=1))
    AttendeeFactory(user=member, type=TicketTypeFactory(event=on))
    off = AttendeeFactory(user=member)
    Event.objects.filter(pk=off.event_id).update(cancelled_at=now, cancelled_by=member, cancel_reason="Snow")
    assert attendance.credit_all() == 0


def test_a_check_in_that_is_taken_back_takes_the_learning_back(member: User, admin: User) -> None:
    came = AttendeeFactory(user=member)
    attendance.credit_all()
    door.undo(came.check_ins.get(), reason="Somebody else's badge", by=admin)
    assert not LearningEntry.objects.exists()
    assert attendance.credit_all() == 0


def test_a_certificate_is_for_who_came_and_its_code_says_so_and_no_more() -> None:
    came, stayed = AttendeeFactory(name="Nora Finch"), TicketFactory(type__event__past=True)
    client = Client()
    paper = client.get(reverse("event_certificate", args=[came.key]))
    assert paper.headers["Content-Type"] == "application/pdf"
    assert client.get(reverse("event_certificate", args=[stayed.key])).status_code == 404
    shown = client.get(reverse("event_attendance", args=[code_of(came).lower()])).content.decode()
    assert "N. F." in shown
    assert "Nora" not in shown
    forged = f"{stayed.pk}-{code_of(came).partition('-')[2]}"
    assert ticket_of(forged) is None
    for code in (forged, "1", "-", "x" * 300, "9" * 40 + "-AAAA"):
        assert client.get(reverse("event_attendance", args=[code])).status_code == 404


# Feedback


def test_no_row_of_an_answer_leads_to_whoever_gave_it() -> None:
    came = AttendeeFactory()
    item, question = ProgrammeItemFactory(event=came.event), FeedbackQuestionFactory(event=came.event)
    before = AuditEvent.objects.count()
    feedback.give(came, answers={"overall": 4, "best": "Cake"}, replies={question: "More"}, marks={item.pk: 5})
    assert AuditEvent.objects.count() == before
    for model in (Feedback, FeedbackReply, SessionMark):
        assert model.objects.count() == 1
        leads = {field.related_model for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)}
        assert not leads & {Ticket, User, FeedbackGiven}
        assert isinstance(model._meta.pk, models.UUIDField)  # chance: rows tell no order
        assert not any(isinstance(field, models.DateTimeField) for field in model._meta.get_fields())


def test_feedback_is_given_once_and_only_by_who_came() -> None:
    came, stayed = AttendeeFactory(), TicketFactory(type__event__past=True)
    early = TicketFactory()
    feedback.give(came, answers={"overall": 4}, replies={}, marks={})
    for ticket in (came, stayed, early):
        with pytest.raises(Refused):
            feedback.give(ticket, answers={"overall": 1}, replies={}, marks={})
    assert Feedback.objects.count() == 1


def test_the_form_keeps_marks_of_strange_sessions_and_numbers_out() -> None:
    came = AttendeeFactory()
    strange = ProgrammeItemFactory()
    page = reverse("event_feedback", args=[came.key])
    assert Client().post(page, {"overall": "9"}).status_code == 200
    assert not Feedback.objects.exists()
    answer = Client().post(page, {"overall": "5", f"item_{strange.pk}": "5", f"session_{strange.pk}": "5"})
    assert answer.status_code == 302
    assert Feedback.objects.get().overall == 5
    assert not SessionMark.objects.exists()


def test_results_are_withheld_while_so_few_answered_that_one_could_be_guessed(admin: User) -> None:
    event = EventFactory(past=True)
    FeedbackFactory.create_batch(4, event=event, best="Only I say this")
    client = logged_in(admin)
    page, sheet = (
        reverse("event_feedback_results", args=[event.slug]),
        reverse("event_feedback_sheet", args=[event.slug]),
    )
    assert "Only I say this" not in client.get(page).content.decode()
    assert client.get(sheet).status_code == 404
    FeedbackFactory(event=event)
    assert not results(event).missing
    assert "Only I say this" in client.get(page).content.decode()
    assert client.get(sheet).status_code == 200


# Stories


def test_what_is_for_oneself_is_read_by_nobody_else_and_not_by_the_office(admin: User) -> None:
    own = wrote(AttendeeFactory(), visibility=PRIVATE, agrees=False)
    assert own.state == Reflection.State.KEPT
    client = logged_in(admin)
    assert client.get(reverse("event_story", args=[own.pk])).status_code == 404
    listed = client.get(reverse("admin:events_reflection_changelist")).content.decode()
    assert own.takes[:40] not in listed
    assert client.get(reverse("admin:events_reflection_change", args=[own.pk])).status_code in (302, 404)
    with pytest.raises(Refused):
        reflections.publish(own, version=own.version, by=admin)


def test_others_read_it_only_with_a_yes_and_after_the_office_did(admin: User) -> None:
    came = AttendeeFactory()
    with pytest.raises(Refused):
        wrote(came, agrees=False)
    story = wrote(came)
    page = reverse("event_story", args=[story.pk])
    assert Client().get(page).status_code == 404
    reflections.publish(story, version=story.version, by=admin)
    assert Client().get(page).status_code == 200
    story.refresh_from_db()
    assert story.permission.startswith("I agree that what I wrote")
    assert story.permitted_at is not None


def test_whoever_changes_a_story_hides_it_until_it_was_read_again(admin: User) -> None:
    story = wrote(AttendeeFactory())
    reflections.publish(story, version=story.version, by=admin)
    old = story.version
    changed = wrote(story.ticket, takes=WORDS + "More.")
    assert Client().get(reverse("event_story", args=[story.pk])).status_code == 404
    with pytest.raises(Refused, match="changed since you read it"):
        reflections.publish(changed, version=old, by=admin)


def test_what_is_taken_back_is_gone_at_once_with_its_photo(admin: User) -> None:
    story = ReflectionFactory(published=True)
    client = Client()
    page = reverse("event_story", args=[story.pk])
    assert client.get(page).status_code == 200
    client.post(reverse("event_reflection_withdraw", args=[story.ticket.key]))
    assert client.get(page).status_code == 404
    assert client.get(reverse("event_story_photo", args=[story.pk])).status_code == 404
    assert story.title not in client.get(reverse("event_stories")).content.decode()


def test_a_story_of_a_region_is_read_by_its_members_alone(member: User, link_worker: User, admin: User) -> None:
    story = ReflectionFactory(published=True, visibility=OF_REGION, region=Region.WALES)
    page, listed = reverse("event_story", args=[story.pk]), reverse("event_stories")
    member.membership.region = Region.WALES
    member.membership.save()
    elsewhere = MembershipFactory(region=Region.LONDON).user
    for user, status in ((None, 404), (link_worker, 404), (elsewhere, 404), (member, 200)):
        client = logged_in(user) if user else Client()
        assert client.get(page).status_code == status, user
        assert (story.title in client.get(listed).content.decode()) == (status == 200)


def test_a_reflection_of_enough_words_counts_once(member: User) -> None:
    came = AttendeeFactory(user=member)
    wrote(came, visibility=PRIVATE, takes="Short.")
    assert not LearningEntry.objects.exists()
    for _ in range(2):
        wrote(came, visibility=PRIVATE)
    assert LearningEntry.objects.get().points == 1


def test_script_in_a_story_is_text(admin: User) -> None:
    story = wrote(AttendeeFactory(), takes="<script>alert(1)</script> " + WORDS, title="<b>x</b>")
    reflections.publish(story, version=story.version, by=admin)
    shown = Client().get(reverse("event_story", args=[story.pk])).content.decode()
    assert "<script>alert" not in shown
    assert "<b>x</b>" not in shown


# Introductions


def test_neither_learns_the_others_address_before_a_yes(member: User) -> None:
    story = ReflectionFactory(published=True, ticket__email="writer@example.test")
    asked = introductions.ask(story, text="May I ring you?", by=member)
    mail = Message.objects.get(to="writer@example.test")
    assert member.email not in mail.text
    page = reverse("event_introduction", args=[asked.key])
    Client().post(page)  # says nothing
    asked.refresh_from_db()
    assert asked.state == Introduction.State.ASKED
    Client().post(page, {"answer": "yes"})
    told = Message.objects.get(to=member.email)
    assert "writer@example.test" in told.text


def test_a_no_is_told_nobody_and_stays_a_no(member: User) -> None:
    asked = introductions.ask(ReflectionFactory(published=True), text="May I?", by=member)
    introductions.answer(asked, says_yes=False, by=None)
    assert not Message.objects.filter(to=member.email).exists()
    introductions.answer(asked, says_yes=True, by=None)
    asked.refresh_from_db()
    assert asked.state == Introduction.State.DECLINED
    assert not Message.objects.filter(to=member.email).exists()


def test_one_asks_once_and_not_oneself_nor_whoever_blocks(member: User) -> None:
    story = ReflectionFactory(published=True)
    introductions.ask(story, text="May I?", by=member)
    with pytest.raises(Refused, match="asked already"):
        introductions.ask(story, text="Again?", by=member)
    own = ReflectionFactory(published=True, user=member)
    blocking = ReflectionFactory(published=True, user=UserFactory())
    Block.objects.create(by=blocking.user, whom=member)
    quiet = ReflectionFactory(published=True, contactable=False)
    hidden = ReflectionFactory(waiting=True)
    for other in (own, blocking, quiet, hidden):
        with pytest.raises(Refused):
            introductions.ask(other, text="May I?", by=member)


@pytest.mark.parametrize("count", [1, 30])
def test_lists_ask_as_much_for_thirty(count: int, member: User, django_assert_max_num_queries: Any) -> None:
    for story in ReflectionFactory.create_batch(count, published=True):
        IntroductionFactory(story=story)
    client = logged_in(member)
    client.get(reverse("events"))
    with django_assert_max_num_queries(8):
        assert client.get(reverse("event_stories")).status_code == 200
    with django_assert_max_num_queries(8):
        assert client.get(reverse("event_story", args=[story.pk])).status_code == 200


def test_search_engines_are_told_of_what_is_for_everybody_alone() -> None:
    public = ReflectionFactory(published=True)
    hidden = [ReflectionFactory(waiting=True), ReflectionFactory(published=True, visibility=OF_REGION, region="wales")]
    told = Client().get("/sitemap-stories.xml").content.decode()
    assert public.get_absolute_url() in told
    assert not any(f"{story.get_absolute_url()}<" in told for story in hidden)
