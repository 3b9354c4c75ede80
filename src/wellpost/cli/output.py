"""Answers written out: tables for a terminal or a pipe, JSON and CSV; files whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from wellpost.errors import RequestError

Row = Mapping[str, object]
COUNTS = ("denominator", "numerator", "rate", "needed", "required", "met", "excluded")
POINTS = ("points", "maximum", "score", "base", "performance", "bonus", "weight", "contribution")
NUMBERS = (*COUNTS, *POINTS, "encounters", "certified", "unknown")


@dataclass(frozen=True)
class Sheet:
    """One part for reading: a title, then a table of texts, then lines; each may be empty."""

    title: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    lines: Sequence[str] = ()


@dataclass(frozen=True)
class Answer:
    """What a command has to say, in each form it can be written in.

    `whole` is the JSON object; `rows` are its rows for CSV with `columns`; `sheets` and `notes`
    are for reading; `page` makes a page of HTML, where the command has one.
    """

    whole: object
    columns: Sequence[str]
    rows: Sequence[Row]
    sheets: Sequence[Sheet] = ()
    notes: Sequence[str] = field(default_factory=list)
    page: Callable[[], Iterable[str]] = tuple


def write(answer: Answer, form: str, out: str | None) -> None:
    """Write the answer in its form to a file or, with `out` None, to standard output."""
    with _opened(out) as file:
        if form == "table" and file.isatty():
            _write_pretty(answer, file)
        else:
            file.writelines(FORMS[form](answer))


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file, whole or not at all; only its owner may read it."""
    with _whole(path) as file:
        file.buffer.write(content)


def as_json(answer: Answer) -> Iterator[str]:
    """The whole as one JSON object."""
    yield from json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(answer.whole)
    yield "\n"


def as_csv(answer: Answer) -> Iterator[str]:
    """The rows under a line of names; what is null is empty."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, answer.columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for row in answer.rows:
        writer.writerow(row)
        yield lines.getvalue()
        lines.seek(0)
        lines.truncate()
    yield lines.getvalue()


def as_table(answer: Answer) -> Iterator[str]:
    """The sheets in plain columns, then the notes."""
    for sheet in answer.sheets:
        yield f"{sheet.title}\n\n"
        yield from _plain(sheet)
        yield from (f"{line}\n" for line in sheet.lines)
        yield "\n" if sheet.rows or sheet.columns or sheet.lines else ""
    yield from (f"{note}\n" for note in answer.notes)


def as_html(answer: Answer) -> Iterable[str]:
    """The page."""
    return answer.page()


FORMS: Mapping[str, Callable[[Answer], Iterable[str]]] = {
    "json": as_json,
    "csv": as_csv,
    "table": as_table,
    "html": as_html,
}


def _plain(sheet: Sheet) -> Iterator[str]:
    if not sheet.columns:
        return
    lines = [sheet.columns, *sheet.rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(sheet.columns))]
    for line in lines:
        cells = (
            cell.rjust(width) if name in NUMBERS else cell.ljust(width)
            for name, cell, width in zip(sheet.columns, line, widths, strict=True)
        )
        yield "  ".join(cells).rstrip() + "\n"


def _write_pretty(answer: Answer, file: TextIO) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(file=file, highlight=False)
    for sheet in answer.sheets:
        console.print(f"\n[bold]{escape(sheet.title)}[/bold]")
        if sheet.columns:
            console.print(_rich_table(sheet))
        for line in sheet.lines:
            console.print(escape(line))
    for note in answer.notes:
        console.print(escape(note), style="dim")


def _rich_table(sheet: Sheet) -> object:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for name in sheet.columns:
        table.add_column(name, justify="right" if name in NUMBERS else "left")
    for row in sheet.rows:
        table.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    return table


STYLES = {"met": "green", "not_met": "red", "excluded": "yellow", "incomplete": "yellow"}


@contextmanager
def _opened(out: str | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
    elif Path(out).exists() and not Path(out).is_file():
        with _saying(out), Path(out).open("w", encoding="utf-8") as device:
            yield device
    else:
        with _whole(Path(out)) as file:
            yield file


@contextmanager
def _whole(path: Path) -> Iterator[TextIO]:
    """A file that takes its place only when all of it is written; only its owner may read it."""
    with _saying(str(path)):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with _saying(str(path)), os.fdopen(handle, "w", encoding="utf-8") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _saying(out: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise RequestError(f"{out} cannot be written: {error.strerror}.") from None


def texts(row: Row, columns: Iterable[str]) -> list[str]:
    """The cells of a row as people read them: `-` where there is nothing, yes and no."""
    return [_text(row[name]) for name in columns]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)
