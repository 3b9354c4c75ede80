"""FHIR Bundles as the lines of a bulk export: each entry a resource with an id of its own."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wellpost.adapters.fhir.elements import Json, as_object, as_objects, text_of
from wellpost.adapters.fhir.exact import NotJsonError, read_exact, write_exact
from wellpost.adapters.fhir.rewriting import rewrite
from wellpost.errors import DataRefusedError

MOST_BYTES = 200_000_000
"""A Bundle is read whole; a larger export comes as NDJSON."""

_LOOKED_AT = 4_096
_GZIP_MAGIC = b"\x1f\x8b"


def is_bundle(path: Path) -> bool:
    """Whether a `.json` file begins as a Bundle does."""
    try:
        with path.open("rb") as file:
            begins = file.read(_LOOKED_AT)
        if begins.startswith(_GZIP_MAGIC):
            with gzip.open(path) as file:
                begins = file.read(_LOOKED_AT)
    except (OSError, EOFError):
        return False
    start = begins.replace(b" ", b"").replace(b"\n", b"").replace(b"\r", b"").replace(b"\t", b"")
    return b'"resourceType":"Bundle"' in start


def entries(path: Path) -> Iterator[bytes]:
    """Each entry's resource as one line of JSON, its references to other entries as `Type/id`.

    A reference to an entry (by its fullUrl: `urn:uuid:…` or an address) leads to that entry's
    type and id; an entry without an id has that of its `urn:uuid`. DataRefusedError where the
    file is no Bundle, or too large to be read as one.
    """
    bundle = _read(path)
    held = [(text_of(one, "fullUrl"), one.get("resource")) for one in as_objects(bundle["entry"])]
    named = [(url, _with_id(url, one)) for url, one in held if isinstance(one, dict)]
    places = {url: _place(one) for url, one in named if url and _place(one)}
    for _, resource in named:
        rewrite(resource, lambda written: _address(written, places))
        yield write_exact(resource).encode()


def _read(path: Path) -> Mapping[str, Any]:
    bundle = as_object(_parsed(path))
    if bundle.get("resourceType") != "Bundle":
        raise DataRefusedError(f"{path.name}: is no FHIR Bundle.")
    return {"entry": [], **bundle}


def _parsed(path: Path) -> Any:
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP_MAGIC
        raw.seek(0)
        text = (gzip.GzipFile(fileobj=raw) if packed else raw).read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise DataRefusedError(
            f"{path.name}: a Bundle of more than {MOST_BYTES / 1e6:.0f} MB; export it as NDJSON, "
            "one resource on each line."
        )
    try:
        return read_exact(text)
    except NotJsonError as fault:
        raise DataRefusedError(f"{path.name}: is not JSON ({fault}).") from None


def _with_id(url: str, resource: dict[str, Any]) -> dict[str, Any]:
    if not text_of(resource, "id") and url.startswith("urn:uuid:"):
        resource["id"] = url.removeprefix("urn:uuid:")
    return resource


def _place(resource: Json) -> str:
    kind, id_ = text_of(resource, "resourceType"), text_of(resource, "id")
    return f"{kind}/{id_}" if kind and id_ else ""


def _address(written: Json, places: Mapping[str, str]) -> str:
    return places.get(text_of(written, "reference"), "")
