"""From a meter's CSV file to readings."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice

from wellpost.errors import DataRefusedError

from ..readings import Reading, Tally
from .tables import KNOWN, TIMES, Column, Meter, meter_of

MOST_BYTES = 32 << 20
LONGEST_CELL = 4_000
LINES_BEFORE_HEADER = 12
NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?")
IN_BATCHES_OF = 4_000

Row = tuple[int, dict[str, str]]


@dataclass(frozen=True)
class MeterFile:
    """A file that was recognised: whose it is, and its readings some at a time."""

    meter: Meter
    readings: Iterator[list[Reading]]


def readings_of(pieces: Iterable[bytes], seen: Tally) -> MeterFile:
    """What the file holds; DataRefusedError when it is no CSV of a kind we know.

    A row that cannot be right is counted in `seen`, the first few with their line, and the
    others are taken. Times are the wall clock's: such files name no time zone.
    """
    table = _table(_text(pieces, seen))
    meter, header, first = _header(table)
    rows = list(_rows(table, header, first))
    return MeterFile(meter, _readings(meter, rows, seen))


def _text(pieces: Iterable[bytes], seen: Tally) -> str:
    held = bytearray()
    for piece in pieces:
        held += piece
        seen.bytes_read += len(piece)
        if len(held) > MOST_BYTES:
            raise DataRefusedError(
                f"The file is larger than {MOST_BYTES >> 20} MB; no meter writes so much. Export "
                "a shorter time and send that."
            )
    return _decoded(bytes(held))


def _decoded(data: bytes) -> str:
    """UTF-8, with or without its mark, or UTF-16 with it."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = ""
    if not text.strip() or "\x00" in text:
        raise DataRefusedError(f"This is no text file with a table. {_what_is_known()}")
    return text


def _table(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with its line; what separates the cells is seen from the first lines."""
    head = text[:4_000]
    mark = max(",;\t", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    csv.field_size_limit(131_072)
    while True:
        try:
            row = next(lines)
        except StopIteration:
            return
        except csv.Error as fault:
            raise DataRefusedError(f"line {lines.line_num}: {fault}. Export it again.") from None
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise DataRefusedError(f"line {lines.line_num}: a cell is too long. Export it again.")
        yield lines.line_num, row


def _header(table: Iterator[tuple[int, list[str]]]) -> tuple[Meter, tuple[str, ...], int]:
    """The meter, its columns (folded) and the line they stand on."""
    for line, row in islice(table, LINES_BEFORE_HEADER):
        header = tuple(" ".join(cell.lower().split()) for cell in row)
        if meter := meter_of(header):
            return meter, header, line
    raise DataRefusedError(f"The columns of this file are not known here. {_what_is_known()}")


def _what_is_known() -> str:
    return (
        f"Files of these can be read: {', '.join(KNOWN)} (Date, Time, Systolic, Diastolic, Pulse, "
        "Glucose (mg/dL), Weight (lb), …), and the export of the Health app of an iPhone."
    )


def _rows(
    table: Iterator[tuple[int, list[str]]], header: tuple[str, ...], _first: int
) -> Iterator[Row]:
    for line, row in table:
        if any(cell.strip() for cell in row):
            yield line, dict(zip(header, (cell.strip() for cell in row), strict=False))


def _readings(meter: Meter, rows: list[Row], seen: Tally) -> Iterator[list[Reading]]:
    meant = [row for row in rows if _counts(meter, row)]
    seen.left_out += len(rows) - len(meant)
    form = _form_of_times(meter, meant)
    found = _each(meter, meant, form, seen)
    while some := list(islice(found, IN_BATCHES_OF)):
        yield some


def _counts(meter: Meter, row: Row) -> bool:
    """Whether it is a row of readings: of the right sort, and with a number of ours."""
    _line, cells = row
    right = all(cells.get(name, "").lower() in wanted for name, wanted in meter.only.items())
    return right and any(cells.get(name) for name in meter.columns)


def _form_of_times(meter: Meter, rows: list[Row]) -> str:
    """The form that reads every time (or nearly: some rows may be spoilt)."""
    asked = rows[:5_000]
    read = {form: sum(_moment(meter, cells, form) is not None for _, cells in asked)
            for form in TIMES}  # fmt: skip
    best = max(TIMES, key=lambda form: read[form])
    if asked and not read[best]:
        line, cells = asked[0]
        raise DataRefusedError(
            f"line {line}: the time {_written_time(meter, cells)[:30]!r} is written in no way "
            "known here; 2021-06-03 08:15 would be right."
        )
    return best


def _written_time(meter: Meter, cells: dict[str, str]) -> str:
    return " ".join(cells.get(name, "") for name in meter.times).strip()


def _moment(meter: Meter, cells: dict[str, str], form: str) -> datetime | None:
    try:
        return datetime.strptime(_written_time(meter, cells), form)
    except ValueError:
        return None


def _each(meter: Meter, rows: list[Row], form: str, seen: Tally) -> Iterator[Reading]:
    for line, cells in rows:
        moment = _moment(meter, cells, form)
        if moment is None:
            seen.fault(f"line {line}", "its time is not written as the others are")
            continue
        try:
            yield from list(_of_row(meter, cells, moment))
        except ValueError as fault:
            seen.fault(f"line {line}", str(fault))


def _of_row(meter: Meter, cells: dict[str, str], moment: datetime) -> Iterator[Reading]:
    """One reading for each kind the row has a number of."""
    device = "".join(c for c in cells.get(meter.device, "") if c.isprintable())[:80]
    name = f"{meter.label} {device}".strip() if meter.name != "plain" else device
    first = {c.kind: (c, cells[n]) for n, c in meter.columns.items() if cells.get(n)
             and not c.second}  # fmt: skip
    lower = next((cells[n] for n, c in meter.columns.items() if c.second and cells.get(n)), "")
    for kind, (column, written) in first.items():
        if written == "-":
            continue
        yield _reading(kind, column, written, lower, moment, name)


def _reading(
    kind: str, column: Column, written: str, lower: str, moment: datetime, device: str
) -> Reading:
    both = kind == "blood_pressure"
    value, second = _number(written), _number(lower) if both else None
    return Reading(
        kind, value, second, column.unit, moment, None, device, written, lower if both else ""
    )


def _number(written: str) -> Decimal:
    if not NUMBER.fullmatch(written):
        raise ValueError(f"{written[:20]!r} is not a number")
    return Decimal(written.replace(",", "."))
