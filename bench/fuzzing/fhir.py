"""FHIR: resources, searches and messages as other programs send them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import django

django.setup()

from wellpost.adapters.fhir.datatypes import Place  # noqa: E402 - Django is set up first
from wellpost.adapters.fhir.exact import (  # noqa: E402 - Django is set up first
    NotJsonError,
    read_exact,
    write_exact,
)
from wellpost.adapters.fhir.parsing import parse  # noqa: E402 - Django is set up first
from wellpost.adapters.fhir.plain import entry  # noqa: E402 - Django is set up first
from wellpost.errors import WellpostError  # noqa: E402 - Django is set up first
from wellpost.server.fhir_api.messaging.coming import coming  # noqa: E402 - Django is set up first
from wellpost.server.fhir_api.outcomes import Refused  # noqa: E402 - Django is set up first
from wellpost.server.fhir_api.record.asking import of_pairs  # noqa: E402 - Django is set up first
from wellpost.server.fhir_api.record.criteria import About, read  # noqa: E402 - Django is set up first
from wellpost.server.messaging.checks import checked_body, checked_subject  # noqa: E402 - Django is set up first
from wellpost.server.records.indexing import search_values  # noqa: E402 - Django is set up first
from wellpost.server.records.parameters import PARAMETERS  # noqa: E402 - Django is set up first
from wellpost.synthetic.record import make_record  # noqa: E402 - Django is set up first

PLACE = Place("fuzz", 1)
ABOUT = About(frozenset({"1"}), ZoneInfo("America/New_York"), "http://localhost:8000/fhir")
KINDS = sorted(PARAMETERS)
SEARCHES = (
    "code=http://loinc.org|8867-4&date=ge2020-01-01&_count=3&_sort=-date",
    "patient=Patient/1&category:not=x&_include=Observation:patient&_revinclude=Provenance:target",
    "birthdate=2020&name:contains=A&_lastUpdated=gt2020-01-01T00:00:00Z&_total=accurate",
)


def corpus() -> Iterator[bytes]:
    """A resource of each kind, a message, and searches."""
    seen: dict[str, Any] = {}
    for each in make_record("fuzz", 1):
        seen.setdefault(each["resourceType"], each)
    for each in seen.values():
        yield b"\x00" + json.dumps(each, default=str).encode()
    message = {
        "resourceType": "Communication", "status": "completed", "topic": {"text": "A matter"},
        "subject": {"reference": "Patient/1"}, "recipient": [{"reference": "Organization/1"}],
        "payload": [{"contentString": "Words"}, {"contentAttachment": {
            "contentType": "text/plain", "title": "a.txt", "data": "YQ=="}}],
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": "urn:uuid:1"}],
    }  # fmt: skip
    yield b"\x01" + json.dumps(message).encode()
    for place, each in enumerate(SEARCHES):
        yield bytes([2, place]) + each.encode()


def attempt(data: bytes) -> None:
    """The first byte says what it is; of a search, the second of which kind."""
    try:
        if data[:1] == b"\x02":
            _searched(data[1:])
        else:
            _resource(read_exact(data[1:]), data[:1] == b"\x01")
    except (WellpostError, NotJsonError, Refused):
        return


def _resource(held: Any, is_message: bool) -> None:
    if not isinstance(held, dict) or not isinstance(held.get("resourceType"), str):
        return
    if is_message:
        asked = coming(held)
        checked_body(asked.text)
        checked_subject(asked.topic)
        return
    write_exact(held)
    search_values(held)
    entry(held, lambda _: None)
    if isinstance(held.get("id"), str):
        parse(held, PLACE)


def _searched(held: bytes) -> None:
    kind = KINDS[(held[:1] or b"\x00")[0] % len(KINDS)]
    pairs = parse_qsl(held[1:].decode(errors="replace"), keep_blank_values=True)
    asked = of_pairs(pairs, kind)
    read(kind, asked.criteria, ABOUT)
