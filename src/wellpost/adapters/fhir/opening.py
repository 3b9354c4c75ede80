"""A folder of FHIR NDJSON as a Source: measured directly, without a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wellpost.adapters.fhir.bulk import open_bulk
from wellpost.adapters.fhir.lines import Progress
from wellpost.facts.source import Source


def open_fhir(
    path: str | Path,
    *,
    synthetic_identifiers: bool = False,
    skip_bad_rows: bool = False,
    report: Callable[[str], None] | None = None,
    progress: Progress | None = None,
    memory: str | None = None,
) -> Source:
    """The facts of a FHIR folder, held on disk until it is closed; `report` gets the account.

    `memory` is how much DuckDB may hold, such as `4GB`; without it, most of the machine's.

    DataRefusedError: a broken line, a gzip that breaks off, an NPI or TIN that fails its check
    (`synthetic_identifiers` and `skip_bad_rows` are the ways round), or no encounter at all that
    can be attributed. NoRoomError: memory or disk do not suffice. RequestError: `memory` is no
    amount, or what does not fit in it can be put nowhere.
    """
    source, account = open_bulk(
        path,
        synthetic_identifiers=synthetic_identifiers,
        skip_bad_rows=skip_bad_rows,
        progress=progress,
        memory=memory,
    )
    if report:
        for sentence in account.sentences():
            report(sentence)
    return source
