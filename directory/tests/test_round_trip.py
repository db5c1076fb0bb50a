"""In, out and in again: the open standard loses nothing on its way through us."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.db import models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.importing.nodes import ORDER
from directory.models import SearchEntry, Service, Taxonomy, TaxonomyTerm
from directory.standard.read import NEEDED, read
from directory.standard.shapes import SERVICE, TAXONOMY, TAXONOMY_TERM, Field, Shape
from directory.standard.write import moment, nested, prefetched
from directory.tests.feeds import Json, everything, example, examples, take

pytestmark = pytest.mark.django_db


def exported() -> list[Json]:
    """Everything that we hold, as it goes out."""
    services = prefetched(Service.objects.order_by("pk"), SERVICE)
    taxonomies = prefetched(Taxonomy.objects.order_by("pk"), TAXONOMY)
    terms = TaxonomyTerm.objects.filter(taxonomy=None).exclude(taxonomy_name="").order_by("pk")
    return json.loads(
        json.dumps(
            [
                *(nested(each, SERVICE) for each in services),
                *(nested(each, TAXONOMY) for each in taxonomies),
                *(nested(each, TAXONOMY_TERM) for each in terms),
            ]
        )
    )


def standard_rows() -> dict[str, Any]:
    """Every entity without what is ours alone: addresses of pages, and when it came here."""
    ours = ("slug", "code", "created_at", "source")
    rows = everything()
    for row in rows["Service"]:
        row["fields"] = {name: value for name, value in row["fields"].items() if name not in ours}
    return rows


def empty() -> None:
    for model in (SearchEntry, *reversed(ORDER)):
        model._default_manager.all()._raw_delete("default")
    assert not any(everything().values())


def test_the_examples_come_out_as_they_went_in() -> None:
    report = take(examples())
    assert not report.is_refused
    assert report.left_out == {}
    before = standard_rows()
    documents = exported()
    empty()
    assert not take(documents).is_refused
    assert standard_rows() == before
    assert exported() == documents


def test_an_example_is_exported_as_it_is_written() -> None:
    document = example("service_full")
    take([document])
    service = prefetched(Service.objects.all(), SERVICE).get()
    assert nested(service, SERVICE) == document


# --- Documents that nobody thought of

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=60)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXT,
    "email": st.sampled_from(["sal@cafe.example", "o'neill+x@good-neighbours.example", "a@xn--caf-dma.example"]),
    "uri": st.sampled_from(["https://cafe.example", "http://a.example:8080/x?y=1&z=%20#top", "https://[2001:db8::1]/"]),
    "number": st.floats(-180, 180).map(lambda number: number + 0.0),
    "integer": st.integers(0, 2**31 - 1),
    "money": st.decimals(0, 10**9, places=4).map(float),
    "date": st.dates(dt.date(1, 1, 1)).map(dt.date.isoformat),
    "time": st.times().map(lambda time: time.strftime("%H:%M:%S")),
    "datetime": st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)).map(moment),  # noqa: DTZ001
}
IDS = st.uuids(version=4).map(str)


def value_of(shape: Shape, field: Field) -> st.SearchStrategy[Any]:
    column = shape.model._meta.get_field(field.at)
    assert isinstance(column, models.Field)
    if field.kind == "choice":
        return st.sampled_from([value for value, _ in column.flatchoices])
    if field.kind == "text" and column.max_length:
        return TEXT.map(lambda text: text[: column.max_length])
    if field.name == "assured_date":  # no check is of a day to come
        return st.dates(dt.date(1, 1, 1), dt.date(2026, 1, 1)).map(dt.date.isoformat)
    return KINDS[field.kind]


def always(shape: Shape, field: Field) -> bool:
    """What goes out in any case: a name, and what is never empty with us."""
    column = shape.model._meta.get_field(field.at)
    default = column.get_default() if isinstance(column, models.Field) else None
    return (field.required and field.name in NEEDED) or field.name == "last_modified" or default not in ("", None)


def entity(shape: Shape, depth: int = 0) -> st.SearchStrategy[Json]:
    required = {"id": IDS}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for field in shape.fields:
        if always(shape, field):
            required[field.name] = value_of(shape, field)
        else:
            optional[field.name] = value_of(shape, field)
    for name, inner in shape.one.items():
        required[name] = entity(inner, depth + 1)
    for name, (inner, _) in shape.many.items():
        optional[name] = st.lists(entity(inner, depth + 1), min_size=1, max_size=2)
    return st.fixed_dictionaries(required, optional=optional).map(in_order)


def in_order(document: Json) -> Json:
    """Ages the right way round, and lists by id as they go out."""
    youngest, oldest = document.get("minimum_age"), document.get("maximum_age")
    if youngest is not None and oldest is not None and oldest < youngest:
        document["minimum_age"], document["maximum_age"] = oldest, youngest
    for name, value in document.items():
        if isinstance(value, list):
            document[name] = sorted(value, key=lambda row: uuid.UUID(row["id"]).int)
    return document


def completed(document: Json, shape: Shape) -> Json:
    """With what we write even when it is empty."""
    made = {field.name: "" for field in shape.fields if field.required} | document
    for name, inner in shape.one.items():
        made[name] = completed(document[name], inner)
    for name, (inner, _) in shape.many.items():
        if name in document:
            made[name] = [completed(row, inner) for row in document[name]]
    return made


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(entity(SERVICE))
def test_any_listing_comes_out_as_it_went_in(document: Json) -> None:
    report = take([document])
    assert report.refused == []
    found = prefetched(Service.objects.filter(pk=document["id"]), SERVICE).get()
    written = json.loads(json.dumps(nested(found, SERVICE)))
    assert written == completed(document, SERVICE)
    assert take([written]).is_unchanged
    empty()


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "name", "service", "organization", "phones", "services", "term", "location"]),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_a_document_is_it_is_read_or_refused(document: object) -> None:
    reading = read(document)
    assert reading.faults or reading.entries
