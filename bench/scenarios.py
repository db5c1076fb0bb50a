"""What is measured: the pages of a working day, and the posts of the main job."""

import datetime as dt
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from bench.cast import Cast
from bench.client import Request

ORDINARY, WORST = 2.0, 3.0  # most times the floor
MOST_QUERIES = 9  # of a page


@dataclass(frozen=True)
class Scenario:
    """`steps` makes the requests of one turn, new each time; the last one is measured, those before lead up to it.

    `budget` is how many times the floor it may cost; None where `bench.aims` says what it is measured against, or
    where it `stays`: then only its growth counts.
    """

    name: str
    budget: float | None
    steps: Callable[[Cast], list[Request]]
    most_queries: int = MOST_QUERIES
    stays: bool = False

    @property
    def posts(self) -> bool:
        return self.name.startswith("post")


def _referral(cast: Cast) -> tuple[str, dict[str, str | list[str]]]:
    """The address of a new draft, and the form of somebody whom nobody has referred before."""
    return f"/referrals/drafts/{uuid.uuid4()}/", {
        "nhs_number": _nhs_number(),
        "given_name": "Zeta",
        "family_name": "Measured",
        "date_of_birth": "4 5 1951",
        "phone": "07700 900123",
        "contact_ways": ["phone", "letter"],
        "visit_risk": "none",
        "reasons": ["loneliness", "benefits"],
        "urgency": "struggling",
        "why_now": "Has hardly left the house since the spring and misses having somebody to talk to.",
        "hopes": "To be out among people again.",
        "consent_method": "face_to_face",
        "share_back": "everything",
    }


def _nhs_number() -> str:
    """A random one from a range that the data set does not use."""
    while True:
        number = str(random.randrange(700_000_000, 800_000_000))
        check = -sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{number}{check}"


def _save_referral(cast: Cast) -> list[Request]:
    path, form = _referral(cast)
    return [Request(path, cast.other_practice, form)]


def _check_referral(cast: Cast) -> list[Request]:
    path, form = _referral(cast)
    return [Request(path, cast.other_practice, form), Request(f"{path}check/", cast.other_practice)]


def _send_referral(cast: Cast) -> list[Request]:
    path, form = _referral(cast)
    return [Request(path, cast.other_practice, form), Request(f"{path}check/", cast.other_practice, {})]


def _log_contact(cast: Cast) -> list[Request]:
    form: dict[str, str | list[str]] = {
        "submission_key": str(uuid.uuid4()),
        "kind": "phone",
        "result": "took_part",
        "note": "We talked about what a good week would look like, and about the group on Thursdays.",
        "follow_up_on": (dt.date.today() + dt.timedelta(days=random.randrange(1, 300))).isoformat(),  # noqa: DTZ011
        "follow_up": f"Ring again about place {random.randrange(10_000)}",
    }
    return [Request(f"/referrals/{random.choice(cast.other_cases)}/contact/", cast.other_link_worker, form)]


FLOOR = Scenario("floor", 1.0, lambda cast: [Request("/bench/floor/", cast.link_worker)])
SCENARIOS = [
    Scenario("today, link worker", ORDINARY, lambda cast: [Request("/today/", cast.link_worker)], MOST_QUERIES + 1),
    Scenario("today, practice", ORDINARY, lambda cast: [Request("/today/", cast.practice)]),
    Scenario("inbox", ORDINARY, lambda cast: [Request("/referrals/inbox/", cast.link_worker)]),
    Scenario("caseload", ORDINARY, lambda cast: [Request("/referrals/", cast.link_worker)]),
    Scenario("practice’s list", ORDINARY, lambda cast: [Request("/referrals/", cast.practice)]),
    Scenario("practice’s referral", ORDINARY, lambda cast: [Request(f"/referrals/{cast.referral}/", cast.practice)]),
    Scenario("case", WORST, lambda cast: [Request(f"/referrals/{cast.case}/", cast.link_worker)]),
    Scenario("contact form", WORST, lambda cast: [Request(f"/referrals/{cast.case}/contact/", cast.link_worker)]),
    Scenario("referral form", WORST, lambda cast: [Request("/referrals/new/", cast.practice)]),
    Scenario("check answers", WORST, _check_referral),
    Scenario("post: save draft", WORST, _save_referral),
    Scenario("post: send referral", WORST, _send_referral),
    Scenario("post: log contact", WORST, _log_contact),
]
