"""People, referrals and cases for tests: each valid, with nothing a test did not ask for.

An episode begins unaccepted. `EpisodeFactory(accepted=True)` is held by a link worker of its network, `active=True` has
had its first contact as well, `closed=True` is over; a referral made for an episode stands where the episode stands.
"""

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from members.factories import PostFactory, UserFactory, WorkplaceFactory
from members.models import Role, User, Workplace
from referrals.models import (
    Appointment,
    CareContact,
    Episode,
    FollowUp,
    InformationRequest,
    MessageBack,
    Person,
    Referral,
    ReferralDraft,
)
from referrals.models.episode import Outcome, ShareBack
from referrals.models.person import ContactWay, VisitRisk
from referrals.models.referral import ConsentMethod, Reason, State, Urgency, new_reference


def ago(**time: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(**time)


def somebody_at(workplace: Workplace, role: Role) -> User:
    """Whoever holds the role there, or somebody new who does."""
    held = User.objects.filter(posts__workplace=workplace, posts__role=role).first()
    return held or PostFactory.create(workplace=workplace, role=role).user


class PersonFactory(DjangoModelFactory[Person]):
    """Somebody registered with a practice that has a network."""

    class Meta:
        model = Person

    given_name = "Joan"
    family_name = factory.Sequence(lambda n: f"Prentice {n}")
    date_of_birth = dt.date(1946, 2, 11)
    practice = factory.SubFactory(WorkplaceFactory)
    contact_ways = factory.LazyFunction(lambda: [ContactWay.LETTER])
    visit_risk = VisitRisk.NONE_KNOWN


class EpisodeFactory(DjangoModelFactory[Episode]):
    class Meta:
        model = Episode

    class Params:
        accepted = factory.Trait(
            holder=factory.LazyAttribute(lambda made: somebody_at(made.network, Role.LINK_WORKER)),
            accepted_at=factory.LazyFunction(lambda: ago(days=7)),
        )
        active = factory.Trait(accepted=True, first_contact_at=factory.LazyFunction(lambda: ago(days=5)))
        closed = factory.Trait(
            active=True,
            closed_at=factory.LazyFunction(lambda: ago(days=1)),
            closed_by=factory.SelfAttribute("holder"),
            outcome=Outcome.GOALS_MET,
        )

    reference = factory.LazyFunction(new_reference)
    person = factory.SubFactory(PersonFactory)
    network = factory.SelfAttribute("person.practice.parent")
    opened_at = factory.LazyFunction(lambda: ago(days=8))
    share_back = ShareBack.EVERYTHING


class ReferralFactory(DjangoModelFactory[Referral]):
    """A referral by the staff of the person's practice, in the state of its episode; the first one lends the episode
    its reference.
    """

    class Meta:
        model = Referral

    episode = factory.SubFactory(EpisodeFactory)
    practice = factory.SelfAttribute("episode.person.practice")
    network = factory.SelfAttribute("episode.network")
    submitted_by = factory.LazyAttribute(lambda made: somebody_at(made.practice, Role.PRACTICE_STAFF))
    referrer_name = factory.SelfAttribute("submitted_by.name")
    submitted_at = factory.SelfAttribute("episode.opened_at")
    waiting_since = factory.SelfAttribute("submitted_at")
    reasons = factory.LazyFunction(lambda: [Reason.LONELINESS])
    urgency = Urgency.EARLY
    why_now = "Her neighbour has moved away."
    consent_method = ConsentMethod.FACE_TO_FACE
    share_back = factory.SelfAttribute("episode.share_back")
    as_given = factory.LazyAttribute(lambda made: {"family_name": made.episode.person.family_name})
    accepted_at = factory.SelfAttribute("episode.accepted_at")
    accepted_by = factory.SelfAttribute("episode.holder")
    closed_at = factory.SelfAttribute("episode.closed_at")

    @factory.lazy_attribute
    def reference(self: Any) -> str:
        return new_reference() if self.episode.referrals.exists() else self.episode.reference

    @factory.lazy_attribute
    def state(self: Any) -> State:
        if self.episode.closed_at:
            return State.CLOSED
        if self.episode.first_contact_at:
            return State.ACTIVE
        return State.ACCEPTED if self.episode.accepted_at else State.SUBMITTED


class InformationRequestFactory(DjangoModelFactory[InformationRequest]):
    """An open question about a referral that waits for its answer."""

    class Meta:
        model = InformationRequest

    referral = factory.SubFactory(ReferralFactory, state=State.MORE_ASKED)
    question = "Is it safe to leave a message?"
    asked_by = factory.LazyAttribute(lambda made: somebody_at(made.referral.network, Role.LINK_WORKER))


class ReferralDraftFactory(DjangoModelFactory[ReferralDraft]):
    class Meta:
        model = ReferralDraft

    owner = factory.SubFactory(UserFactory)
    answers = factory.LazyFunction(lambda: {"given_name": ["Joan"]})


class CareContactFactory(DjangoModelFactory[CareContact]):
    """A phone call by the holder in which the person took part."""

    class Meta:
        model = CareContact

    episode = factory.SubFactory(EpisodeFactory, active=True)
    kind = CareContact.Kind.PHONE
    result = CareContact.Result.TOOK_PART
    happened_at = factory.LazyFunction(lambda: ago(days=5))
    note = "She told me about the choir."
    by = factory.SelfAttribute("episode.holder")


class AppointmentFactory(DjangoModelFactory[Appointment]):
    """Tomorrow, at the clinic, with the holder."""

    class Meta:
        model = Appointment

    episode = factory.SubFactory(EpisodeFactory, active=True)
    kind = Appointment.Kind.CLINIC
    starts_at = factory.LazyFunction(lambda: ago(days=-1))
    with_user = factory.SelfAttribute("episode.holder")
    created_by = factory.SelfAttribute("with_user")


class FollowUpFactory(DjangoModelFactory[FollowUp]):
    """Due today and not done."""

    class Meta:
        model = FollowUp

    episode = factory.SubFactory(EpisodeFactory, active=True)
    what = factory.Sequence(lambda n: f"Ring about the choir ({n})")
    due_on = factory.LazyFunction(timezone.localdate)
    created_by = factory.SelfAttribute("episode.holder")


class MessageBackFactory(DjangoModelFactory[MessageBack]):
    """News from the holder, not filed yet."""

    class Meta:
        model = MessageBack

    episode = factory.SubFactory(EpisodeFactory, active=True)
    practice = factory.SelfAttribute("episode.person.practice")
    kind = MessageBack.Kind.UPDATE
    share_back = factory.SelfAttribute("episode.share_back")
    text = factory.LazyAttribute(lambda made: "She has joined a choir." if made.share_back == "everything" else "")
    by = factory.SelfAttribute("episode.holder")
