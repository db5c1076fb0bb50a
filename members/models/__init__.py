"""People, the places they work at, and the posts that give them access."""

from members.models.invitation import Invitation
from members.models.post import Post
from members.models.user import ROLES_NEEDING_SECOND_FACTOR, Role, User, UserManager
from members.models.workplace import ROLES_AT, Region, Workplace

__all__ = [
    "ROLES_AT",
    "ROLES_NEEDING_SECOND_FACTOR",
    "Invitation",
    "Post",
    "Region",
    "Role",
    "User",
    "UserManager",
    "Workplace",
]
