"""What the other tests stand on: rows that the forms and the database would take."""

import pytest
from factory.django import DjangoModelFactory

from referrals import factories
from referrals.models.referral import State

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "make",
    [
        factories.PersonFactory,
        factories.EpisodeFactory,
        factories.ReferralFactory,
        factories.InformationRequestFactory,
        factories.ReferralDraftFactory,
        factories.CareContactFactory,
        factories.AppointmentFactory,
        factories.FollowUpFactory,
        factories.MessageBackFactory,
    ],
)
def test_each_row_is_valid_and_so_is_a_second_one(make: type[DjangoModelFactory]) -> None:
    make().full_clean()
    make().full_clean()


@pytest.mark.parametrize(
    ("stage", "state"),
    [({}, State.SUBMITTED), ({"accepted": True}, State.ACCEPTED), ({"active": True}, State.ACTIVE)],
)
def test_a_referral_stands_where_its_episode_does(stage: dict[str, bool], state: State) -> None:
    episode = factories.EpisodeFactory(**stage)
    referral = factories.ReferralFactory(episode=episode)
    assert referral.state == state
    assert referral.reference == episode.reference
    assert referral.network == referral.practice.parent == episode.network


def test_a_closed_case_has_a_closed_referral() -> None:
    referral = factories.ReferralFactory(episode=factories.EpisodeFactory(closed=True))
    assert referral.state == State.CLOSED
    assert referral.closed_at == referral.episode.closed_at


def test_a_second_referral_joins_under_a_reference_of_its_own() -> None:
    first = factories.ReferralFactory()
    second = factories.ReferralFactory(episode=first.episode)
    assert second.reference != first.reference
