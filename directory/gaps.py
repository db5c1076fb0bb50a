"""What is looked for and not found, and what is not there: the gap finder of managers."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.db.models import CharField, Count, F, Func, QuerySet, Sum
from django.utils import timezone

from directory.index import words_of
from directory.models import STALE_AFTER, Need, OutwardCode, SearchEntry, SearchTally
from directory.places import Spot
from directory.search.query import Search
from directory.search.words import NOISE
from linkworkers import geo
from members.models import Role, User, Workplace

MILES = 5
MONTHS = 12  # looked at
KEPT = relativedelta(months=24)
FEW = 5  # searches: fewer might point at somebody
MOST_WORDS = 20  # rows
LONGEST_WORDS = 120  # letters


def record_search(spot: Spot | None, words: str, needs: Sequence[str], *, found: bool) -> None:
    """Counts one search, once for each need it was filtered by. One statement, and nothing about who searched.

    Of the words only those are kept that our listings have, so no name that somebody typed is. A search without a
    known word or a need says nothing, and is not counted. For the first page of a search only, or a robot that turns
    pages would count as a crowd.
    """
    with connection.cursor() as cursor:
        # The ORM cannot add to what is there on conflict, nor pick the known words on the way.
        # Nobody waits for the disk: a count that a power cut loses is no loss.
        cursor.execute(
            """
            SET LOCAL synchronous_commit = off;
            WITH known AS (
                SELECT left(coalesce(string_agg(typed.word, ' ' ORDER BY typed.place), ''), %(longest)s) AS words
                FROM unnest(%(words)s::text[]) WITH ORDINALITY AS typed(word, place)
                JOIN directory_word USING (word)
            )
            INSERT INTO directory_searchtally AS tally (month, outward_code, words, need, searches, without_result)
            SELECT %(month)s, %(code)s, known.words, need, 1, %(missed)s
            FROM known, unnest(%(needs)s::text[]) AS need
            WHERE known.words <> '' OR need <> ''
            ORDER BY need
            ON CONFLICT (month, outward_code, words, need) DO UPDATE
            SET searches = tally.searches + 1, without_result = tally.without_result + excluded.without_result
            """,
            {
                "month": timezone.localdate().replace(day=1),
                "code": spot.outward_code if spot else "",
                "words": [word for word in dict.fromkeys(words_of(words)) if word not in NOISE],
                "needs": list(dict.fromkeys(needs)) or [""],
                "missed": 0 if found else 1,
                "longest": LONGEST_WORDS,
            },
        )


def forget_old_searches() -> None:
    """Deletes what was counted more than 24 months ago."""
    SearchTally.objects.filter(month__lt=timezone.localdate().replace(day=1) - KEPT).delete()


@dataclass(frozen=True)
class Near:
    """How many fresh listings there are within five miles of an outward code."""

    code: str
    listings: int


@dataclass(frozen=True)
class Row:
    """A need in a network's area. `near` has every outward code; `covering` are listings that serve the area."""

    need: str
    label: str
    searches: int
    without_result: int
    near: list[Near]
    covering: int

    @property
    def nowhere(self) -> list[str]:
        """The outward codes near which nobody fresh offers it, when no listing serves the area either."""
        return [] if self.covering else [near.code for near in self.near if not near.listings]

    @property
    def listings(self) -> int:
        """All that are counted here; one that is near two outward codes counts twice."""
        return self.covering + sum(near.listings for near in self.near)

    @property
    def url(self) -> str:
        """The search for it, near the first outward code."""
        return Search(need=(self.need,), near=self.near[0].code if self.near else "").url


@dataclass(frozen=True)
class Missed:
    """Words that were looked for, by how often nothing was found."""

    words: str
    searches: int
    without_result: int


@dataclass(frozen=True)
class Gaps:
    """`unknown` are outward codes whose place nobody has told us: nothing can be near them."""

    codes: list[str]
    unknown: list[str]
    rows: list[Row]
    missed: list[Missed]
    since: dt.date


def networks_of(user: User) -> list[Workplace]:
    """The networks whose gaps this person sees: those that they manage; all for administrators."""
    network = Workplace.Kind.NETWORK
    if user.has_role(Role.ADMINISTRATOR):
        return list(Workplace.objects.filter(kind=network).only("name", "postcode"))
    managed = (post.workplace for post in user.current_posts if post.role == Role.MANAGER)
    return list(dict.fromkeys(workplace for workplace in managed if workplace.kind == network))


