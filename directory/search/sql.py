"""The two questions that a search asks of Postgres, each one statement: the page, the totals and the facets at once.

Measured: within a box on (latitude, longitude) words are cheap, whatever they are. What is dear is to rank or to count
every match in the country, so a few hundred are looked at: the nearest; without a place the freshest, and those with a
word in their name apart from them. Where there are more, the count says "over".
"""

CANDIDATES = 500
ANYWHERE = 200  # candidates without a place
NAMED = 100  # and of those that have a word in their name
SERVING = 200  # candidates that serve the area
NATIONAL = 50  # and of those that serve the whole nation

# What has no door (the telephone, a visit at home, a video call) is as step-free as can be.
STEP_FREE = "({0}step_free OR {0}reach > 0)"

# A stale listing sinks below a fresh one twice as far away; one that is full, or closed for now, a little.
_WORTH = """
    CASE WHEN e.fresh_on >= %(ask)s THEN 1.0 WHEN e.fresh_on >= %(stale)s THEN 0.9 ELSE 0.5 END
    * CASE WHEN e.available THEN 1.0 ELSE 0.7 END
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
        'step_free', (SELECT count(*) FROM hits WHERE step_free OR reach > 0),
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
    SELECT part, service_id, page.latitude, page.longitude, page.miles, page.fresh_on, shown.card::text, score FROM (
        (SELECT 'near' AS part, id, latitude, longitude, miles, fresh_on, score FROM near
         ORDER BY score DESC, miles, service_id LIMIT %(near_size)s OFFSET %(near_offset)s)
        UNION ALL
        (SELECT 'area', id, NULL, NULL, NULL, fresh_on, score FROM area
         ORDER BY score DESC, service_id LIMIT %(area_size)s OFFSET %(area_offset)s)
    ) page JOIN directory_searchentry shown USING (id)
    UNION ALL
    SELECT 'facets', NULL, NULL, NULL, NULL, NULL, {_FACETS}::text, NULL
    ORDER BY score DESC NULLS LAST, miles, service_id
"""  # noqa: S608 - only the texts above

# What is carried along; the card, which only a page shows, is fetched for its rows.
_COLUMNS = (
    "id, service_id, reach, latitude, longitude, miles, fresh_on, free, step_free, online, needs, languages, slots"
)


def fit(words: int) -> str:
    """How well an entry fits that many words, from 0.05 to 1: how many of them are there; more when one is in the name,
    and when it is the word that was said and not one that means the same.

    Written out word by word, so that Postgres reads each tsquery once and not once for each row.
    """
    if not words:
        return "1.0"
    each = (
        f"(e.words @@ %(word{n})s::tsquery)::int * CASE WHEN e.words @@ %(said{n})s::tsquery THEN 0.75 ELSE 0.6 END"
        f" + (e.words @@ %(named{n})s::tsquery)::int * 0.25"
        for n in range(words)
    )
    return f"(0.05 + 0.95 * (({' + '.join(each)}) / {words}) ^ 1.3)"


def near(filters: str, *, words: int) -> str:
    """What is within the box around a place, nearest first, and what serves its area. `filters` are conditions on e."""
    # As a function, which no index answers: where little is left by the place, the words of the whole country are dear.
    here = " AND ts_match_vq(e.words, %(any)s::tsquery)" if words else ""
    anywhere = " AND e.words @@ %(any)s::tsquery" if words else ""
    fits = fit(words)
    return f"""
        WITH near AS MATERIALIZED (
            SELECT DISTINCT ON (e.service_id) {_qualified()}, {fits} * {_CLOSENESS} * {_WORTH} AS score
            FROM (
                SELECT e.*, {_MILES} FROM directory_searchentry e
                WHERE e.reach = 0 AND e.latitude BETWEEN %(south)s AND %(north)s
                    AND e.longitude BETWEEN %(west)s AND %(east)s {filters} {here}
                ORDER BY miles LIMIT {CANDIDATES + 1}
            ) e
            WHERE e.miles <= %(within)s
            ORDER BY e.service_id, e.miles
        ), area AS MATERIALIZED (
            SELECT {_qualified()}, {fits} * {_WORTH} * CASE WHEN e.reach = 1 THEN 1.0 ELSE 0.55 END AS score
            FROM (
                ({_serving(1, filters + here, SERVING + 1)}) UNION ALL ({_serving(2, anywhere + filters, NATIONAL)})
            ) e
            WHERE e.service_id NOT IN (SELECT service_id FROM near)
        ), {_ANSWER}
    """  # noqa: S608 - texts of this file, and of the filters beside it


def anywhere(filters: str, *, words: int) -> str:
    """What fits in the whole country. Several words are looked for together, and each alone."""
    branches = [_freshest("AND e.words @@ %(all)s::tsquery" if words else "", filters, ANYWHERE + 1)]
    if words:
        branches.append(_freshest("AND e.words @@ %(named)s::tsquery", filters, NAMED))
    if words > 1:
        branches.append(_freshest("AND e.words @@ %(any)s::tsquery", filters, NAMED))
    fits = fit(words)
    return f"""
        WITH near AS MATERIALIZED (
            SELECT DISTINCT ON (e.service_id) {_qualified()},
                {fits} * {_WORTH} * CASE WHEN e.reach = 2 THEN 1.15 ELSE 1.0 END AS score
            FROM ({" UNION ".join(f"({branch})" for branch in branches)}) c
            JOIN (SELECT *, NULL::float AS miles FROM directory_searchentry) e ON e.id = c.id
            ORDER BY e.service_id, e.reach DESC, e.id
        ), area AS MATERIALIZED (SELECT * FROM near WHERE false), {_ANSWER}
    """  # noqa: S608 - texts of this file, and of the filters beside it


def _serving(reach: int, conditions: str, most: int) -> str:
    return f"""
        SELECT e.*, NULL::float AS miles FROM directory_searchentry e
        WHERE e.reach = {reach} AND e.covers && %(areas)s::varchar[] {conditions}
        ORDER BY e.fresh_on DESC LIMIT {most}
    """  # noqa: S608 - as above


def _freshest(matching: str, filters: str, most: int) -> str:
    """Index order for frequent words, the words' index for rare ones: Postgres chooses by how frequent they are."""
    return f"""
        SELECT e.id FROM directory_searchentry e WHERE true {matching} {filters}
        ORDER BY e.fresh_on DESC, e.id LIMIT {most}
    """  # noqa: S608 - as above


def _qualified() -> str:
    return ", ".join(f"e.{column}" for column in _COLUMNS.split(", "))
