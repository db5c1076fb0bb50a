"""Out: entities as the standard's JSON. What is empty is left out; a confidential place is never written."""

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from django.db.models import Model, Prefetch, QuerySet

from directory.models import Location, ServiceAtLocation
from directory.standard.shapes import (
    LOCATION,
    ORGANIZATION,
    SERVICE,
    SERVICE_AT_LOCATION,
    TIME_FORMAT,
    Field,
    Shape,
)

Json = dict[str, Any]

_FETCHED = "fetched_"


def moment(value: dt.datetime) -> str:
    """2023-03-15T10:30:45.123Z: in UTC, to the millisecond."""
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}Z"


def number(value: float | Decimal) -> float | int:
    whole = int(value)
    return whole if whole == value else float(value)


WRITERS: dict[str, Callable[[Any], Any]] = {
    "number": number,
    "money": number,
    "date": dt.date.isoformat,
    "time": lambda value: value.strftime(TIME_FORMAT),
    "datetime": moment,
}


@cache
def _columns(shape: Shape) -> tuple[tuple[str, Callable[[Any], Any], Callable[[Any], Any] | None, bool], ...]:
    def column(field: Field) -> tuple[str, Callable[[Any], Any], Callable[[Any], Any] | None, bool]:
        return field.name, attrgetter(field.at), WRITERS.get(field.kind), field.required

    return tuple(column(field) for field in shape.fields)


def flat(entity: Model, shape: Shape) -> Json:
    """The entity's own fields and the ids of what it points at, without anything within it."""
    document: Json = {"id": str(entity.pk)}
    for name, read, write, required in _columns(shape):
        value = read(entity)
        if value is None or value == "":
            if required:
                document[name] = ""
            continue
        document[name] = write(value) if write else value
    for reference in shape.references:
        value = getattr(entity, reference.attribute)
        if value is not None:
            document[reference.name] = str(value)
    return document


def nested(entity: Model, shape: Shape) -> Json:
    """The entity with all that lies within it. Reads what `prefetched` fetched, and asks for nothing more."""
    document = flat(entity, shape)
    for name, inner in shape.one.items():
        if (one := getattr(entity, name)) is not None:
            document[name] = nested(one, inner)
    for name, (inner, _) in shape.many.items():
        rows = _rows(entity, name)
        if rows:
            document[name] = [nested(row, inner) for row in rows]
    return document


def _rows(entity: Model, name: str) -> list[Any]:
    rows = vars(entity).get(_FETCHED + name)
    if rows is None:
        rows = getattr(entity, name).all()
    if name == "service_at_locations":
        return [row for row in rows if not row.location.confidential]
    return list(rows)


def service_list_item(service: Any) -> Json:
    """A service in a list: its own fields and its organisation's."""
    return flat(service, SERVICE) | {"organization": flat(service.organization, ORGANIZATION)}


def service_at_location_list_item(place: Any) -> Json:
    return flat(place, SERVICE_AT_LOCATION) | {
        "location": flat(place.location, LOCATION),
        "service": service_list_item(place.service),
    }


def service_at_location(place: Any) -> Json:
    """A service at one place, with all of the service but its places."""
    service = nested(place.service, _SERVICE_WITHOUT_PLACES)
    return nested(place, SERVICE_AT_LOCATION) | {"service": service}


def _without(shape: Shape, name: str) -> Shape:
    many = {key: value for key, value in shape.many.items() if key != name}
    return Shape(shape.name, shape.model, shape.fields, shape.references, shape.one, many)


_SERVICE_WITHOUT_PLACES = _without(SERVICE, "service_at_locations")


def prefetched(rows: QuerySet[Any], shape: Shape) -> QuerySet[Any]:
    """The rows with all that `nested` reads: one query for each list of the shape, however many rows there are."""
    return rows.select_related(*_ones(shape)).prefetch_related(*_lists(shape))


def prefetched_places(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Services at locations, with all that `service_at_location` reads."""
    service = [_prefix("service", each) for each in _lists(_SERVICE_WITHOUT_PLACES)]
    rows = rows.select_related("location", "service__organization")
    return rows.prefetch_related(*_lists(SERVICE_AT_LOCATION), *service)


def _ones(shape: Shape, path: str = "") -> Iterable[str]:
    for name, inner in shape.one.items():
        yield path + name
        yield from _ones(inner, f"{path}{name}__")


def _lists(shape: Shape) -> list[Prefetch]:
    lists = []
    for name, (inner, _) in shape.many.items():
        rows = inner.model._default_manager.order_by("pk")
        if inner.model is ServiceAtLocation:
            rows = rows.filter(location__in=Location.objects.public())
        # As a plain list: a manager and a query set for each list of each row would cost more than all the queries.
        lists.append(Prefetch(name, prefetched(rows, inner), to_attr=_FETCHED + name))
    for name, inner in shape.one.items():
        lists += [_prefix(name, each) for each in _lists(inner)]
    return lists


def _prefix(path: str, prefetch: Prefetch) -> Prefetch:
    prefetch.add_prefix(path)
    return prefetch
