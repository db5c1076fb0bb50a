"""A short name for what a page showed, to tell whether it is still so when the answer comes."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def fingerprint(values: Mapping[str, Any]) -> str:
    """The same for the same values, whatever their order; different, for all practical purposes, for any others."""
    return hashlib.sha256(json.dumps(values, default=str, sort_keys=True).encode()).hexdigest()[:32]
