"""The two questions that a search asks of Postgres, each one statement: the page, the totals and the facets at once.

Measured: within a box on (latitude, longitude) words are cheap, whatever they are. What is dear is to rank or to count
every match in the country, so at most `CANDIDATES` are looked at: the nearest; without a place the freshest, and those
with a word in their name apart from them. Where there are more, the count says "over".
"""

CANDIDATES = 500
NAMED = 200  # candidates, without a place, that have a word in their name
SERVING = 200  # candidates that serve the area

# A stale listing sinks below a fresh one twice as far away; one that is full, or closed for now, a little.
_WORTH = """
    CASE WHEN e.fresh_on >= %(ask)s THEN 1.0 WHEN e.fresh_on >= %(stale)s THEN 0.9 ELSE 0.5 END
    * CASE WHEN e.available THEN 1.0 ELSE 0.7 END
"""

# How well the words fit, from 0.05 to 1: how many of them are there; more when one is in the name, and when it is the
# word that was said and not one that means the same. (ts_rank was tried: it hardly tells a name from a text.)
_FIT = """
    (0.05 + 0.95 * (
        SELECT avg(
            (e.words @@ to_tsquery('directory', word))::int * 0.6
            + (e.words @@ to_tsquery('directory', named))::int * 0.25
            + (e.words @@ to_tsquery('directory', said))::int * 0.15
        ) FROM unnest(%(groups)s::text[], %(named_groups)s::text[], %(said)s::text[]) AS each(word, named, said)
    ) ^ 1.3)
"""

# Two thirds of the worth at 4 miles, half at 8: what fits better may be a little further.
_CLOSENESS = "1.0 / (1.0 + e.miles / 8.0)"

# Good to a few yards at the distances that we search: a plane laid on the place.
_MILES = """
    sqrt((69.09 * (e.latitude - %(latitude)s)) ^ 2 + (%(longitude_miles)s * (e.longitude - %(longitude)s)) ^ 2) AS miles
"""

_FACETS = """
    jsonb_build_object(
        'near', (SELECT count(*) FROM near),
        'area', (SELECT count(*) FROM area),
        'free', (SELECT count(*) FROM hits WHERE free),
        'step_free', (SELECT count(*) FROM hits WHERE step_free),
        'online', (SELECT count(*) FROM hits WHERE online),
        'need', (SELECT jsonb_object_agg(v, n) FROM (SELECT v, count(*) n FROM hits, unnest(needs) v GROUP BY 1) x),
        'language', (SELECT jsonb_object_agg(v, n)
                     FROM (SELECT v, count(*) n FROM hits, unnest(languages) v GROUP BY 1) x),
        'day', (SELECT jsonb_object_agg(v, n) FROM (
            SELECT slot / 3 v, count(DISTINCT service_id) n FROM hits, unnest(slots) slot GROUP BY 1) x),
        'part', (SELECT jsonb_object_agg(v, n) FROM (
            SELECT slot %% 3 v, count(DISTINCT service_id) n FROM hits, unnest(slots) slot
            WHERE %(day)s IS NULL OR slot / 3 = %(day)s GROUP BY 1) x)
    )
"""

_ANSWER = f"""
    hits AS (SELECT * FROM near UNION ALL SELECT * FROM area)
    (SELECT 'near', service_id, latitude, longitude, miles, fresh_on, card::text FROM near
     ORDER BY score DESC, miles, service_id LIMIT %(near_size)s OFFSET %(near_offset)s)
    UNION ALL
    (SELECT 'area', service_id, NULL, NULL, NULL, fresh_on, card::text FROM area
     ORDER BY score DESC, service_id LIMIT %(area_size)s OFFSET %(area_offset)s)
    UNION ALL
    SELECT 'facets', NULL, NULL, NULL, NULL, NULL, {_FACETS}::text
"""  # noqa: S608 - only the texts above

_COLUMNS = "service_id, latitude, longitude, miles, fresh_on, card, free, step_free, online, needs, languages, slots"


def near(filters: str, *, words: bool) -> str:
    """What is within the box around a place, nearest first, and what serves its area. `filters` are conditions on e."""
    matching = "AND e.words @@ to_tsquery('directory', %(any)s)" if words else ""
    fit = _FIT if words else "1.0"
    return f"""
        WITH near AS MATERIALIZED (
            SELECT DISTINCT ON (e.service_id) {_qualified()}, {fit} * {_CLOSENESS} * {_WORTH} AS score
            FROM (
                SELECT e.*, {_MILES} FROM directory_searchentry e
                WHERE e.reach = 0 AND e.latitude BETWEEN %(south)s AND %(north)s
                    AND e.longitude BETWEEN %(west)s AND %(east)s {matching} {filters}
                ORDER BY miles LIMIT {CANDIDATES + 1}
            ) e
            WHERE e.miles <= %(within)s
            ORDER BY e.service_id, e.miles
        ), area AS MATERIALIZED (
            SELECT {_qualified()}, {fit} * {_WORTH} * CASE WHEN e.reach = 1 THEN 1.0 ELSE 0.55 END AS score
            FROM (
                SELECT e.*, NULL::float AS miles FROM directory_searchentry e
                WHERE e.reach > 0 AND e.covers && %(areas)s::varchar[] {matching} {filters}
                ORDER BY e.reach, e.fresh_on DESC LIMIT {SERVING + 1}
            ) e
            WHERE e.service_id NOT IN (SELECT service_id FROM near)
        ), {_ANSWER}
    """  # noqa: S608 - texts of this file, and of the filters beside it


def anywhere(filters: str, *, words: bool, several: bool) -> str:
    """What fits in the whole country. `several` words are looked for together, and each alone."""
    branches = [_freshest("AND e.words @@ to_tsquery('directory', %(all)s)" if words else "", filters, CANDIDATES + 1)]
    if words:
        branches.append(_freshest("AND e.words @@ to_tsquery('directory', %(named)s)", filters, NAMED))
    if several:
        branches.append(_freshest("AND e.words @@ to_tsquery('directory', %(any)s)", filters, NAMED))
    fit = _FIT if words else "1.0"
    return f"""
        WITH near AS MATERIALIZED (
            SELECT DISTINCT ON (e.service_id) {_qualified()},
                {fit} * {_WORTH} * CASE WHEN e.reach = 2 THEN 1.15 ELSE 1.0 END AS score
            FROM ({" UNION ".join(f"({branch})" for branch in branches)}) c
            JOIN (SELECT *, NULL::float AS miles FROM directory_searchentry) e ON e.id = c.id
            ORDER BY e.service_id, e.reach DESC, e.id
        ), area AS MATERIALIZED (SELECT * FROM near WHERE false), {_ANSWER}
    """  # noqa: S608 - texts of this file, and of the filters beside it


def _freshest(matching: str, filters: str, most: int) -> str:
    """Index order for frequent words, the words' index for rare ones: Postgres chooses by how frequent they are."""
    return f"""
        SELECT e.id FROM directory_searchentry e WHERE true {matching} {filters}
        ORDER BY e.fresh_on DESC, e.id LIMIT {most}
    """  # noqa: S608 - as above


def _qualified() -> str:
    return ", ".join(f"e.{column}" for column in _COLUMNS.split(", "))
