"""The standard's own schemas, read from beside the checkout: nothing of them is ours to keep here."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "reference" / "oruk"


def read(name: str) -> Any:
    file = FOLDER / name
    if not file.exists():
        pytest.fail(f"The schemas of Open Referral UK 3.0 belong in {FOLDER}: {name} is not there.", pytrace=False)
    return json.loads(file.read_text())


@cache
def _validator(name: str, in_page: bool) -> Draft202012Validator:
    schema = read(f"schema/{name}.json")
    if in_page:
        page = read("schema/openapi.json")["components"]["schemas"]["Page"]
        properties = {**page["properties"], "contents": {"type": "array", "items": schema}}
        schema = {**page, "properties": properties, "required": list(properties), "additionalProperties": False}
    terms = Resource.from_contents(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **read("schema/taxonomy_term.json")}
    )
    registry = Registry().with_resource("taxonomy_term.json", terms)
    return Draft202012Validator(schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


def faults(document: Any, name: str, *, in_page: bool = False) -> list[str]:
    """What the schema `name` finds wrong with a document, formats too; with one of a page of such documents."""
    return [f"{fault.json_path}: {fault.message}" for fault in _validator(name, in_page).iter_errors(document)]
