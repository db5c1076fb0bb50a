"""The office's front page: what needs it first."""

from typing import Any

from django.urls import reverse

from linkworkers.outbox.models import Message
from members.http import Request
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

    context["title"] = "Overview"
    context["tiles"] = [
        tile(failed, "messages not delivered", "outbox_message", "state__exact=failed", alert=failed > 0),
        tile(team.invitations_waiting, "invitations waiting for an answer", "members_invitation", "answer=waiting"),
        tile(team.posts_ending, "posts ending within 30 days", "members_post", "time=ending"),
        tile(team.people, "people with a post today", "members_post", "time=current"),
    ]
    return context
