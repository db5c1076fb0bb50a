"""What a page says to search engines and assistants, in schema.org's words."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

Json = dict[str, Any]

# A script ends with its end tag wherever that stands, so none of these letters goes into one.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def json_ld(facts: Json) -> SafeString:
    """The facts as JSON-LD, safe within `<script type="application/ld+json">`. What is empty is left out."""
    text = json.dumps(_filled(facts), ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(ESCAPES))  # noqa: S308 - what could end the script is escaped


def _filled(value: Any) -> Any:
    """The same without what is empty, and without what has nothing but its type."""
    if isinstance(value, list):
        return [filled for each in value if (filled := _filled(each))]
    if not isinstance(value, dict):
        return value
    filled = {name: kept for name, each in value.items() if (kept := _filled(each)) not in (None, "", [], {})}
    return filled if filled.keys() - {"@type"} else {}
