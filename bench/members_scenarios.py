"""What is measured of membership: the pages of members, what anybody checks, and the office."""

from bench.cast import Cast
from bench.client import Request
from bench.scenarios import MOST_QUERIES, ORDINARY, WORST, Scenario

CHECK_QUERIES = 13  # of a check, of which twelve count how often an address asks
OFFICE_QUERIES = 30  # of a page of the office, however many members there are


def _page(
    name: str, path: str, session: str = "member", budget: float = ORDINARY, queries: int = MOST_QUERIES
) -> Scenario:
    """A page of whoever has this session in the cast; of nobody in particular without one."""

    def steps(cast: Cast) -> list[Request]:
        return [Request(_filled(path, cast), getattr(cast, session) if session else "")]

    return Scenario(name, budget, steps, queries)


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


TALK = "/communities/{community}/"
OFFICE = "/admin/members/membership/"
MEMBERSHIP = [
    _page("member’s home", "/members/"),
    _page("renewing", "/members/{number}/renew/", budget=WORST),
    _page("invoices", "/members/invoices/"),
    _page("invoice", "/members/invoices/{invoice}/"),
    _page("employer’s seats", "/members/employer/{employer}/", "contact", WORST),
    _page("people, filtered", "/members/people/?region=north_east&interest=carers"),
    _page("community", TALK),
    _page("community: last page", f"{TALK}?page=99999"),
    _page("community: search", f"{TALK}?q=garden", budget=WORST),
    _page("topic with 200 replies", f"{TALK}topics/{{topic}}/", budget=WORST),
    _page("check of a number", "/verify/{number}/", "", queries=CHECK_QUERIES),
    _office("office: overview", "/admin/"),
    _office("office: members", OFFICE),
    _office("office: late employers", f"{OFFICE}?status=grace&audience=employer&region=north_east"),
    _office("office: members searched", f"{OFFICE}?q=davies"),
]
