"""What people are referred for and what the directory is searched by are called the same."""

from directory.models import Need
from referrals.models.referral import Reason


def test_every_need_is_a_reason_of_a_referral_with_the_same_words() -> None:
    assert dict(Need.choices).items() <= dict(Reason.choices).items()
    assert set(Reason.values) - set(Need.values) == {Reason.OTHER}
