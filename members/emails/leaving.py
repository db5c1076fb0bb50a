"""The last mail to somebody who left."""

from linkworkers.outbox.actions import queue


def account_left(user_id: int, address: str, *, asked_office: bool) -> None:
    """To the address that is erased in the same transaction."""
    queue(
        key=f"account-left:{user_id}",
        kind="account-left",
        to=address,
        template="account-left",
        context={"asked_office": asked_office},
    )
