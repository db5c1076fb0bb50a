"""From what somebody typed to a place on the map."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from django.db.models import F, FloatField, Q
from django.db.models.functions import Lower, Power

from directory.models import OutwardCode, Postcode
from linkworkers import geo

LONGEST = 100  # characters: more than any place's name
MOST = 500  # outward codes: what is wider than that, a nation, is nowhere in particular
ONE_PLACE = 30  # miles: namesakes further off are another place
NEAREST = 20  # miles: nobody's own outward code is further off


@dataclass(frozen=True)
class Spot:
    """A position to measure distances from, in degrees, and the areas around it.

    `areas` is what `SearchEntry.covers` is compared with: outward codes, names and codes, all in lower case. `exact`
    is false when what was asked for is not known and `label` names what stands in for it.
    """

    latitude: float
    longitude: float
    label: str
    outward_code: str
    areas: tuple[str, ...]
    exact: bool


def locate(text: str) -> Spot | None:
    """The place that somebody typed: a postcode, an outward code, a name, or "latitude,longitude" in degrees.

    None when nobody knows where that is. Two queries at most, whatever the text.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST or "\0" in text:
        return None
    if position := _position(text):
        return _at(*position)
    if outward_code := geo.outward_of(text):
        return _coded(geo.normalise_postcode(text), outward_code)
    return _named(text)


def _position(text: str) -> tuple[float, float] | None:
    first, _, second = text.partition(",")
    try:
        return float(first), float(second)
    except ValueError:
        return None


def _at(latitude: float, longitude: float) -> Spot | None:
    if not geo.in_the_united_kingdom(latitude, longitude):
        return None
    south, west, north, east = geo.box(latitude, longitude, NEAREST)
    squeeze = (east - west) / (north - south)  # how much shorter a degree of longitude is here
    distance = Power(F("latitude") - latitude, 2, output_field=FloatField()) + Power(
        (F("longitude") - longitude) / squeeze, 2, output_field=FloatField()
    )
    nearest = OutwardCode.objects.filter(latitude__range=(south, north), longitude__range=(west, east))
    around = nearest.order_by(distance).first()
    return Spot(
        latitude,
        longitude,
        label="where you are",
        outward_code=around.code if around else "",
        areas=_areas([around] if around else []),
        exact=True,
    )


def _coded(code: str | None, outward_code: str) -> Spot | None:
    postcode = Postcode.objects.filter(pk=code).first() if code else None
    around = OutwardCode.objects.filter(pk=outward_code).first()
    if postcode:
        areas = _areas([around]) if around else (outward_code.lower(),)
        return Spot(postcode.latitude, postcode.longitude, postcode.code, outward_code, areas, exact=True)
    if around:
        return Spot(around.latitude, around.longitude, outward_code, outward_code, _areas([around]), exact=code is None)
    return None


def _named(text: str) -> Spot | None:
    """A name, or as in "Newport, Shropshire" a name and areas that it lies in."""
    names = [name for name in map(geo.fold, text.split(",")) if name]
    if not names:
        return None
    name = names[0]
    called_so = Q(lower_name=name, areas__contains=names[1:]) if names[1:] else Q(lower_name=name)
    known = OutwardCode.objects.alias(lower_name=Lower("name")).filter(called_so | Q(areas__contains=names))
    found = list(known[: MOST + 1])
    if not found or len(found) > MOST:
        return None
    called = [each for each in found if geo.fold(each.name) == name]
    place = _largest(called or found)
    middle = _middle(place)
    central = min(place, key=lambda each: geo.miles_between(*middle, each.latitude, each.longitude))
    label = central.name if called else text
    return Spot(*middle, label=label, outward_code=central.code, areas=_areas(place), exact=True)


def _largest(namesakes: Sequence[OutwardCode]) -> list[OutwardCode]:
    """Of places that share a name the one with most outward codes, as against all of them and the sea between."""
    cells = Counter(_cell(each) for each in namesakes)
    fullest = max(cells, key=lambda cell: (cells[cell], cell))
    middle = _middle([each for each in namesakes if _cell(each) == fullest])
    near = [each for each in namesakes if geo.miles_between(*middle, each.latitude, each.longitude) <= ONE_PLACE]
    return near or list(namesakes)


def _cell(place: OutwardCode) -> tuple[int, int]:
    """Thirty miles of the map or so."""
    return round(place.latitude * 2.3), round(place.longitude * 1.4)


def _middle(places: Sequence[OutwardCode]) -> tuple[float, float]:
    return fmean(each.latitude for each in places), fmean(each.longitude for each in places)


def _areas(places: Sequence[OutwardCode]) -> tuple[str, ...]:
    return tuple(sorted({each.code.lower() for each in places} | {area for each in places for area in each.areas}))
