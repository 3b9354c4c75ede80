"""One table in CSV: a file or a directory of files, each with its own first line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sqlglot import exp

from wellpost.errors import DataRefusedError
from wellpost.facts.csv_lines import header, line_of_row, unreadable_lines
from wellpost.facts.csv_lots import PLACE, Headers, Lots
from wellpost.facts.duck import Duck
from wellpost.facts.files import Files, files_of, fingerprint, literal_paths
from wellpost.facts.naming import named
from wellpost.facts.source import Held
from wellpost.facts.tables import TABLES

NUMBER = exp.Sub(this=exp.Window(this=exp.RowNumber()), expression=exp.Literal.number(1))


def hold_csv(table: str, path: Path) -> Held:
    """One file; DataRefusedError when its first line names no columns."""
    return _held(table, files_of(path))


def hold_csv_files(duck: Duck, table: str, files: Files) -> Held:
    """The file or directory. What cannot be read is refused when it is checked."""
    if files.are_small:
        return _held_for_good(duck, table, files)
    held = _held(table, files)
    with suppress(DataRefusedError):
        return replace(held, relation=named(duck, table, files, held.relation))
    return held


def _held(table: str, files: Files) -> Held:
    """The files with every column as text."""
    headers, in_path = _headers(files), _known_in_path(table, files)
    return Held(
        table=table,
        label=files.label,
        relation=_read(headers, in_path),
        types=dict.fromkeys([*_names(headers), *in_path], "varchar"),
        numbered=_numbered(headers, in_path),
        locate=lambda file, row: f"{files.shown(file)}:{line_of_row(Path(file), row)}",
        fingerprint=fingerprint(files.paths),
        tolerant=_read(headers, in_path, tolerant=True),
        unreadable=lambda: sum(unreadable_lines(path) for path in files.paths),
    )


def _held_for_good(duck: Duck, table: str, files: Files) -> Held:
    """The same of small files, whose rows are read now."""
    headers, in_path = _headers(files), _known_in_path(table, files)
    names = [*_names(headers), *in_path]

    def read(paths: Sequence[Path], names: Sequence[str], tolerant: bool) -> exp.Expr:
        return _read_alike(paths, names, _options(in_path, tolerant=tolerant))

    columns = [name for name in names if name not in PLACE]
    lots = Lots(duck, f"files_of_{table}", columns, read)
    lots.fill(headers)
    return Held(
        table=table,
        label=files.label,
        relation=lots.rows if lots.broken is None else lots.broken,
        types=dict.fromkeys(names, "varchar"),
        numbered=exp.to_table(lots.name),
        locate=lambda file, row: (
            f"{files.shown(str(lots.file(file)))}:{line_of_row(lots.file(file), row)}"
        ),
        fingerprint=fingerprint(files.paths),
        tolerant=lots.rows,
        unreadable=lambda: sum(unreadable_lines(path) for path in files.paths),
    )


def _headers(files: Files) -> Headers:
    headers: dict[tuple[str, ...], list[Path]] = {}
    for path in files.paths:
        headers.setdefault(tuple(header(path, files.shown(str(path)))), []).append(path)
    return headers


def _known_in_path(table: str, files: Files) -> list[str]:
    """Columns of the table that stand in the path."""
    return sorted(files.partitions & {*TABLES[table].names})


def _names(headers: Headers) -> list[str]:
    """Every name of any first line."""
    return list(dict.fromkeys(name for names in headers for name in names))


def _read(headers: Headers, in_path: Sequence[str], *, tolerant: bool = False) -> exp.Expr:
    """All files; what a file has no column for is null in its rows."""
    parts = [
        _read_alike(paths, names, _options(in_path, tolerant=tolerant))
        for names, paths in headers.items()
    ]
    return parts[0] if len(parts) == 1 else _by_name([exp.select("*").from_(one) for one in parts])


def _numbered(headers: Headers, in_path: Sequence[str]) -> exp.Expr:
    """The same with the file of each row, and its number among the readable rows of the file."""
    options = {**_options(in_path, tolerant=True), "filename": exp.true()}
    first = "MIN(row_number) OVER (PARTITION BY filename)"
    found = []
    for names, paths in headers.items():
        rows = exp.select("*", exp.alias_(NUMBER.copy(), "row_number"))
        rows = rows.from_(_read_alike(paths, names, options))
        placed = exp.select("* EXCLUDE (row_number, filename)", "filename AS file_name")
        placed = placed.select(f"row_number - {first} AS row_number")
        found.append(placed.from_(rows.subquery("rows_of_files")))
    return _by_name(found)


def _by_name(queries: Sequence[exp.Select]) -> exp.Subquery:
    """All rows of queries whose columns may differ."""
    every: exp.Query = queries[0]
    for query in queries[1:]:
        every = exp.Union(this=every, expression=query, distinct=False, by_name=True)
    return every.subquery("files")


def _options(in_path: Sequence[str], *, tolerant: bool) -> dict[str, exp.Expr]:
    """How RFC 4180 has it; nothing is guessed but the line end."""
    options: dict[str, exp.Expr] = {
        "auto_detect": exp.false(),
        "header": exp.true(),
        "delim": exp.Literal.string(","),
        "quote": exp.Literal.string('"'),
        "escape": exp.Literal.string('"'),
        "ignore_errors": exp.convert(tolerant),
        "hive_partitioning": exp.convert(bool(in_path)),
    }
    return {**options, **({"hive_types_autocast": exp.false()} if in_path else {})}


def _read_alike(
    paths: Sequence[Path], names: Sequence[str], options: Mapping[str, exp.Expr]
) -> exp.Table:
    """`read_csv` of files with the same first line."""
    columns = exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.Literal.string(name), expression=exp.Literal.string("VARCHAR"))
            for name in names
        ]
    )
    told = {**options, "columns": columns}
    arguments = [exp.EQ(this=exp.var(key), expression=value.copy()) for key, value in told.items()]
    read = exp.Anonymous(this="READ_CSV", expressions=[literal_paths(paths), *arguments])
    return exp.Table(this=read)
