"""Reads the data beside this file, and gives ids to what is made of it."""

import tomllib
import uuid
from pathlib import Path
from typing import Any

from directory.models.service import CODE_LENGTH, CODE_LETTERS

Entry = dict[str, Any]
NAMESPACE = uuid.UUID("3b0c9f4e-6c1d-5a57-8d1e-9d2f6a3f1c55")


def read(name: str) -> dict[str, list[Entry]]:
    """The lists of a file of this folder, by the names of its tables."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def stable_id(*names: str) -> uuid.UUID:
    """The same in every demo for the same names: a link to a listing outlives the demo that it was copied from."""
    return uuid.uuid5(NAMESPACE, "/".join(names))


def stable_code(name: str) -> str:
    """As stable: the short address of a listing."""
    number, letters = stable_id("code", name).int, []
    for _ in range(CODE_LENGTH):
        number, letter = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[letter])
    return "".join(letters)
