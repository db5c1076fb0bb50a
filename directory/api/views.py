"""The nine addresses of the standard."""

import uuid
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from directory.api import narrowing, parameters
from directory.api.door import answer, as_json, endpoint
from directory.api.openapi import describe
from directory.api.pages import page
from directory.api.parameters import Asked
from directory.api.problems import Problem, wrong
from directory.models import Location, PageTally, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm
from directory.standard import write
from directory.standard.shapes import SERVICE, TAXONOMY, TAXONOMY_TERM, Shape
from directory.standard.stream import PIECE, pieces

Json = dict[str, Any]
Write = Callable[[Any], Json]

VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/"
FLAT_PIECE = 1000  # rows of a stream without what lies within them


@endpoint
def about(request: HttpRequest) -> HttpResponse:
    """What this is. The standard's /."""
    parameters.read(request.GET, ())
    openapi = settings.SITE_URL + reverse("oruk_openapi")
    return answer({"version": VERSION, "profile": PROFILE, "openapi_url": openapi})


@endpoint
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of all this for programs."""
    return answer(describe())


@endpoint
def services(request: HttpRequest) -> HttpResponseBase:
    asked = parameters.read(request.GET, parameters.LISTS)
    rows = narrowing.services(asked.narrowing)
    one: Write = write.service_list_item
    if asked.full:
        rows, one = write.prefetched(rows, SERVICE), _whole_service
    elif asked.minimal:
        rows, one = rows.only("name", "status", "last_modified"), _minimal_service
    else:
        rows = rows.select_related("organization")
    return _listed(request, rows, asked, one, "" if asked.narrowing else PageTally.Kind.SERVICE)


@endpoint
def service(request: HttpRequest, service_id: str) -> HttpResponse:
    return _one(request, write.prefetched(Service.objects.all(), SERVICE), service_id, _whole_service)


@endpoint
def service_at_locations(request: HttpRequest) -> HttpResponseBase:
    asked = parameters.read(request.GET, parameters.LISTS)
    rows = narrowing.places(asked.narrowing)
    one: Write = write.service_at_location_list_item
    if asked.full:
        rows, one = write.prefetched_places(rows), write.service_at_location
    elif asked.minimal:
        fields = ("service__name", "service__status", "service__last_modified")
        rows, one = rows.select_related("service").only("service_id", *fields), _minimal_place
    else:
        rows = rows.select_related("location", "service__organization")
    return _listed(request, rows, asked, one, "" if asked.narrowing else PageTally.Kind.SERVICE_AT_LOCATION)


@endpoint
def service_at_location(request: HttpRequest, place_id: str) -> HttpResponse:
    public = ServiceAtLocation.objects.filter(location__in=Location.objects.public())
    return _one(request, write.prefetched_places(public), place_id, write.service_at_location)


@endpoint
def taxonomies(request: HttpRequest) -> HttpResponse:
    return _plain_list(request, Taxonomy.objects.all(), TAXONOMY)


@endpoint
def taxonomy(request: HttpRequest, taxonomy_id: str) -> HttpResponse:
    rows = write.prefetched(Taxonomy.objects.all(), TAXONOMY)
    return _one(request, rows, taxonomy_id, lambda row: write.nested(row, TAXONOMY))


@endpoint
def taxonomy_terms(request: HttpRequest) -> HttpResponse:
    return _plain_list(request, TaxonomyTerm.objects.all(), TAXONOMY_TERM)


@endpoint
def taxonomy_term(request: HttpRequest, term_id: str) -> HttpResponse:
    return _one(request, TaxonomyTerm.objects.all(), term_id, lambda row: write.flat(row, TAXONOMY_TERM))


@endpoint
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """Any other address beneath ours."""
    raise Problem(HTTPStatus.NOT_FOUND, f"There is nothing here. What there is: {reverse('oruk_docs')}")


def _whole_service(row: Service) -> Json:
    return write.nested(row, SERVICE)


def _minimal_service(row: Service) -> Json:
    return {
        "id": str(row.pk),
        "name": row.name,
        "status": row.status,
        "last_modified": write.moment(row.last_modified),
    }


def _minimal_place(row: ServiceAtLocation) -> Json:
    return {"id": str(row.pk), "service": _minimal_service(row.service)}


def _plain_list(request: HttpRequest, rows: QuerySet[Any], shape: Shape) -> HttpResponse:
    asked = parameters.read(request.GET, parameters.PAGING)
    return answer(page(rows, asked, lambda row: write.flat(row, shape)))


def _listed(request: HttpRequest, rows: QuerySet[Any], asked: Asked, one: Write, tally: str) -> HttpResponseBase:
    if not asked.is_stream:
        return answer(page(rows, asked, one, tally))
    size = PIECE if asked.full else FLAT_PIECE
    lines = () if request.method == "HEAD" else _lines(rows, one, size)
    return StreamingHttpResponse(lines, content_type="application/x-ndjson")


def _lines(rows: QuerySet[Any], one: Write, size: int) -> Iterator[str]:
    for piece in pieces(rows, size):
        yield "".join(as_json(one(row)) + "\n" for row in piece)


def _one(request: HttpRequest, rows: QuerySet[Any], id: str, one: Write) -> HttpResponse:
    parameters.read(request.GET, ())
    row = rows.filter(pk=_uuid(id)).first()
    if row is None:
        model: type[Model] = rows.model
        kind = narrowing.KINDS[model]
        other = narrowing.what_it_is(_uuid(id), but=model)
        raise Problem(HTTPStatus.NOT_FOUND, f"We hold nothing that has this id and is {kind}.{other}", parameter="id")
    return answer(one(row))


def _uuid(text: str) -> uuid.UUID:
    try:
        return parameters.read_id(text)
    except ValueError as error:
        raise wrong("id", str(error)) from error
