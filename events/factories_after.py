"""What people say and write after an event, for tests."""

from typing import cast

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from events.factories import CheckInFactory, EventFactory, TicketFactory
from events.factories_public import jpeg
from events.models import Feedback, FeedbackQuestion, Introduction, Reflection, Ticket
from members.factories import UserFactory
from members.models import StoredFile, User

WORDS = "I met people who do what I do, and I go home with three ideas that I can begin with on Monday. " * 4  # 84


class AttendeeFactory(TicketFactory):
    """Somebody who was let in at an event that is over."""

    type = factory.SubFactory("events.factories.TicketTypeFactory", event__past=True)

    @factory.post_generation
    def arrives(self: Ticket, create: bool, extracted: object, **kwargs: object) -> None:
        CheckInFactory(ticket=self)
        self.arrived_at = self.event.starts_at
        self.save()

    class Meta:
        skip_postgeneration_save = True


class ReflectionFactory(DjangoModelFactory[Reflection]):
    """Kept by its writer. `waiting=True` is for everybody and waits, `published=True` is read by everybody."""

    class Meta:
        model = Reflection

    class Params:
        waiting = factory.Trait(
            state=Reflection.State.WAITING,
            visibility=Reflection.Visibility.PUBLIC,
            permission="I agree that this is published.",
            permitted_at=factory.LazyFunction(timezone.now),
        )
        published = factory.Trait(
            waiting=True,
            state=Reflection.State.PUBLISHED,
            published_at=factory.LazyFunction(timezone.now),
            decided_at=factory.LazyFunction(timezone.now),
            decided_by=factory.SubFactory(UserFactory),
        )

    ticket = factory.SubFactory(AttendeeFactory, user=factory.SelfAttribute("..user"))
    event = factory.SelfAttribute("ticket.event")
    user = None
    title = factory.Sequence(lambda n: f"What I began, {n}")
    takes = WORDS
    credit = Reflection.Credit.FULL
    line = "Nora Finch"


class IntroductionFactory(DjangoModelFactory[Introduction]):
    class Meta:
        model = Introduction

    story = factory.SubFactory(ReflectionFactory, published=True)
    by = factory.SubFactory(UserFactory)
    text = "I want to begin a walking group too. May I ask how you found the route?"


class FeedbackFactory(DjangoModelFactory[Feedback]):
    class Meta:
        model = Feedback

    event = factory.SubFactory(EventFactory, past=True)
    overall, content, place, recommend = 4, 5, 3, 9


class FeedbackQuestionFactory(DjangoModelFactory[FeedbackQuestion]):
    class Meta:
        model = FeedbackQuestion

    event = factory.SubFactory(EventFactory, past=True)
    text = factory.Sequence(lambda n: f"Question {n}?")


def make_aftermath(writer: User, *, reader: User) -> Introduction:
    """For tests that visit every page: an event that is over, the writer's story with a photo, and a reader who wants
    to do the same.
    """
    photo = StoredFile.keep(name="photo.jpg", content_type="image/jpeg", content=jpeg(), by=None)
    story = ReflectionFactory(user=writer, published=True, photo=photo, decided_by=reader)
    FeedbackQuestionFactory(event=story.event)
    FeedbackFactory.create_batch(6, event=story.event)
    return cast(Introduction, IntroductionFactory(story=story, by=reader))


def of_aftermath() -> dict[str, object]:
    """What fills in the addresses of these pages: the rows of `make_aftermath`."""
    introduction = Introduction.objects.earliest("pk")
    return {
        "story_id": introduction.story_id,
        "introduction_key": introduction.key,
        "ticket_key": introduction.story.ticket.key,
        "event_slug": introduction.story.event.slug,
    }
