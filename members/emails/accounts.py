"""The mails of accounts and posts that are ours; allauth's own pass through `members.adapters`."""

from linkworkers.outbox.actions import queue
from members.models import Invitation, User


def invitation(invitation: Invitation) -> None:
    """To the invited address, with the link that was made just now."""
    queue(
        key=f"invitation:{invitation.pk}:{invitation.token_hash[:16]}",
        kind="invitation",
        to=invitation.email,
        template="invitation",
        context={"invitation": invitation, "path": invitation.path},
        secret=True,
    )


def second_factor_removed(user: User, removal_id: int) -> None:
    """To the person whose second factor the office removed, so that a removal nobody asked for is noticed."""
    queue(
        key=f"second-factor-removed:{removal_id}",
        kind="second-factor-removed",
        to=user.email,
        template="second-factor-removed",
        context={"person": user},
    )
