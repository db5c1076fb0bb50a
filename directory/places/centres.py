"""Centres of outward codes: learned from addresses, and found inside a polygon."""

import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from linkworkers.geo import UNITED_KINGDOM

LONGEST_EXTENT = 5_000_000  # characters of GeoJSON: a county's outline to the metre has fewer

# `linkworkers.geo.fold`, in Postgres.
_FOLDED = "btrim(regexp_replace(translate(lower(unaccent(label)), '''.', ''), '[^a-z0-9]+', ' ', 'g'))"

# What no address of ours tells any more is forgotten in the same statement: a place that has become confidential
# must not be read from the centre that it left behind.
_LEARN = f"""
    WITH known AS (
        SELECT upper(substring(
                regexp_replace(a.postal_code, '\\s', '', 'g')
                from '(?i)^([A-Z]{{1,2}}[0-9][A-Z0-9]?)(?:[0-9][A-Z]{{2}})?$')) AS code,
            l.latitude, l.longitude, a.city, a.region, a.state_province
        FROM directory_address a JOIN directory_location l ON l.id = a.location_id
        WHERE NOT l.confidential
            AND l.latitude BETWEEN %(south)s AND %(north)s AND l.longitude BETWEEN %(west)s AND %(east)s
    ), labels AS (
        SELECT DISTINCT code, area FROM known
        CROSS JOIN LATERAL unnest(ARRAY[city, region, state_province]) AS label
        CROSS JOIN LATERAL unnest(ARRAY[lower(btrim(label)), {_FOLDED}]) AS area
        WHERE length(area) BETWEEN 1 AND 200
    ), found AS (
        SELECT code, avg(latitude) AS latitude, avg(longitude) AS longitude,
            mode() WITHIN GROUP (ORDER BY btrim(city)) AS name,
            ARRAY(SELECT area FROM labels WHERE labels.code = known.code ORDER BY area) AS areas
        FROM known WHERE code IS NOT NULL AND (%(all)s OR code = ANY(%(codes)s)) GROUP BY code
    ), forgotten AS (
        DELETE FROM directory_outwardcode o
        WHERE o.source = 'learned' AND (%(all)s OR o.code = ANY(%(codes)s))
            AND NOT EXISTS (SELECT FROM found WHERE found.code = o.code)
    )
    INSERT INTO directory_outwardcode AS o (code, latitude, longitude, name, areas, source)
    SELECT code, latitude, longitude, name, areas, 'learned' FROM found ORDER BY code
    ON CONFLICT (code) DO UPDATE
    SET latitude = excluded.latitude, longitude = excluded.longitude, name = excluded.name, areas = excluded.areas
    WHERE o.source = 'learned'
"""  # noqa: S608 - nothing of it was typed by anybody


def learn(outward_codes: Iterable[str] | None = None) -> None:
    """Set the centres of outward codes, or of all, from the addresses we hold; those that a file gave stay as they are.

    Reads every address that is not confidential and has a plausible position, in one statement. The towns and counties
    of the addresses become the areas.
    """
    box = UNITED_KINGDOM._asdict()
    codes = [] if outward_codes is None else sorted({code.upper() for code in outward_codes})
    with connection.cursor() as cursor:
        cursor.execute(_LEARN, {**box, "all": outward_codes is None, "codes": codes})


def areas_covering(polygon: str) -> set[str]:
    """The outward codes, in lower case as `areas` and `covers` hold them, whose centre lies in a GeoJSON polygon.

    Reads Polygon and MultiPolygon, alone, as a Feature or as a collection of these; holes are taken as full. Empty for
    a text that is none of them.
    """
    try:
        rings = list(_outlines(json.loads(polygon))) if len(polygon) <= LONGEST_EXTENT else []
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        return set()  # whoever typed the extent, or the feed that it came in, wrote something else
    if not rings:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lower(code) FROM directory_outwardcode WHERE point(longitude, latitude) <@ ANY(%s::polygon[])",
            [rings],
        )
        return {code for (code,) in cursor.fetchall()}


def _outlines(shape: dict[str, Any]) -> Iterator[str]:
    """The outer rings of a GeoJSON object, as Postgres writes a polygon."""
    match shape["type"]:
        case "Polygon":
            yield _ring(shape["coordinates"][0])
        case "MultiPolygon":
            yield from (_ring(polygon[0]) for polygon in shape["coordinates"])
        case "Feature":
            yield from _outlines(shape["geometry"])
        case "FeatureCollection":
            yield from (ring for each in shape["features"] for ring in _outlines(each))
        case "GeometryCollection":
            yield from (ring for each in shape["geometries"] for ring in _outlines(each))


def _ring(positions: list[list[float]]) -> str:
    points = [(float(longitude), float(latitude)) for longitude, latitude, *_ in positions]
    if len(points) < 4 or not all(map(math.isfinite, (number for point in points for number in point))):
        raise ValueError("A ring has four positions or more, the last of them its first.")
    return f"({','.join(map(str, points))})"
