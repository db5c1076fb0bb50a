"""The description of the API for programs: OpenAPI 3.1, made of the tables that it reads and writes by."""

from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse

from directory.api.parameters import LISTS, PAGING, Parameter
from directory.api.throttle import BULK, PAGES
from directory.dumps import LICENCE
from directory.models import Location, Schedule, Service
from directory.standard.shapes import (
    LOCATION,
    ORGANIZATION,
    SERVICE,
    SERVICE_AT_LOCATION,
    TAXONOMY,
    TAXONOMY_TERM,
    Field,
    Shape,
)

Json = dict[str, Any]

JSON, LINES, PROBLEM = "application/json", "application/x-ndjson", "application/problem+json"
FORMATS: dict[str, Json] = {
    "text": {"type": "string"},
    "email": {"type": "string", "format": "email"},
    "uri": {"type": "string", "format": "uri"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "money": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "time"},
    "datetime": {"type": "string", "format": "date-time"},
}
CHOICES: dict[str, list[str]] = {
    "status": Service.Status.values,
    "location_type": Location.Type.values,
    "address_type": Location.Type.values,
    "freq": Schedule.Frequency.values,
}
ID: Json = {"type": "string", "format": "uuid"}


@cache
def describe() -> Json:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Link Workers: the open directory",
            "version": "HSDS-UK-3.0",
            "description": "Groups and services that help people, in the Open Referral UK 3.0 standard (HSDS-UK). No "
            f"key is needed. {PAGES.amount} requests a minute from one address, of which {BULK.amount} "
            "for whole records in lists or for a stream. What is empty is left out.",
            "license": {"name": LICENCE.name, "url": LICENCE.url},
        },
        "servers": [{"url": settings.SITE_URL + reverse("oruk").rstrip("/")}],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "parameters": {parameter.name: _parameter(parameter) for parameter in LISTS},
            "responses": {
                name: _response(says, _reference("Problem"), PROBLEM)
                for name, says in {
                    "BadRequest": "Something that was asked makes no sense. `parameter` names it.",
                    "NotFound": "There is nothing with this id.",
                    "TooMany": "Too many requests from this address: Retry-After says when to ask again, in seconds.",
                }.items()
            },
        },
    }


def _paths() -> Json:
    whole_page, page = _reference("ServiceWholePage"), _reference("ServicePage")
    return {
        "/": _get("getApi", "What this is: its version, its profile and this description.", _reference("About")),
        "/services": _get(
            "listServices",
            "Services, of every status, with their organisations.",
            {"anyOf": [page, whole_page]},
            LISTS,
            lines=True,
        ),
        "/services/{id}": _get("getService", "One service with all that lies within it.", _reference("Service")),
        "/service_at_locations": _get(
            "listServicesAtLocations",
            "Services at the places where they are. Confidential places are never told.",
            {"anyOf": [_reference("ServiceAtLocationPage"), _reference("ServiceAtLocationWholePage")]},
            LISTS,
            lines=True,
        ),
        "/service_at_locations/{id}": _get(
            "getServiceAtLocation",
            "One service at one place, with all that lies within either.",
            _reference("ServiceAtLocation"),
        ),
        "/taxonomies": _get("listTaxonomies", "Taxonomies.", _reference("TaxonomyPage"), PAGING),
        "/taxonomies/{id}": _get("getTaxonomy", "One taxonomy with its terms.", _reference("Taxonomy")),
        "/taxonomy_terms": _get("listTaxonomyTerms", "Taxonomy terms.", _reference("TaxonomyTermPage"), PAGING),
        "/taxonomy_terms/{id}": _get("getTaxonomyTerm", "One taxonomy term.", _reference("TaxonomyTerm")),
    }


