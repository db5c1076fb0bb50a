"""Who is new in the member's region: people who are listed for other members, and nobody else."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from members.digest_sections._section import Line, Section
from members.models import Membership, Profile, Region

MOST = 5  # names


def section(members: Sequence[Membership], since: Mapping[int, dt.datetime]) -> dict[int, Section]:
    """One query: whoever was listed since then, in the regions of these members."""
    regions = {member.region for member in members if member.region}
    if not regions:
        return {}
    listed = Profile.objects.filter(
        is_listed=True,
        listed_at__gte=min(since.values()),
        user__is_active=True,
        user__membership__in=Membership.objects.in_force().filter(region__in=regions).order_by().values("pk"),
    )
    columns = ("user__membership__region", "user", "user__name", "listed_at")
    new: dict[str, list[tuple[int, str, dt.datetime]]] = defaultdict(list)
    for region, user, name, listed_at in listed.order_by("-listed_at", "pk").values_list(*columns):
        new[region].append((user, name, listed_at))
    found = {}
    for member in members:
        names = [
            name
            for user, name, listed_at in new.get(member.region, ())
            if user != member.user_id and listed_at >= since[member.user_id]  # type: ignore[index]
        ]
        if names:
            found[member.user_id] = _said(Region(member.region).label, names)
    return found  # type: ignore[return-value]


def _said(region: str, names: list[str]) -> Section:
    count = len(names)
    lines = [Line(name) for name in names[:MOST]]
    if count > MOST:
        lines.append(Line(f"and {count - MOST} more"))
    people = "1 new member" if count == 1 else f"{count} new members"
    return Section(f"New among the members in your region, {region}", f"{people} in your region", lines)
