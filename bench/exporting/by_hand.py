"""The same columns by hand: one read_json for each type, written as they are and no more.

No duplicates are looked for, no reference is followed, no line is checked: this is what reading
alone costs.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

_REFERENCE = (
    "STRUCT(reference VARCHAR, type VARCHAR, display VARCHAR, "
    "identifier STRUCT(system VARCHAR, value VARCHAR))"
)
_CODED = "STRUCT(coding STRUCT(system VARCHAR, code VARCHAR)[])[]"
_COLUMNS = {
    "Patient": {
        "link": f"STRUCT(type VARCHAR, other {_REFERENCE})[]",
        "identifier": "STRUCT(system VARCHAR, value VARCHAR)[]",
    },
    "Encounter": {
        "status": "VARCHAR",
        "class": "STRUCT(code VARCHAR)",
        "type": _CODED,
        "subject": _REFERENCE,
        "participant": f"STRUCT(type {_CODED}, individual {_REFERENCE})[]",
        "serviceProvider": _REFERENCE,
        "period": "STRUCT(start VARCHAR)",
    },
    "Communication": {
        "status": "VARCHAR",
        "contained": "STRUCT(id VARCHAR)[]",
        "payload": "STRUCT(nothing VARCHAR)[]",
        "partOf": f"{_REFERENCE}[]",
        "inResponseTo": f"{_REFERENCE}[]",
        "medium": "STRUCT(coding STRUCT(code VARCHAR)[])[]",
        "subject": _REFERENCE,
        "sender": _REFERENCE,
        "recipient": f"{_REFERENCE}[]",
        "sent": "VARCHAR",
        "received": "VARCHAR",
    },
    "Observation": {
        "status": "VARCHAR",
        "subject": _REFERENCE,
        "performer": f"{_REFERENCE}[]",
        "device": _REFERENCE,
        "issued": "VARCHAR",
        "effectiveDateTime": "VARCHAR",
    },
    "DocumentReference": {
        "status": "VARCHAR",
        "subject": _REFERENCE,
        "author": f"{_REFERENCE}[]",
        "date": "VARCHAR",
    },
    "Provenance": {
        "target": f"{_REFERENCE}[]",
        "recorded": "VARCHAR",
        "agent": f"STRUCT(who {_REFERENCE}, onBehalfOf {_REFERENCE})[]",
    },
    "AuditEvent": {
        "type": "STRUCT(code VARCHAR)",
        "subtype": "STRUCT(code VARCHAR)[]",
        "action": "VARCHAR",
        "outcome": "VARCHAR",
        "agent": f"STRUCT(requestor BOOLEAN, who {_REFERENCE})[]",
        "source": f"STRUCT(observer {_REFERENCE})",
        "entity": f"STRUCT(what {_REFERENCE})[]",
        "recorded": "VARCHAR",
    },
    "Practitioner": {
        "identifier": "STRUCT(system VARCHAR, value VARCHAR)[]",
        "name": "STRUCT(family VARCHAR, given VARCHAR[])[]",
    },
    "Organization": {
        "identifier": "STRUCT(system VARCHAR, value VARCHAR)[]",
        "partOf": _REFERENCE,
    },
    "PractitionerRole": {"practitioner": _REFERENCE, "organization": _REFERENCE},
}


def read_by_hand(export: Path, *, threads: int, keep: bool = True) -> None:
    """Read every type. `keep` writes what was read to Parquet; else it is only counted."""
    with tempfile.TemporaryDirectory() as place, duckdb.connect() as connection:
        connection.execute(f"SET threads = {threads}")
        for kind, columns in _COLUMNS.items():
            read = _read(export, kind, columns)
            if keep:
                to = Path(place) / f"{kind}.parquet"
                connection.execute(f"COPY (SELECT * FROM {read}) TO '{to}' (FORMAT parquet)")
            else:
                connection.execute(f"SELECT count(COLUMNS(*)) FROM {read}").fetchall()


def _read(export: Path, kind: str, columns: dict[str, str]) -> str:
    listed = {"resourceType": "VARCHAR", "id": "VARCHAR", **columns}
    said = ", ".join(f"'{name}': '{type_}'" for name, type_ in listed.items())
    return (
        f"read_json('{export}/{kind}.*.ndjson', columns = {{{said}}}, "
        "format = 'newline_delimited', filename = true)"
    )
