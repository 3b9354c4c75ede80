"""The page of docs/reference that says what HL7 v2 messages become, from the mapping itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wellpost.adapters.hl7v2 import mapping
from wellpost.adapters.hl7v2.refusal import MEANINGS, REJECTED

ACKNOWLEDGED = """\
`AA` is sent when the message is committed, and not before. Refused with `AE` (something in it is
wrong) or `AR` (the whole of it, or a fault of ours): MSA-3 and ERR-8 say what was found and what
would be right, ERR-2 where, ERR-3 by the code below; none names the patient. With MSH-15 or MSH-16
the enhanced mode holds: `CA`, `CE` or `CR` by MSH-15, then `AA`, `AE` or `AR` by MSH-16; after a
refusal the first of them alone.

A message is known by its sender (MSH-3, MSH-4) and number (MSH-10). Sent again it counts once; its
number on another content is refused. Of two words on a patient or a visit the one recorded later
(EVN-2) holds, in whatever order they come.

"""


def hl7v2_page() -> Iterator[str]:
    """Events, fields, codes, acknowledgments, refusals."""
    yield from ("# HL7 v2 to visits", "")
    yield "What `wellpost listen` makes of ADT messages. The choices stand in one file, from which"
    yield "this page is made: [mapping.py](../../src/wellpost/adapters/hl7v2/mapping.py)."
    yield from ("", "## Events", "")
    yield from _table(
        ("event", "does"), [(f"`{name}`", each.does) for name, each in mapping.EVENTS.items()]
    )
    yield from ("", "## Fields", "")
    yield from _table(("field", "becomes", "why, or how"), mapping.FIELDS)
    yield from ("", "Nothing else of a message is read, and no message is kept as it came.")
    yield from ("", "## Kinds of visit (PV1-2)", "")
    yield from _table(
        ("class", "kind"), [(f"`{name}`", f"`{kind}`") for name, kind in mapping.CLASSES.items()]
    )
    yield ""
    yield f"{_listed(mapping.NO_VISIT)}: no visit. Every other class, or none, is `other`."
    yield from ("", "## Codes", "")
    yield f"- Record numbers (PID-3.5): {_listed(mapping.RECORD_NUMBERS)}. No other is kept."
    yield f"- An NPI is marked by one of {_listed(mapping.NPI_MARKS)}."
    sexes = ", ".join(f"`{name}` {each}" for name, each in mapping.SEXES.items())
    yield f"- PID-8: {sexes}; anything else changes nothing."
    yield f"- MSH-12: {', '.join(mapping.VERSIONS)}."
    yield f"- MSH-18: {', '.join(f'`{each}`' for each in mapping.CHARSETS if each)}; empty: UTF-8."
    yield from _acknowledgments()


def _acknowledgments() -> Iterator[str]:
    yield from ("", "## Acknowledgments", "")
    yield from ACKNOWLEDGED.splitlines()
    yield from _table(
        ("code", "meaning", "answer"),
        [
            (str(code), meaning, "`AR`" if code in REJECTED else "`AE`, or `AR` when unreadable")
            for code, meaning in MEANINGS.items()
        ],
    )


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"`{each}`" if each else "none" for each in sorted(names))


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
