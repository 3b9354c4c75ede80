"""What one resource can be found by: codes, identifiers, references and names, and times.

Pure: a resource in, values out. What is wrong in shape reads as absent, for a record is kept as
it came; nothing here refuses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache
from hashlib import sha256
from typing import Any

from .parameters import REFERS, SHARED, Parameter, occurrence_of, parameters_of
from .spans import Span, period, span

LONGEST = 200
"""Characters of a value as it is kept; a longer one is kept by its digest."""


@dataclass(frozen=True)
class SearchValues:
    """`tokens`: (parameter, system, code); `moments`: (parameter, starts_at, ends_at) in UTC.

    A reference has the type as system and the id as code; a name has no system and is folded.
    """

    tokens: list[tuple[str, str, str]]
    moments: list[tuple[str, datetime, datetime]]
    occurred_at: datetime | None


def search_values(resource: Mapping[str, Any], time_zone: tzinfo = UTC) -> SearchValues:
    """All a FHIR R4 resource is found by, by the parameters of its kind, each value once.

    `time_zone` is that of the practice: dates without a zone are read in it. `occurred_at` is
    the start of what the resource is about; None where it does not say.
    """
    kind = str(resource.get("resourceType", ""))
    tokens: dict[tuple[str, str, str], None] = {}
    moments: dict[tuple[str, datetime, datetime], None] = {}
    for name, parameter in parameters_of(kind).items():
        for value in _values(resource, parameter.paths):
            if parameter.kind == "date":
                moments.update(dict.fromkeys((name, *each) for each in _spans(value, time_zone)))
            else:
                tokens.update(dict.fromkeys((name, *each) for each in _pairs(value, parameter)))
    tokens.update(dict.fromkeys((REFERS, *each) for each in _shared(resource)))
    return SearchValues(list(tokens), list(moments), _occurred(resource, kind, time_zone))


def folded(text: str) -> str:
    """A name as it is compared: without case, accents or needless space."""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    return " ".join(bare.casefold().split())[:LONGEST]


def fitting(text: str) -> str:
    """A code or system as it is kept and asked for: itself, or its digest where too long."""
    return text if len(text) <= LONGEST else f"sha256:{sha256(text.encode()).hexdigest()}"


def reference_pair(text: str) -> tuple[str, str]:
    """A literal reference as (type, id); one that leads elsewhere is kept whole, with no type."""
    whole = text.split("/_history/")[0]
    kind, slash, identifier = whole.partition("/")
    if slash and kind.isalpha() and "/" not in identifier:
        return kind, fitting(identifier)
    return "", fitting(whole)


def _values(resource: Mapping[str, Any], paths: Iterable[str]) -> Iterator[Any]:
    for path in paths:
        yield from _inside(resource, path)


def _inside(value: object, path: str) -> Iterator[Any]:
    """What stands at the path, lists opened; `extension[url]` picks those of that address."""
    if isinstance(value, list):
        for each in value:
            yield from _inside(each, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        name, rest, address = _step(path)
        held = value.get(name)
        yield from _inside(_with_address(held, address) if address else held, rest)


@cache
def _step(path: str) -> tuple[str, str, str]:
    """The first name of a path, what is behind it, and the address in brackets."""
    if path.startswith("extension["):
        address, _, rest = path.removeprefix("extension[").partition("]")
        return "extension", rest.lstrip("."), address
    name, _, rest = path.partition(".")
    return name, rest, ""


def _with_address(held: object, address: str) -> list[Any]:
    found = held if isinstance(held, list) else []
    return [each for each in found if isinstance(each, dict) and each.get("url") == address]


def _pairs(value: object, parameter: Parameter) -> Iterator[tuple[str, str]]:
    if parameter.kind == "string":
        if isinstance(value, str) and folded(value):
            yield "", folded(value)
    elif parameter.kind == "reference":
        yield from _referred(value, parameter.targets)
    else:
        yield from _coded(value)


def _referred(value: object, targets: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    written = value.get("reference") if isinstance(value, dict) else None
    if isinstance(written, str) and written and not written.startswith("#"):
        kind, identifier = reference_pair(written)
        if not targets or kind in targets:
            yield kind, identifier


def _shared(value: object) -> Iterator[tuple[str, str]]:
    """The references to resources of no one patient that stand anywhere inside."""
    if isinstance(value, list):
        for each in value:
            yield from _shared(each)
    elif isinstance(value, dict):
        written = value.get("reference")
        if isinstance(written, str) and written.partition("/")[0] in SHARED:
            yield reference_pair(written)
        for each in value.values():
            if isinstance(each, (dict, list)):
                yield from _shared(each)


def _coded(value: object) -> Iterator[tuple[str, str]]:
    """Of a CodeableConcept its codings (never its text), a Coding, Identifier, code or flag."""
    if isinstance(value, str):
        if value:
            yield "", fitting(value)
    elif isinstance(value, bool):
        yield "", "true" if value else "false"
    elif isinstance(value, dict) and isinstance(value.get("coding"), list):
        for each in value["coding"]:
            yield from _coded(each if isinstance(each, dict) else "")
    elif isinstance(value, dict):
        code, system = value.get("code", value.get("value")), value.get("system", "")
        if isinstance(code, str) and isinstance(system, str) and code:
            yield fitting(system), fitting(code)


def _spans(value: object, time_zone: tzinfo) -> Iterator[Span]:
    try:
        if isinstance(value, str):
            yield span(value, time_zone)
        elif isinstance(value, dict):
            start, end = value.get("start", ""), value.get("end", "")
            if isinstance(start, str) and isinstance(end, str) and (start or end):
                yield period(start, end, time_zone)
    except ValueError:
        return


def _occurred(resource: Mapping[str, Any], kind: str, time_zone: tzinfo) -> datetime | None:
    for value in _values(resource, occurrence_of(kind)):
        started = value.get("start") if isinstance(value, dict) else value
        for starts_at, _ in _spans(started, time_zone):
            return starts_at
    return None
