"""A record as one FHIR Bundle, written piece by piece: however long, little of it is in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from wellpost.adapters.fhir.exact import read_exact, write_exact


def bundle(bodies: Iterable[str], *, base: str, at: datetime, about: str) -> Iterator[str]:
    """A Bundle of type `collection` with each resource once, its JSON as given.

    `base` is the address of the FHIR server (for `fullUrl`), `about` whose record it is.
    """
    head = {
        "resourceType": "Bundle",
        "id": str(uuid5(NAMESPACE_URL, f"{base}/{about}/{at.isoformat()}")),
        "type": "collection",
        "timestamp": at.isoformat(timespec="seconds"),
    }
    yield write_exact(head)[:-1] + ',"entry":['
    seen: set[str] = set()
    for body in bodies:
        name = _name(body)
        if name not in seen:
            comma = "," if seen else ""
            seen.add(name)
            full = write_exact({"fullUrl": f"{base}/{name}"})[:-1]
            yield f'{comma}{full},"resource":{body}}}'
    yield "]}"


def _name(body: str) -> str:
    """`Observation/1`."""
    resource = read_exact(body)
    return f"{resource['resourceType']}/{resource['id']}"
