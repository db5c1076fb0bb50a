"""The mail about the photo board."""

from django.urls import reverse

from linkworkers.outbox.actions import Draft
from volunteers.models import Volunteer


def renew(volunteer: Volunteer) -> Draft:
    """To a volunteer whose consent ends within a month: once for each consent."""
    return Draft(
        key=f"board-renew:{volunteer.pk}:{volunteer.photo_until}",
        kind="board-renew",
        to=volunteer.user.email if volunteer.user else volunteer.email,
        template="board-renew",
        context={"volunteer": volunteer, "path": reverse("board_consent", args=[volunteer.key])},
    )
