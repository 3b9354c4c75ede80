"""A CSV of the day, read and checked line by line against the practice it was dropped on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from wellpost.errors import DataRefusedError
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice

from .batch import CSV, Batch, PatientKey, PatientRow, VisitRow
from .daily_checks import RAGGED, Fault, LineCheck
from .daily_known import KnownPeople, alike, known_people

NEEDED = ("encounter_id", "patient_id", "npi", "seen_on", "kind")
OPTIONAL = ("tin", "county", "certified_location", "given_name", "family_name", "birth_on")
MOST_BYTES = 2_000_000
MOST_LINES = 20_000

REST = "\0"
"""Where a line's fields are that no column names."""

Line = Mapping[str, str]


@dataclass
class Day:
    """What a file holds: the batch of its good lines, and the faults of the others.

    `new_patients` have no record yet; `alike` of them have the name and birth of one who has.
    """

    practice: Practice
    batch: Batch
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lines: int = 0
    visits: dict[str, VisitRow] = field(default_factory=dict)

    new_patients: int = 0
    alike: int = 0

    @property
    def faulty_lines(self) -> set[int]:
        """The numbers of the lines that have a fault."""
        return {fault.line for fault in self.faults}


def read_day(content: bytes, practice: Practice) -> Day:
    """Read the file. A faulty line is in `faults`, in plain words, and nowhere else.

    DataRefusedError when the file as a whole cannot be read: too large, not text, a column missing.
    """
    rows = _rows(content)
    day = Day(practice, Batch(CSV, practices={practice.tin: practice.name}))
    day.notes += _notes(rows.fieldnames or ())
    known = known_people(practice)
    for number, line in _numbered(rows):
        day.lines += 1
        _take(day, number, line, known)
    new = [row for row in day.batch.patients.values() if row.family_name]
    day.new_patients, day.alike = len(new), alike(practice, new)
    return day


def _rows(content: bytes) -> csv.DictReader[str]:
    if len(content) > MOST_BYTES:
        raise DataRefusedError(
            f"The file has {len(content) / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:.0f} MB can be "
            "dropped here. Split it, or import an export from the command line."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataRefusedError("The file is not UTF-8 text; save it as CSV (UTF-8).") from None
    rows = csv.DictReader(io.StringIO(text, newline=""), restkey=REST, strict=True)
    _refuse_missing_columns(_heads(rows))
    return rows


def _heads(rows: csv.DictReader[str]) -> tuple[str, ...]:
    try:
        heads = tuple(head.strip() for head in rows.fieldnames or ())
    except csv.Error as fault:
        raise DataRefusedError(f"Line 1 cannot be read as CSV ({fault}).") from None
    rows.fieldnames = heads
    return heads


def _refuse_missing_columns(heads: tuple[str, ...]) -> None:
    missing = [name for name in NEEDED if name not in heads]
    if missing:
        raise DataRefusedError(
            f"Line 1 has no column {', '.join(missing)}; it must name {', '.join(NEEDED)}, with "
            "commas between them."
        )


def _notes(heads: Iterable[str]) -> Iterator[str]:
    unknown = [head for head in heads if head and head not in NEEDED + OPTIONAL]
    if unknown:
        yield f"Columns that are not used: {', '.join(unknown)}."


def _numbered(rows: csv.DictReader[str]) -> Iterator[tuple[int, Line]]:
    """Each line with its number; `RAGGED` is among its keys when its fields do not fit."""
    try:
        for row in rows:
            if rows.line_num > MOST_LINES + 1:
                raise DataRefusedError(f"The file has more than {MOST_LINES:,} lines; split it.")
            whole = {name: value.strip() for name, value in row.items() if isinstance(value, str)}
            ragged = REST in row or None in row.values()
            yield rows.line_num, whole | ({RAGGED: ""} if ragged else {})
    except csv.Error as fault:
        raise DataRefusedError(
            f"Line {rows.line_num} cannot be read as CSV ({fault}); look for a quotation mark "
            "that is never closed."
        ) from None


def _take(day: Day, number: int, line: Line, known: KnownPeople) -> None:
    check = LineCheck(number, line, day.practice, clock.today(day.practice.time_zone))
    visit, patient = check.visit(), check.patient()
    check.faults += known.faults(number, visit, patient)
    if visit and not check.faults:
        check.faults += _repeated(day, number, visit)
    if check.faults:
        day.faults += check.faults
    elif visit:
        _keep(day, visit, patient, known)


def _repeated(day: Day, number: int, visit: VisitRow) -> Iterator[Fault]:
    if day.visits.get(visit.source_id, visit) != visit:
        yield Fault(number, "encounter_id stands on an earlier line with other values")


def _keep(day: Day, visit: VisitRow, patient: PatientRow | None, known: KnownPeople) -> None:
    batch = day.batch
    if visit.source_id not in day.visits:
        day.visits[visit.source_id] = visit
        batch.visits.append(visit)
    batch.clinicians[visit.npi] = known.clinicians[visit.npi].name
    key = PatientKey(visit.tin, visit.patient_id)
    batch.patients.setdefault(key, known.row(visit.patient_id, patient))