def find_gaps(network: Workplace) -> Gaps:
    """The gaps around a network's practices. Six queries, whatever there is.

    What nobody near offers comes first, then what was most often looked for in vain, then what there is least of.
    """
    codes = _outward_codes(network)
    known = list(OutwardCode.objects.filter(code__in=codes))
    fresh_since = timezone.localdate() - STALE_AFTER
    since = timezone.localdate().replace(day=1) - relativedelta(months=MONTHS - 1)
    tallies = SearchTally.objects.filter(outward_code__in=codes, month__gte=since)
    near, covering, searched = _near(known, fresh_since), _covering(known, fresh_since), _searched(tallies)
    rows = [
        Row(
            need=need.value,
            label=str(need.label),
            searches=searched.get(need, (0, 0))[0],
            without_result=searched.get(need, (0, 0))[1],
            near=[Near(place.code, near.get((place.code, need), 0)) for place in known],
            covering=covering.get(need, 0),
        )
        for need in Need
    ]
    rows.sort(key=lambda row: (-len(row.nowhere), -row.without_result, -row.searches, row.listings, row.label))
    unknown = sorted(set(codes) - {place.code for place in known})
    return Gaps(codes=codes, unknown=unknown, rows=rows, missed=_missed(tallies), since=since)


def _outward_codes(network: Workplace) -> list[str]:
    """Those of the network's practices, and its own."""
    postcodes = [network.postcode, *network.practices.values_list("postcode", flat=True)]
    return sorted({code for postcode in postcodes if (code := geo.outward_of(postcode))})


def _near(around: Iterable[OutwardCode], fresh_since: dt.date) -> dict[tuple[str, str], int]:
    """Fresh listings within five miles, by outward code and need."""
    boxes = [(place.code, place.latitude, place.longitude, *_bounds(place)) for place in around]
    code, latitude, longitude, south, west, north, east = zip(*boxes, strict=True) if boxes else ((),) * 7
    with connection.cursor() as cursor:
        # A join with places that no table relates, which the ORM cannot say. A plane is good to a few yards here.
        cursor.execute(
            """
            SELECT place.code, need, count(DISTINCT entry.service_id)
            FROM unnest(%s::text[], %s::float[], %s::float[], %s::float[], %s::float[], %s::float[], %s::float[])
                AS place(code, latitude, longitude, south, west, north, east)
            JOIN directory_searchentry entry
                ON entry.latitude BETWEEN place.south AND place.north
                AND entry.longitude BETWEEN place.west AND place.east
                AND (entry.latitude - place.latitude) ^ 2
                    + ((entry.longitude - place.longitude) * cos(radians(place.latitude))) ^ 2
                    <= ((place.north - place.south) / 2) ^ 2
            CROSS JOIN unnest(entry.needs) AS need
            WHERE entry.fresh_on >= %s
            GROUP BY place.code, need
            """,
            [*map(list, (code, latitude, longitude, south, west, north, east)), fresh_since],
        )
        return {(code, need): listings for code, need, listings in cursor.fetchall()}


def _bounds(place: OutwardCode) -> geo.Box:
    return geo.box(place.latitude, place.longitude, MILES)


def _covering(around: Iterable[OutwardCode], fresh_since: dt.date) -> dict[str, int]:
    """Fresh listings that serve part of the area, by need. National ones serve everybody, and close no gap."""
    areas = {name for place in around for name in (place.code.lower(), *place.areas)}
    rows = (
        SearchEntry.objects.filter(reach=SearchEntry.Reach.AREA, covers__overlap=sorted(areas))
        .filter(fresh_on__gte=fresh_since)
        .annotate(met=Func(F("needs"), function="unnest", output_field=CharField(), set_returning=True))
        .values("met")
        .annotate(listings=Count("service", distinct=True))
        .values_list("met", "listings")
    )
    return dict(rows)


def _searched(tallies: QuerySet[SearchTally]) -> dict[str, tuple[int, int]]:
    rows = tallies.exclude(need="").values("need").annotate(all=Sum("searches"), missed=Sum("without_result"))
    return {row["need"]: (row["all"], row["missed"]) for row in rows}


def _missed(tallies: QuerySet[SearchTally]) -> list[Missed]:
    rows = (
        tallies.exclude(words="")
        .values("words")
        .annotate(all=Sum("searches"), missed=Sum("without_result"))
        .filter(missed__gt=0)
        .order_by("-missed", "words")[:MOST_WORDS]
    )
    return [Missed(row["words"], row["all"], row["missed"]) for row in rows]
