"""The masthead keeps to one line at a laptop's width, for whoever has the most places to go to."""

import pytest
from playwright.sync_api import expect

from members.models import User, Workplace
from referrals.factories import ReferralFactory
from tests.browser.conftest import Visit

ONE_LINE = 64  # pixels: 4rem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "account", ["link_worker", "practice_staff", "manager", "coordinator", "volunteer", "provider", "member", "admin"]
)
def test_the_masthead_is_one_line_at_1280(
    visit: Visit, practice: Workplace, request: pytest.FixtureRequest, account: str
) -> None:
    ReferralFactory.create_batch(12, episode__person__practice=practice)  # the inbox says how many
    user: User = request.getfixturevalue(account)
    page = visit(user, width=1280)
    page.goto("/today/")
    expect(page.get_by_role("link", name=user.name)).to_be_visible()
    box = page.get_by_role("banner").bounding_box()
    assert box is not None
    assert box["height"] == ONE_LINE
