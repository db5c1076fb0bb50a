"""Points are counted in quarters, and a number too large to be divided is no reason to fall over."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from members.models.course import check_quarters


@pytest.mark.parametrize("typed", ["9" * 30, "1e9999", "-1e40", "1.25", "0"])
def test_what_is_too_large_is_left_to_the_limit_of_digits(typed: str) -> None:
    check_quarters(Decimal(typed))


def test_what_is_no_quarter_is_sent_back() -> None:
    with pytest.raises(ValidationError, match="quarter"):
        check_quarters(Decimal("1.3"))
