"""The files of a table: found in a folder, named literally, and known again while untouched."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from sqlglot import exp

from wellpost.errors import DataRefusedError

KINDS = {".csv": "csv", ".csv.gz": "csv", ".parquet": "parquet"}
"""What a file holds, by how its name ends."""

FEW = 100
"""Files that may be named in a query; more are given a name together."""

MANY_BYTES = 2**29
SMALL_BYTES = 2**16
"""Files of this size on average, and no more than `MANY_BYTES` in all, are read once for good."""


@dataclass(frozen=True)
class Files:
    """The files that hold a table, all of one kind, and the name of what they lie in."""

    kind: str
    label: str
    paths: Sequence[Path]
    top: Path

    @property
    def partitions(self) -> frozenset[str]:
        """Columns whose value stands in the path: `year=2021/part-0.parquet`."""
        return _partitions(self.paths[0].relative_to(self.top).parent)

    @property
    def are_many(self) -> bool:
        """Whether a query had better not name each of them."""
        return len(self.paths) > FEW

    @property
    def are_small(self) -> bool:
        """Whether opening them takes longer than reading them, so that they are read only once."""
        total = sum(path.stat().st_size for path in self.paths) if self.are_many else 0
        return self.are_many and total <= min(MANY_BYTES, SMALL_BYTES * len(self.paths))

    def shown(self, file: str) -> str:
        """A file as a user knows it."""
        return str(Path(file).relative_to(self.top.parent))


def files_of(place: Path) -> Files:
    """The files of a table that lies there; DataRefusedError when there are none, or two kinds."""
    place = place.absolute()
    if place.is_file():
        return Files(_kind(place.name) or "parquet", place.name, [place], place)
    found = sorted(_walked(place))
    kinds = {_kind(path.name) for path in found}
    if not found:
        raise DataRefusedError(f"{place.name}/ holds no .parquet or .csv file.")
    if len(kinds) > 1:
        raise DataRefusedError(f"{place.name}/ holds CSV and Parquet; leave one of them.")
    if (
        len({_partitions(folder.relative_to(place)) for folder in {path.parent for path in found}})
        > 1
    ):
        raise DataRefusedError(f"{place.name}/ is partitioned in more than one way; use one.")
    return Files(str(kinds.pop()), f"{place.name}/", found, place)


def _walked(place: Path) -> Iterator[Path]:
    """Every file of a table, without those that programs keep for themselves (`_SUCCESS`)."""
    for folder, inner, names in os.walk(place):
        inner[:] = [name for name in inner if name[0] not in "._"]
        yield from (Path(folder, name) for name in names if name[0] not in "._" and _kind(name))


def _partitions(folder: Path) -> frozenset[str]:
    parts = (part.partition("=") for part in folder.parts)
    return frozenset(unquote(name) for name, equals, _ in parts if equals)


def _kind(name: str) -> str | None:
    return next((kind for end, kind in KINDS.items() if name.lower().endswith(end)), None)


def literal_path(path: Path) -> exp.Literal:
    """The path as text that DuckDB does not take for a pattern."""
    return exp.Literal.string(re.sub(r"([\[*?])", r"[\1]", str(path.absolute())))


def literal_paths(paths: Iterable[Path]) -> exp.Array:
    """The same for several files."""
    return exp.Array(expressions=[literal_path(path) for path in paths])


def fingerprint(paths: Iterable[Path]) -> str:
    """Paths, sizes and times of change: equal only while the files are untouched."""
    told, place = hashlib.sha256(), cache(Path.resolve)
    for path in paths:
        stat = path.stat()
        where = f"{place(path.parent)}/{path.name}"
        told.update(f"{where}|{stat.st_size}|{stat.st_mtime_ns}\n".encode())
    return told.hexdigest()
