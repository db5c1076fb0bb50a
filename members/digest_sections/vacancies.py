"""What is new among jobs and volunteer roles, for the members' digests."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from members.digest_sections._section import Line, Section, by_since
from members.models import Membership, Vacancy


def section(members: Sequence[Membership], since: Mapping[int, dt.datetime]) -> dict[int, Section]:
    """Jobs and volunteer roles of each member's region, of everywhere for whoever has none. One query for each moment
    since when something is news, of which there are a few.
    """
    found = {}
    for moment, some in by_since(members, since):
        of_region = {
            region: _said(new)
            for region, new in new_vacancies(moment, {member.region for member in some}).items()
            if new
        }
        for member in some:
            if member.user_id and member.region in of_region:
                found[member.user_id] = of_region[member.region]
    return found


def _said(new: list[Vacancy]) -> Section:
    lines = [Line(f"{each.title}, {each.organization} ({each.place})", each.get_absolute_url()) for each in new]
    return Section("Jobs and volunteer roles", new[0].title, lines)


def new_vacancies(since: dt.datetime, regions: Iterable[str], *, most: int = 10) -> dict[str, list[Vacancy]]:
    """What became public since then and is still open, for each of these regions; "" asks for all of them.

    What is done from home, anywhere, is in every region. At most `most` a region, the newest first. One query.
    """
    asked = set(regions)
    new = Vacancy.objects.open().filter(published_at__gte=since).select_related("pay_band").defer("about", "words")
    if "" not in asked:
        new = new.filter(Q(region__in=asked) | Q(setting=Vacancy.Setting.REMOTE))
    found: dict[str, list[Vacancy]] = {region: [] for region in asked}
    for vacancy in new.order_by("-published_at", "-pk"):
        anywhere = vacancy.setting == Vacancy.Setting.REMOTE
        for region, listed in found.items():
            if len(listed) < most and (anywhere or region in ("", vacancy.region)):
                listed.append(vacancy)
    return found
