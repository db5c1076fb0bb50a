"""Pages as a reader sees them."""

import html
import re

from django.test import Client
from django.urls import reverse

from directory.models import Service


def text(content: bytes) -> str:
    """What a reader sees of a page, without its tags and in single spaces."""
    body = re.sub(r"(?s)<(script|style|title).*?</\1>|<!--.*?-->", " ", content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def read(client: Client, path: str, status: int = 200) -> str:
    """The text of a page, which is answered with this status."""
    response = client.get(path)
    assert response.status_code == status
    return text(response.content)


def page_of(service: Service) -> str:
    return reverse("service", args=[service.slug])


def filled(page) -> dict[str, object]:
    """What a browser would send back of a form that nobody changed."""
    form = page.context["form"]
    data = {}
    for field in form:
        value = field.value()
        if isinstance(value, list):
            data[field.html_name] = "\n".join(value) if field.name in ("areas", "languages") else value
        elif value not in (None, "", False):
            data[field.html_name] = value
    if "listing" in page.context:
        data["listing"] = page.context["listing"]
    return data
