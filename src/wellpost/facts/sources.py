"""Open facts wherever they lie: a folder of files, an SQLite file, a PostgreSQL address."""

from __future__ import annotations

from pathlib import Path

from wellpost.errors import DataRefusedError, RequestError
from wellpost.facts.folder import open_folder
from wellpost.facts.postgresql import open_postgresql
from wellpost.facts.source import Held, Source
from wellpost.facts.sqlite import SQLITE_MAGIC, open_sqlite

__all__ = ["Held", "Source", "open_source"]


def open_source(where: str | Path) -> Source:
    """The facts there, not yet checked; `wellpost.facts.checks.check` does that.

    RequestError when nothing is there, DataRefusedError when it holds no facts.
    """
    text = str(where)
    if text.startswith(("postgresql://", "postgres://")):
        return open_postgresql(text)
    path = Path(text)
    if path.is_dir():
        return open_folder(path)
    if not path.exists():
        raise RequestError(f"{text}: there is no such folder or file.")
    if _starts_as_sqlite(path):
        return open_sqlite(path)
    raise DataRefusedError(
        f"{text} is no SQLite file; give a folder with clinicians.csv and encounters.csv (or "
        "Parquet), an SQLite file, or a postgresql:// address."
    )


def _starts_as_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
