"""The office's front page: what needs it first."""

import copy
from typing import Any

from django.urls import reverse

from directory.today import Waiting, waiting
from linkworkers.office import NAVIGATION
from linkworkers.outbox.models import Message
from members.http import Request
from members.models import Vacancy
from members.today import team_figures


def context(request: Request, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's DASHBOARD_CALLBACK: adds `tiles`, each a number, what it counts, and the list that shows it."""
    team = team_figures(request.user)
    failed = Message.objects.filter(state=Message.State.FAILED).count()

    def tile(number: int, label: str, name: str, query: str, *, alert: bool = False) -> dict[str, Any]:
        return {
            "number": number,
            "label": label,
            "url": f"{reverse(f'admin:{name}_changelist')}?{query}",
            "alert": alert,
        }

    directory = _waiting(request)
    context["title"] = "Overview"
    context["tiles"] = [
        tile(failed, "messages not delivered", "outbox_message", "state__exact=failed", alert=failed > 0),
        tile(directory.suggestions, "suggestions for listings", "directory_suggestion", "state__exact=waiting"),
        tile(directory.revisions, "listings as their owners want them", "directory_revision", "state__exact=waiting"),
        tile(directory.claims, "people asking for their listings", "directory_claim", "state__exact=waiting"),
        tile(Vacancy.objects.queue().count(), "jobs and roles waiting", "members_vacancy", "waits=any"),
        tile(team.invitations_waiting, "invitations waiting for an answer", "members_invitation", "answer=waiting"),
        tile(team.posts_ending, "posts ending within 30 days", "members_post", "time=ending"),
        tile(team.people, "people with a post today", "members_post", "time=current"),
    ]
    return context


def navigation(request: Request) -> list[dict[str, Any]]:
    """Unfold's sidebar, with how much waits beside what it waits in: one query for a page."""
    found = _waiting(request)
    badges = {"Suggestions": found.suggestions, "Owners’ changes": found.revisions, "Claims": found.claims}
    groups: list[dict[str, Any]] = copy.deepcopy(NAVIGATION)
    for item in (item for group in groups for item in group["items"]):
        if badges.get(item["title"]):
            item["badge"] = badges[item["title"]]
            item["badge_variant"] = "warning"
    return groups


def _waiting(request: Request) -> Waiting:
    """Asked once a request, and for nobody who is on the way to log in."""
    if not hasattr(request, "directory_waiting"):
        staff = request.user.is_authenticated and request.user.is_staff
        request.directory_waiting = waiting() if staff else Waiting()  # type: ignore[attr-defined]
    return request.directory_waiting  # type: ignore[attr-defined]
