"""Who is new in the member's region: people who are listed for other members, and nobody else."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.urls import reverse

from members import permissions
from members.digest_sections._section import Line, Section
from members.models import Membership, Profile, Region

MOST = 5  # names


def section(members: Sequence[Membership], since: Mapping[int, dt.datetime]) -> dict[int, Section]:
    """Two queries: whoever was listed since then in the regions of these members, and who has blocked whom."""
    regions = {member.region for member in members if member.region}
    if not regions:
        return {}
    listed = Profile.objects.listed().filter(listed_at__gte=min(since.values()), user__membership__region__in=regions)
    new: dict[str, list[Profile]] = defaultdict(list)
    for profile in listed.select_related("user__membership").defer("about", "words").order_by("-listed_at", "pk"):
        new[profile.user.membership.region].append(profile)
    writers = {profile.user_id for profiles in new.values() for profile in profiles}
    shut_out = permissions.shut_out(readers=since.keys(), writers=writers)
    found = {}
    for member in members:
        user = member.user_id
        seen = [
            profile
            for profile in new.get(member.region, ())
            if user and profile.user_id != user and profile.listed_at and profile.listed_at >= since[user]
            if (user, profile.user_id) not in shut_out
        ]
        if user and seen:
            found[user] = _said(member.region, seen)
    return found


def _said(region: str, profiles: list[Profile]) -> Section:
    count = len(profiles)
    lines = [
        Line(
            f"{profile.user}, {profile.headline}" if profile.headline else str(profile.user),
            reverse("member_profile", args=[profile.key]),
        )
        for profile in profiles[:MOST]
    ]
    if count > MOST:
        lines.append(Line(f"and {count - MOST} more", f"{reverse('people')}?region={region}"))
    people = "1 new member" if count == 1 else f"{count} new members"
    return Section(f"New among the members in your region, {Region(region).label}", f"{people} in your region", lines)
