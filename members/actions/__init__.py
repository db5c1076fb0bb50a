"""What people do here: each is one transaction that checks who may, and records what was done.

Accounts and posts are named here; the rest is called by its module: `memberships.join`, `communities.reply`.
"""

from members.actions.accounts import (
    accept_invitation,
    change_name,
    close_account,
    end_post,
    invite,
    open_account,
    remove_second_factor,
    resend_invitation,
    withdraw_invitation,
)

__all__ = [
    "accept_invitation",
    "change_name",
    "close_account",
    "end_post",
    "invite",
    "open_account",
    "remove_second_factor",
    "resend_invitation",
    "withdraw_invitation",
]
