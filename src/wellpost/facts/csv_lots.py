"""Small files of CSV, more than a query had better name: read once for good, some at a time.

DuckDB keeps something of every file that a query reads, 70 kB or so; of a hundred thousand files
that is more than a machine has, and of each lot of them it is let go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlglot import exp

from wellpost.errors import DataRefusedError
from wellpost.facts.duck import Duck

AT_ONCE = 1_000
PLACE = ("file_name", "row_number")
"""Where a row stands: which of the files read, and its number among the readable ones there."""

Headers = Mapping[tuple[str, ...], Sequence[Path]]
"""The files by the names in their first lines."""

Read = Callable[[Sequence[Path], Sequence[str], bool], exp.Expr]
"""`read_csv` of files with these names in their first lines; tolerant of lines that are no rows."""


@dataclass
class Lots:
    """A table in the database of all rows that can be read, with their places."""

    duck: Duck
    name: str
    columns: Sequence[str]
    read: Read
    paths: list[Path] = field(default_factory=list)
    broken: exp.Expr | None = None
    """The first lot that has lines which are no rows; to read it is refused, and says why."""

    def fill(self, headers: Headers) -> None:
        """Read all files."""
        self.duck.run(_creating(self.name, self.columns))
        for names, paths in headers.items():
            for lot in _lots(paths):
                self._add(names, lot)

    def _add(self, names: Sequence[str], lot: Sequence[Path]) -> None:
        there = [name for name in self.columns if name in names or _in_path(name, lot)]
        try:
            self._insert(there, self.read(lot, names, False))
        except DataRefusedError:
            if self.broken is None:
                self.broken = self.read(lot, names, False)
            with suppress(DataRefusedError):  # no UTF-8: nothing of the lot can be read
                self._insert(there, self.read(lot, names, True))
        self.paths += lot

    def _insert(self, there: Sequence[str], read: exp.Expr) -> None:
        rows = _placed(there, read, len(self.paths))
        columns = [exp.to_identifier(each, quoted=True) for each in (*there, *PLACE)]
        self.duck.run(exp.insert(rows, self.name, columns=columns).sql("duckdb"))

    @property
    def rows(self) -> exp.Subquery:
        """All of them, without their places."""
        columns = (exp.column(each, quoted=True) for each in self.columns)
        return exp.select(*columns).from_(self.name).subquery("files")

    def file(self, number: str) -> Path:
        """The file that `file_name` tells."""
        return self.paths[int(number)]


def _lots(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    for begin in range(0, len(paths), AT_ONCE):
        yield paths[begin : begin + AT_ONCE]


def _in_path(name: str, lot: Sequence[Path]) -> bool:
    return any(part.startswith(f"{name}=") for part in lot[0].parent.parts)


def _creating(name: str, columns: Sequence[str]) -> str:
    typed = {**dict.fromkeys(columns, "VARCHAR"), **dict.fromkeys(PLACE, "BIGINT")}
    told = [
        exp.ColumnDef(
            this=exp.to_identifier(column, quoted=True),
            kind=exp.DataType.build(kind, dialect="duckdb"),
        )
        for column, kind in typed.items()
    ]
    schema = exp.Schema(this=exp.to_table(name), expressions=told)
    return exp.Create(this=schema, kind="TABLE").sql("duckdb")


def _placed(columns: Sequence[str], read: exp.Expr, before: int) -> exp.Select:
    """The rows of a lot with their places; `before`: how many files were read before it."""
    told = [exp.column(each, quoted=True) for each in columns]
    row = exp.alias_(exp.Window(this=exp.RowNumber()), "row_of_lot")
    rows = exp.select(*told, "file_index", row).from_(read).subquery("rows_of_files")
    first = "MIN(row_of_lot) OVER (PARTITION BY file_index)"
    placed = exp.select(*told, f"file_index + {before} AS file_name")
    return placed.select(f"row_of_lot - {first} AS row_number").from_(rows)
