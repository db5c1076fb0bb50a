"""Trainings, places in them and calendar addresses for tests."""

import datetime as dt
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from members.factories import UserFactory, WorkplaceFactory
from volunteers.factories import VolunteerFactory, in_london
from volunteers.models import CalendarFeed, Training, TrainingPlace


class TrainingFactory(DjangoModelFactory[Training]):
    """In a week, from 10:00 to 12:30 in London, for five, of a practice. It counts for two points and for no role."""

    class Meta:
        model = Training

    workplace = factory.SubFactory(WorkplaceFactory)
    title = factory.Sequence(lambda n: f"Training {n}")
    starts_at = factory.LazyFunction(lambda: in_london(days=7, hour=10))
    ends_at = factory.LazyAttribute(lambda made: made.starts_at + dt.timedelta(hours=2, minutes=30))
    place = "Verulam Hall"
    capacity = 5
    points = Decimal(2)
    formal_hours = Decimal("1.5")
    created_by = factory.SubFactory(UserFactory)


class TrainingPlaceFactory(DjangoModelFactory[TrainingPlace]):
    """A place that a volunteer of the training's workplace has."""

    class Meta:
        model = TrainingPlace

    training = factory.SubFactory(TrainingFactory)
    volunteer = factory.LazyAttribute(lambda made: VolunteerFactory(workplace=made.training.workplace))
    state = TrainingPlace.State.SIGNED_UP


class CalendarFeedFactory(DjangoModelFactory[CalendarFeed]):
    class Meta:
        model = CalendarFeed

    user = factory.SubFactory(UserFactory)
