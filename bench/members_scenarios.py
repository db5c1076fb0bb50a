"""What is measured of membership: the pages of members, what anybody checks, and the office."""

from bench.cast import Cast
from bench.client import Request
from bench.scenarios import ORDINARY, Scenario

OFFICE_QUERIES = 30  # of a page of the office, however many members there are


def _page(name: str, path: str, session: str = "member") -> Scenario:
    """A page of whoever has this session in the cast; of nobody in particular without one."""
    return Scenario(
        name, ORDINARY, lambda cast: [Request(_filled(path, cast), getattr(cast, session) if session else "")]
    )


def _office(name: str, path: str) -> Scenario:
    """The office has no budget against the floor; but it may not become slower with the years."""
    return Scenario(name, None, lambda cast: [Request(path, cast.office)], OFFICE_QUERIES, stays=True)


def _filled(path: str, cast: Cast) -> str:
    return path.format(
        invoice=cast.invoice,
        number=cast.membership_number,
        employer=cast.employer_number,
        community=cast.community,
        topic=cast.topic,
    )


MEMBERSHIP = [
    _page("member’s home", "/members/"),
    _page("renewing", "/members/{number}/renew/"),
    _page("invoices", "/members/invoices/"),
    _page("invoice", "/members/invoices/{invoice}/"),
    Scenario(
        "employer’s seats",
        ORDINARY,
        lambda cast: [Request(_filled("/members/employer/{employer}/", cast), cast.contact)],
    ),
    _page("people, filtered", "/members/people/?region=north_east&interest=carers"),
    _page("community", "/communities/{community}/"),
    _page("community: last page", "/communities/{community}/?page=99999"),
    _page("community: search", "/communities/{community}/?q=garden"),
    _page("topic with 200 replies", "/communities/{community}/topics/{topic}/"),
    _page("check of a number", "/verify/{number}/", ""),
    _office("office: overview", "/admin/"),
]
