"""References put into another server's words, wherever in a resource they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wellpost.adapters.fhir.elements import Json, text_of

Address = Callable[[Json], str]
"""The new address of a Reference, or nothing where it stays as it is written."""


def rewrite(resource: dict[str, Any], address: Address) -> None:
    """Change every literal reference inside the resource, in place, and links to its Binaries.

    Those to what the resource itself contains (`#…`) stay.
    """
    waiting: list[Any] = [resource]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            _rewrite_one(value, address)
            waiting.extend(value.values())


def _rewrite_one(value: dict[str, Any], address: Address) -> None:
    written = value.get("reference")
    if isinstance(written, str) and written and not written.startswith("#"):
        value["reference"] = address(value) or written
    link = text_of(value, "url")
    if link.startswith("Binary/"):
        value["url"] = address({"reference": link}) or link
