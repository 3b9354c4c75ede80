"""One CSV file: its header, how DuckDB reads it, and the line a row stands on."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from sqlglot import exp

from wellpost.errors import DataRefusedError
from wellpost.facts.files import fingerprint, literal_path
from wellpost.facts.source import Held

FAULTS = {
    "unterminated quote": "a quoted field is never closed; the file may have been cut off",
    "quote should be followed": "a quote stands inside a field; double it and quote the field",
    "not utf-8": "it is not UTF-8 text; save the file as UTF-8",
    "Expected Number of Columns": "it has more or fewer fields than the first line names; "
    "the file may have been cut off",
    "Maximum line size": "it is longer than 2 MB",
    "invalid state": "its lines do not end alike or its quotes do not pair; save it as CSV again",
}


def hold_csv(table: str, path: Path) -> Held:
    """The file with every column as text; DataRefusedError when its first line names no columns."""
    names = header(path)
    return Held(
        table=table,
        label=path.name,
        relation=_read(path, names),
        types=dict.fromkeys(names, "varchar"),
        numbered=_numbered(path, names),
        locate=lambda _, row: f"{path.name}:{line_of_row(path, row)}",
        fingerprint=fingerprint([path]),
        tolerant=_read(path, names, tolerant=True),
        unreadable=lambda: unreadable_lines(path, len(names)),
    )


def header(path: Path) -> list[str]:
    """The names in the first line."""
    try:
        with path.open(encoding="utf-8-sig", newline="", errors="surrogateescape") as file:
            names = [name.strip() for name in next(csv.reader(file, strict=True), [])]
        "".join(names).encode()
    except (UnicodeError, csv.Error):
        raise DataRefusedError(
            f"{path.name}:1: it is not UTF-8 text; save the file as UTF-8."
        ) from None
    if not any(names):
        raise DataRefusedError(f"{path.name} is empty; its first line must name the columns.")
    _refuse_twins(path, names)
    return names


def _refuse_twins(path: Path, names: list[str]) -> None:
    twins = sorted({name for name in names if names.count(name) > 1})
    if twins:
        raise DataRefusedError(f"{path.name}:1: column {twins[0]} stands there twice.")


def _read(path: Path, names: list[str], *, tolerant: bool = False) -> exp.Expr:
    """`read_csv` as RFC 4180 has it; nothing is guessed but the line end."""
    columns = exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.Literal.string(name), expression=exp.Literal.string("VARCHAR"))
            for name in names
        ]
    )
    options: dict[str, exp.Expr] = {
        "auto_detect": exp.false(),
        "header": exp.true(),
        "columns": columns,
        "delim": exp.Literal.string(","),
        "quote": exp.Literal.string('"'),
        "escape": exp.Literal.string('"'),
        "ignore_errors": exp.convert(tolerant),
    }
    arguments = [exp.EQ(this=exp.var(key), expression=value) for key, value in options.items()]
    return exp.Table(
        this=exp.Anonymous(this="READ_CSV", expressions=[literal_path(path), *arguments])
    )


def _numbered(path: Path, names: list[str]) -> exp.Expr:
    number = exp.Sub(this=exp.Window(this=exp.RowNumber()), expression=exp.Literal.number(1))
    return (
        exp.select("*", exp.alias_(number, "row_number"))
        .select(exp.alias_(exp.Literal.string(path.name), "file_name"))
        .from_(_read(path, names, tolerant=True))
        .subquery("numbered")
    )


def line_of_row(path: Path, row: int) -> int:
    """The line on which that row starts (the first line is 1, row 0 the first below the header)."""
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        records = csv.reader(file)
        width = len(next(records))
        before, rows = records.line_num, -1
        for record in records:
            rows += len(record) == width
            if rows == row:
                return before + 1
            before = records.line_num
    return before


def unreadable_lines(path: Path, width: int) -> int:
    """How many records have more or fewer fields than the header names."""
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        return sum(1 for record in csv.reader(file) if record and len(record) != width)


def read_fault(error: Exception) -> DataRefusedError:
    """DuckDB's complaint about a file as one sentence of ours, without the line's content."""
    text = str(error)
    file = re.search(r"file = (.+)|file '([^']+)'|File '([^']+)'|\"([^\"]+\.csv)\"", text)
    name = Path(next(group for group in file.groups() if group)).name if file else "a file"
    line = re.search(r"on Line: (\d+)", text)
    where = f"{name}:{line[1]}" if line else name
    for sign, says in FAULTS.items():
        if sign in text:
            return DataRefusedError(f"{where}: {says}.")
    return DataRefusedError(f"{where}: it cannot be read; it may be cut off or of another kind.")
