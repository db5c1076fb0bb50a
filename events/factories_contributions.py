"""Calls for contributions, what is offered and read, for tests."""

import datetime as dt
from typing import cast

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from events.factories import EventFactory
from events.models import CallForContributions, Contribution, Event, Review
from members.factories import UserFactory
from members.models import User

WORDS = "We tried walking groups in a town without a bus and learned who came and why. " * 10  # 160 words


class CallFactory(DjangoModelFactory[CallForContributions]):
    """Open for two more weeks; decisions two weeks later. `closed=True` closed yesterday."""

    class Meta:
        model = CallForContributions

    class Params:
        closes = 14
        closed = factory.Trait(closes=-1)

    event = factory.SubFactory(EventFactory)
    opens_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=30))
    closes_at = factory.LazyAttribute(lambda made: timezone.now() + dt.timedelta(days=made.closes))
    decide_by = factory.LazyAttribute(lambda made: made.closes_at + dt.timedelta(days=14))
    guidance = "Tell us what **you** tried."


class ContributionFactory(DjangoModelFactory[Contribution]):
    """A talk that was sent in. `draft=True` was not."""

    class Meta:
        model = Contribution

    class Params:
        draft = factory.Trait(state="draft", sent_at=None, consented_at=None)

    call = factory.SubFactory(CallFactory)
    number = factory.Sequence(lambda n: n + 1)
    state = "sent"
    name = "Wilhelmina Quist"
    email = factory.Sequence(lambda n: f"quist-{n}@example.test")
    organisation = "Harrow Vale Trust"
    kind = "talk"
    title = factory.Sequence(lambda n: f"Walking where no bus goes {n}")
    abstract = WORDS
    takeaways = "How to begin."
    audience = "Everybody"
    created_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(days=5))
    changed_at = factory.SelfAttribute("created_at")
    sent_at = factory.SelfAttribute("created_at")
    consented_at = factory.SelfAttribute("created_at")


class ReviewFactory(DjangoModelFactory[Review]):
    class Meta:
        model = Review

    contribution = factory.SubFactory(ContributionFactory)
    reviewer = factory.SubFactory(UserFactory)
    purpose, use, clarity = 4, 3, 5


def make_contributions(event: Event, *, reader: User) -> Contribution:
    """For tests that visit every page: one that was sent in, and what a reader thinks of it."""
    contribution = cast(Contribution, ContributionFactory(call__event=event, number=1))
    ReviewFactory(contribution=contribution, reviewer=reader)
    return contribution


def of_contributions() -> dict[str, object]:
    """What fills in the addresses of these pages: the row of `make_contributions`."""
    row = Contribution.objects.earliest("pk")
    return {"contribution_key": row.key, "contribution_number": row.number}
