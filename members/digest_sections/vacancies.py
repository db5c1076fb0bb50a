"""What is new among jobs and volunteer roles, for the members' digests."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from members.models import Vacancy


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
