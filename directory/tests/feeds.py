"""Documents of the open standard for tests: the examples that come with it, and made-up listings."""

import json
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core import serializers

from directory.actions import import_documents
from directory.importing import Report
from directory.importing.nodes import ORDER

Json = dict[str, Any]
EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "reference" / "oruk" / "examples"


def example(name: str) -> Json:
    return json.loads((EXAMPLES / f"{name}.json").read_text())


def examples() -> list[Json]:
    """Every document of the examples, the pages taken apart."""
    documents = [json.loads(file.read_text()) for file in sorted(EXAMPLES.glob("*.json"))]
    return [each for document in documents for each in document.get("contents", [document])]


def made_id(*parts: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(map(str, parts))))


def listing(number: int = 1, **fields: Any) -> Json:
    """A whole listing: a café with a place, a time, a telephone, a contact and an organisation."""
    return {
        "id": made_id("service", number),
        "name": f"Talking Café {number}",
        "description": "Come in for a cuppa.",
        "status": "active",
        "organization": {
            "id": made_id("organization", number),
            "name": f"Good Neighbours {number}",
            "description": "Neighbours.",
            "email": f"hello{number}@neighbours.example",
        },
        "phones": [{"id": made_id("phone", number), "number": "01727 000 001"}],
        "contacts": [
            {
                "id": made_id("contact", number),
                "name": "Sal",
                "phones": [{"id": made_id("contact phone", number), "number": "01727 000 002"}],
            }
        ],
        "schedules": [{"id": made_id("schedule", number), "freq": "WEEKLY", "byday": "MO", "opens_at": "10:00:00"}],
        "service_at_locations": [
            {
                "id": made_id("place", number),
                "location": {
                    "id": made_id("location", number),
                    "location_type": "physical",
                    "name": f"Hall {number}",
                    "latitude": 51.75,
                    "longitude": -0.33,
                    "addresses": [
                        {
                            "id": made_id("address", number),
                            "address_1": f"{number} High Street",
                            "city": "St Albans",
                            "state_province": "Hertfordshire",
                            "postal_code": f"AL{number % 9 + 1} 3BQ",
                            "country": "GB",
                            "address_type": "physical",
                        }
                    ],
                },
            }
        ],
        **fields,
    }


def with_other_ids(document: Json) -> Json:
    """The same listing as somebody else's feed has it."""
    if isinstance(document, dict):
        return {
            key: made_id("theirs", value) if key == "id" else with_other_ids(value) for key, value in document.items()
        }
    return [with_other_ids(each) for each in document] if isinstance(document, list) else document


def take(documents: Iterable[Json], *, source: str = "a feed", dry_run: bool = False) -> Report:
    return import_documents(documents, source=source, by=None, dry_run=dry_run)


def everything() -> dict[str, list[Any]]:
    """Every row of every entity as it is in the database."""
    return {
        model.__name__: json.loads(serializers.serialize("json", model._default_manager.order_by("pk")))
        for model in ORDER
    }


DERIVED = ("Word", "DataChange", "PageTally", "SearchEntry")


def row_counts(*, derived: bool = True) -> dict[str, int]:
    """How many rows each table of the directory has; what follows from the listings can be left out."""
    return {
        model.__name__: model._default_manager.count()
        for model in apps.get_app_config("directory").get_models()
        if model.__name__ != "ImportRun" and (derived or model.__name__ not in DERIVED)
    }
