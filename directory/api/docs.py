"""The page about the API for the people who write programs."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from directory.api.openapi import describe
from directory.api.parameters import LISTS
from directory.api.throttle import BULK, PAGES
from directory.dumps import LICENCE

EXAMPLES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("The first page of everything", "services", {}),
    (
        "Lunch clubs within five kilometres",
        "services",
        {"search": "lunch club", "postcode": "AL1 3JQ", "proximity": "5000"},
    ),
    (
        "What is on Monday afternoons, as whole records",
        "services",
        {"day": "MO", "start_time": "12:00", "full": "true"},
    ),
    ("What changed since a day", "services", {"modified_after": "2026-03-15"}),
    ("Everything, a record a line", "services", {"full": "true", "format": "ndjson"}),
    ("Which services are there at all", "services", {"minimal": "true", "format": "ndjson"}),
)


@require_safe
@cache_control(public=True, max_age=60)
def docs(request: HttpRequest) -> HttpResponse:
    """What there is, how to ask for it, and on what terms."""
    base = settings.SITE_URL + reverse("oruk").rstrip("/")
    addresses = [(f"{base}{path}", found["get"]["summary"]) for path, found in describe()["paths"].items()]
    examples = [(says, f"{base}/{name}" + (f"?{urlencode(query)}" if query else "")) for says, name, query in EXAMPLES]
    return render(
        request,
        "directory/api.html",
        {
            "addresses": addresses,
            "examples": examples,
            "parameters": LISTS,
            "pages": PAGES.amount,
            "bulk": BULK.amount,
            "licence": LICENCE,
        },
    )
