"""What every kind of file shares: a path as DuckDB takes it literally, and a fingerprint."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from sqlglot import exp


def literal_path(path: Path) -> exp.Literal:
    """The path as text that DuckDB does not take for a pattern."""
    return exp.Literal.string(re.sub(r"([\[*?])", r"[\1]", str(path.resolve())))


def fingerprint(paths: Iterable[Path]) -> str:
    """Paths, sizes and times of change: equal only while the files are untouched."""
    stats = [(path.resolve(), path.stat()) for path in paths]
    return "\n".join(f"{path}|{stat.st_size}|{stat.st_mtime_ns}" for path, stat in stats)
