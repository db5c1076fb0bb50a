"""The office's front page: what needs it first, and how the association does."""

import copy
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from directory import today
from events import figures as event_figures
from linkworkers.charts import BRICK, GREEN, MARIGOLD, Chart, chart
from linkworkers.office import NAVIGATION
from linkworkers.outbox.models import Message
from members import figures
from members.http import Request
from members.models import Flag, Membership, Vacancy
from members.today import team_figures
from volunteers.mileage import rates_missing

Tile = dict[str, Any]


def context(request: Request, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's DASHBOARD_CALLBACK: adds `tiles`, each a number, what it counts, and the list that shows it; and
    `charts`, each with its numbers as a table.
    """
    context["title"] = "Overview"
    context["tiles"] = [tile for tiles in TILES for tile in tiles(request)]
    context["charts"] = [_movements(), _income(), _by_region(), _by_plan(), _bookings()]
    return context


def navigation(request: Request) -> list[dict[str, Any]]:
    """Unfold's sidebar, with how much waits beside what it waits in: two queries for a page."""
    found = _waiting(request)
    badges = {
        "Suggestions": found.suggestions,
        "Owners’ changes": found.revisions,
        "Claims": found.claims,
        "Memberships": _applications(request),
    }
    groups: list[dict[str, Any]] = copy.deepcopy(NAVIGATION)
    for item in (item for group in groups for item in group["items"]):
        if badges.get(item["title"]):
            item["badge"] = badges[item["title"]]
            item["badge_variant"] = "warning"
    return groups


# --- What needs the office: a function for each part of the house, in this order


def _tile(number: int, one: str, many: str, name: str, query: str, *, alert: bool = False) -> Tile:
    """`one` and `many` are what is counted, in the singular and in the plural."""
    label = one if number == 1 else many
    url = f"{reverse(f'admin:{name}_changelist')}?{query}"
    return {"number": number, "label": label, "url": url, "alert": alert and number > 0}


def _of_the_outbox(request: Request) -> Iterable[Tile]:
    failed = Message.objects.filter(state=Message.State.FAILED).count()
    yield _tile(
        failed,
        "message not delivered",
        "messages not delivered",
        "outbox_message",
        "state__exact=failed",
        alert=True,
    )


def _of_memberships(request: Request) -> Iterable[Tile]:
    found = figures.office()
    yield _tile(
        found.applications,
        "application waiting for our yes",
        "applications waiting for our yes",
        "members_membership",
        "status=waits",
    )
    yield _tile(found.overdue, "overdue invoice", "overdue invoices", "members_invoice", "standing=overdue")
    yield _tile(
        found.bank_lines,
        "line of a bank file to take in",
        "lines of bank files to take in",
        "members_bankline",
        "state=waiting",
    )
    yield _tile(found.unplaced, "payment to place", "payments to place", "members_payment", "place=unplaced")
    yield _tile(
        found.ungranted,
        "payment with nothing to grant",
        "payments with nothing to grant",
        "members_invoice",
        "standing=ungranted",
        alert=True,
    )


def _of_communities(request: Request) -> Iterable[Tile]:
    yield _tile(
        Flag.objects.visible_to(request.user).waiting().count(),
        "report to moderators",
        "reports to moderators",
        "members_flag",
        "decision__isempty=1",
        alert=True,
    )


def _of_vacancies(request: Request) -> Iterable[Tile]:
    yield _tile(
        Vacancy.objects.queue().count(), "job or role waiting", "jobs and roles waiting", "members_vacancy", "waits=any"
    )


def _of_the_directory(request: Request) -> Iterable[Tile]:
    found = _waiting(request)
    waits = "state__exact=waiting"
    yield _tile(
        found.suggestions, "suggestion for a listing", "suggestions for listings", "directory_suggestion", waits
    )
    yield _tile(
        found.revisions,
        "listing as its owner wants it",
        "listings as their owners want them",
        "directory_revision",
        waits,
    )
    yield _tile(
        found.claims, "person asking for their listing", "people asking for their listings", "directory_claim", waits
    )


def _of_people(request: Request) -> Iterable[Tile]:
    team = team_figures(request.user)
    yield _tile(
        team.invitations_waiting,
        "invitation waiting for an answer",
        "invitations waiting for an answer",
        "members_invitation",
        "answer=waiting",
    )
    yield _tile(
        team.posts_ending,
        "post ending within 30 days",
        "posts ending within 30 days",
        "members_post",
        "time=ending",
    )
    yield _tile(team.people, "person with a post today", "people with a post today", "members_post", "time=current")


def _of_volunteers(request: Request) -> Iterable[Tile]:
    """Nothing while every kind of mileage has a rate: it is asked for once in years."""
    missing = len(rates_missing())
    if missing:
        yield _tile(
            missing,
            "way to travel: no mileage rate for today",
            "ways to travel: no mileage rate for today",
            "volunteers_mileagerate",
            "",
            alert=True,
        )


def _of_events(request: Request) -> Iterable[Tile]:
    found = event_figures.office()
    yield _tile(found.this_month, "event this month", "events this month", "events_event", "time=month")
    yield _tile(
        found.offers,
        "offer from a waitlist open",
        "offers from waitlists open",
        "events_waitlistentry",
        "state__exact=offered",
    )
    yield _tile(
        found.reflections, "reflection to read", "reflections to read", "events_reflection", "state__exact=waiting"
    )


TILES: list[Callable[[Request], Iterable[Tile]]] = [
    _of_the_outbox,
    _of_memberships,
    _of_communities,
    _of_vacancies,
    _of_the_directory,
    _of_events,
    _of_volunteers,
    _of_people,
]


# --- Charts


def _movements() -> Chart:
    found = figures.movements()
    return chart(
        "Joined, renewed, lapsed",
        "By month: the first day of a term, and the first day after grace without a new one.",
        [date_format(each.month, "M Y") for each in found],
        [
            ("Joined", GREEN, [each.joined for each in found]),
            ("Renewed", MARIGOLD, [each.renewed for each in found]),
            ("Lapsed", BRICK, [each.lapsed for each in found]),
        ],
    )


def _income() -> Chart:
    found = figures.income()
    return chart(
        "Income",
        "In pounds by month: what came in less what was paid back, by the day it came in.",
        [date_format(month, "M Y") for month, _ in found],
        [("Income", GREEN, [total for _, total in found])],
        money=True,
    )


def _shares(title: str, about: str, found: Sequence[figures.Share]) -> Chart:
    return chart(
        title,
        about,
        [share.label for share in found],
        [
            ("People", GREEN, [share.people for share in found]),
            ("Employers", MARIGOLD, [share.employers for share in found]),
        ],
        across=True,
    )


def _by_region() -> Chart:
    return _shares("Members by region", "Current or in grace today.", figures.by_region())


def _by_plan() -> Chart:
    return _shares("Members by plan", "What they belong by today.", figures.by_plan())


def _bookings() -> Chart:
    found = event_figures.booked_by_week()
    return chart(
        "Bookings of events",
        "Tickets booked in each of the last twelve weeks, by the Monday of the week.",
        [date_format(week, "j M") for week, _ in found],
        [("Tickets", GREEN, [number for _, number in found])],
    )


# --- Asked once a request, and for nobody who is on the way to log in


def _waiting(request: Request) -> today.Waiting:
    if not hasattr(request, "directory_waiting"):
        request.directory_waiting = today.waiting() if _is_staff(request) else today.Waiting()  # type: ignore[attr-defined]
    return request.directory_waiting  # type: ignore[attr-defined]


def _applications(request: Request) -> int:
    if not hasattr(request, "applications_waiting"):
        number = Membership.objects.waiting().count() if _is_staff(request) else 0
        request.applications_waiting = number  # type: ignore[attr-defined]
    return request.applications_waiting  # type: ignore[attr-defined]


def _is_staff(request: Request) -> bool:
    return request.user.is_authenticated and request.user.is_staff
