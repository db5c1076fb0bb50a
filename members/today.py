"""What members adds to a person's day, and to the office's front page."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from members.models import Post, User, Workplace
from members.permissions import can_see_team

ENDING_SOON = dt.timedelta(days=30)


@dataclass(frozen=True)
class Team:
    """Figures of the team that somebody manages: people who work there today, what waits, what ends soon."""

    people: int
    invitations_waiting: int
    posts_ending: int


@dataclass(frozen=True)
class Panel:
    """A person's own current posts, and the figures of their team when they manage one."""

    posts: list[Post]
    team: Team | None


def panel(user: User) -> Panel:
    """At most one query beside the posts, which the page has asked for already."""
    return Panel(posts=user.current_posts, team=team_figures(user) if can_see_team(user) else None)


def team_figures(user: User) -> Team:
    """One query over the workplaces this person manages."""
    today = timezone.localdate()
    now = timezone.now()
    current = Q(posts__start_date__lte=today, posts__user__is_active=True) & (
        Q(posts__end_date=None) | Q(posts__end_date__gte=today)
    )
    waiting = Q(invitations__accepted_at=None, invitations__withdrawn_at=None, invitations__expires_at__gt=now)
    figures = Workplace.objects.managed_by(user).aggregate(
        people=Count("posts__user", filter=current, distinct=True),
        posts_ending=Count("posts", filter=current & Q(posts__end_date__lte=today + ENDING_SOON), distinct=True),
        invitations_waiting=Count("invitations", filter=waiting, distinct=True),
    )
    return Team(**figures)
