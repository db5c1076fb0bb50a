"""Who is told of shifts beside those on them, and what goes with a mail about one."""

from members.models import Post, Role, User, Workplace
from volunteers.models import Shift


def coordinators_of(*practices: Workplace) -> list[User]:
    """Whoever coordinates the volunteers of these practices today, each once."""
    at = {practice.pk for practice in practices} | {practice.parent_id for practice in practices}
    posts = Post.objects.current().filter(workplace__in=at - {None}, role=Role.COORDINATOR)
    return list(User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("pk"))


def calendar_of(shift: Shift) -> str:
    """The calendar file that goes with a mail about a new shift."""
    return ""
