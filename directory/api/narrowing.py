"""From what was asked to the rows that it leaves."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, FloatField, Model, Q, QuerySet
from django.db.models.functions import ASin, Cos, Power, Radians, Sin, Sqrt

from directory.api.problems import wrong
from directory.facts import WHOLE
from directory.models import (
    CONFIGURATION,
    Address,
    Attribute,
    Location,
    Organization,
    Schedule,
    SearchEntry,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from directory.places import Spot, locate
from linkworkers import geo

Asked = Mapping[str, Any]

WEEK_DAYS = {code: number for number, code in enumerate(("SU", "MO", "TU", "WE", "TH", "FR", "SA"), start=1)}
KINDS: dict[type[Model], str] = {
    Taxonomy: "a taxonomy",
    TaxonomyTerm: "a taxonomy term",
    Organization: "an organisation",
    Service: "a service",
    ServiceAtLocation: "a service at a location",
}


def services(asked: Asked) -> QuerySet[Service]:
    """The services that all of `asked` leave. Raises Problem for an id that is not what its parameter takes."""
    rows = _narrowed(asked)
    if _asks_when(asked):
        when = _schedules(asked)
        public = ServiceAtLocation.objects.filter(location__in=Location.objects.public())
        of_places = public.filter(schedules__in=when).values("service")
        rows = rows.filter(pk__in=when.exclude(service=None).values("service").union(of_places))
    if spot := _spot(asked):
        near = ServiceAtLocation.objects.filter(location__in=_locations(asked, spot)).values("service")
        rows = rows.filter(pk__in=near if "proximity" in asked else near.union(_covering(spot)))
    return rows


def places(asked: Asked) -> QuerySet[ServiceAtLocation]:
    """The services at public locations that all of `asked` leave: when and where are those of the place."""
    rows = ServiceAtLocation.objects.filter(location__confidential=False)
    about_services = {name: value for name, value in asked.items() if name in FILTERS}
    if about_services:
        rows = rows.filter(service__in=_narrowed(about_services).order_by().values("pk"))
    if _asks_when(asked):
        when = _schedules(asked)
        of_services = ServiceAtLocation.objects.filter(service__in=when.exclude(service=None).values("service"))
        own = when.exclude(service_at_location=None).values("service_at_location")
        rows = rows.filter(pk__in=own.union(of_services.values("pk")))
    if spot := _spot(asked):
        near = ServiceAtLocation.objects.filter(location__in=_locations(asked, spot)).values("pk")
        covering = ServiceAtLocation.objects.filter(service__in=_covering(spot)).values("pk")
        rows = rows.filter(pk__in=near if "proximity" in asked else near.union(covering))
    return rows


def what_it_is(id: uuid.UUID, *, but: type[Model]) -> str:
    """Which other kind of entity has this id, as a sentence to add; nothing when none has that may be told of."""
    for model, kind in KINDS.items():
        rows = places({}) if model is ServiceAtLocation else model._default_manager.all()
        if model is not but and rows.filter(pk=id).exists():
            return f" It is the id of {kind}."
    return ""


def _searched(words: str) -> Q:
    query = SearchQuery(words, config=CONFIGURATION, search_type="websearch")
    return Q(pk__in=SearchEntry.objects.filter(words=query).values("service"))


def _with_term(id: uuid.UUID) -> Q:
    _check(TaxonomyTerm, id, "taxonomy_term_id")
    return Q(pk__in=Attribute.objects.filter(taxonomy_term=id).values("service"))


def _with_taxonomy(id: uuid.UUID) -> Q:
    _check(Taxonomy, id, "taxonomy_id")
    return Q(pk__in=Attribute.objects.filter(taxonomy_term__taxonomy=id).values("service"))


def _of_organization(id: uuid.UUID) -> Q:
    _check(Organization, id, "organization_id")
    return Q(organization=id)


FILTERS: dict[str, Callable[[Any], Q]] = {
    "search": _searched,
    "taxonomy_term_id": _with_term,
    "taxonomy_id": _with_taxonomy,
    "organization_id": _of_organization,
    "minimum_age": lambda years: Q(minimum_age__gte=years),
    "maximum_age": lambda years: Q(maximum_age__lte=years),
    "modified_after": lambda moment: Q(last_modified__gte=moment),
}


def _narrowed(asked: Asked) -> QuerySet[Service]:
    rows = Service.objects.all()
    for name, value in asked.items():
        if name in FILTERS:
            rows = rows.filter(FILTERS[name](value))
    return rows


def _check(model: type[Model], id: uuid.UUID, parameter: str) -> None:
    if not model._default_manager.filter(pk=id).exists():
        raise wrong(parameter, f"We hold nothing that has this id and is {KINDS[model]}.{what_it_is(id, but=model)}")


def _asks_when(asked: Asked) -> bool:
    return not asked.keys().isdisjoint({"start_time", "end_time", "day"})


def _schedules(asked: Asked) -> QuerySet[Schedule]:
    rows = Schedule.objects.all()
    if "start_time" in asked:
        rows = rows.filter(opens_at__gte=asked["start_time"])
    if "end_time" in asked:
        rows = rows.filter(closes_at__lte=asked["end_time"])
    if day := asked.get("day"):
        # Without byday a weekly rule, or a single day, is on the weekday of its start: RFC 5545.
        on_its_first_day = Q(byday="", bymonthday="", dtstart__week_day=WEEK_DAYS[day])
        rows = rows.filter(Q(byday__icontains=day) | on_its_first_day & ~Q(freq=Schedule.Frequency.MONTHLY))
    return rows


def _spot(asked: Asked) -> Spot | None:
    if "postcode" not in asked:
        return None
    spot = locate(asked["postcode"])
    if spot is None:
        raise wrong("postcode", "We do not know where this postcode is.")
    return spot


def _covering(spot: Spot) -> QuerySet[Any]:
    """The ids of services whose area covers the place."""
    entries = SearchEntry.objects.filter(covers__overlap=[*spot.areas, spot.outward_code.lower(), WHOLE])
    # Asked apart, for each has an index of its own.
    of_nations = entries.filter(reach=SearchEntry.Reach.NATION).values("service")
    return entries.filter(reach=SearchEntry.Reach.AREA).values("service").union(of_nations)


def _locations(asked: Asked, spot: Spot) -> QuerySet[Any]:
    """The ids of public locations within the distance or, where none is asked for, in the same outward code."""
    if "proximity" in asked:
        return _within(spot, asked["proximity"]).values("pk")
    inside = Address.objects.filter(postal_code__istartswith=f"{spot.outward_code} ", location__confidential=False)
    return inside.values("location")


def _within(spot: Spot, metres: int) -> QuerySet[Location]:
    miles = geo.to_miles(metres)
    south, west, north, east = geo.box(spot.latitude, spot.longitude, miles)
    chord = Power(Sin(Radians(F("latitude") - spot.latitude) / 2.0), 2) + Cos(Radians(F("latitude"))) * Cos(
        Radians(spot.latitude)
    ) * Power(Sin(Radians(F("longitude") - spot.longitude) / 2.0), 2)
    distance = 2 * geo.EARTH_RADIUS * ASin(Sqrt(chord, output_field=FloatField()))
    rows = Location.objects.public().filter(latitude__range=(south, north), longitude__range=(west, east))
    return rows.alias(miles=distance).filter(miles__lte=miles)