def _get(
    operation: str, says: str, schema: Json, parameters: tuple[Parameter, ...] = (), *, lines: bool = False
) -> Json:
    response = _response(says, schema)
    if lines:
        response["content"][LINES] = {"schema": {"type": "string", "description": "A record a line."}}
    answers = {
        "200": response,
        "304": {"description": "What If-None-Match or If-Modified-Since names has not changed."},
        "400": {"$ref": "#/components/responses/BadRequest"},
        "429": {"$ref": "#/components/responses/TooMany"},
    }
    described: Json = {"get": {"operationId": operation, "summary": says, "responses": answers}}
    if parameters:
        described["get"]["parameters"] = [{"$ref": f"#/components/parameters/{each.name}"} for each in parameters]
    elif operation != "getApi":
        described["parameters"] = [{"name": "id", "in": "path", "required": True, "schema": ID}]
        answers["404"] = {"$ref": "#/components/responses/NotFound"}
    return described


def _response(says: str, schema: Json, content_type: str = JSON) -> Json:
    return {"description": says, "content": {content_type: {"schema": schema}}}


def _parameter(parameter: Parameter) -> Json:
    described = {"name": parameter.name, "in": "query", "description": parameter.says, "schema": parameter.schema}
    return described | (
        {"example": parameter.example} if parameter.schema["type"] == "string" and parameter.example else {}
    )


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas() -> Json:
    in_list = _flat(SERVICE, organization=_flat(ORGANIZATION))
    minimal = {**in_list, "required": ["id", "name", "status"]}
    at_location = {"id": ID, "location": _flat(LOCATION), "service": minimal}
    within = _nested(SERVICE)
    return {
        "About": {
            "type": "object",
            "properties": {
                "version": {"type": "string"},
                "profile": FORMATS["uri"],
                "openapi_url": FORMATS["uri"],
            },
            "required": ["version", "profile", "openapi_url"],
        },
        "Problem": {
            "type": "object",
            "description": "RFC 9457. `detail` says to a person what would be right.",
            "properties": {
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "parameter": {"type": "string"},
            },
            "required": ["title", "status", "detail"],
        },
        "Service": within,
        "ServiceInList": minimal,
        "ServiceAtLocation": {
            **_nested(SERVICE_AT_LOCATION),
            "properties": {**_nested(SERVICE_AT_LOCATION)["properties"], "service": _reference("Service")},
        },
        "ServiceAtLocationInList": {"type": "object", "properties": at_location, "required": ["id", "service"]},
        "Taxonomy": _nested(TAXONOMY),
        "TaxonomyInList": _flat(TAXONOMY),
        "TaxonomyTerm": _flat(TAXONOMY_TERM),
        "ServicePage": _page("ServiceInList"),
        "ServiceWholePage": _page("Service"),
        "ServiceAtLocationPage": _page("ServiceAtLocationInList"),
        "ServiceAtLocationWholePage": _page("ServiceAtLocation"),
        "TaxonomyPage": _page("TaxonomyInList"),
        "TaxonomyTermPage": _page("TaxonomyTerm"),
    }


def _page(of: str) -> Json:
    numbers = {name: {"type": "integer"} for name in ("total_items", "total_pages", "page_number", "size")}
    truths = {name: {"type": "boolean"} for name in ("first_page", "last_page", "empty")}
    contents = {"type": "array", "items": _reference(of)}
    return {
        "type": "object",
        "properties": {**numbers, **truths, "contents": contents},
        "required": [*numbers, *truths, "contents"],
    }


def _field(field: Field) -> Json:
    return {"type": "string", "enum": CHOICES[field.name]} if field.kind == "choice" else FORMATS[field.kind]


def _flat(shape: Shape, **more: Json) -> Json:
    properties: Json = {"id": ID} | {field.name: _field(field) for field in shape.fields}
    properties |= {reference.name: ID for reference in shape.references}
    required = ["id", *(field.name for field in shape.fields if field.required), *more]
    return {"type": "object", "properties": properties | more, "required": required}


def _nested(shape: Shape) -> Json:
    described = _flat(shape)
    described["properties"] |= {name: _nested(inner) for name, inner in shape.one.items()}
    described["properties"] |= {
        name: {"type": "array", "items": _nested(inner)} for name, (inner, _) in shape.many.items()
    }
    return described
