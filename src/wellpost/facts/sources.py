"""Open facts wherever they lie: a folder of files, an SQLite file, PostgreSQL, Spark."""

from __future__ import annotations

from pathlib import Path

from wellpost.errors import DataRefusedError, RequestError
from wellpost.facts.folder import open_folder
from wellpost.facts.source import Held, Source
from wellpost.facts.spark import is_spark_address, open_spark
from wellpost.facts.sqlite import SQLITE_MAGIC, open_sqlite

__all__ = ["Held", "Source", "open_source"]


def open_source(where: str | Path, *, spark: str = "") -> Source:
    """The facts there, not yet checked; `wellpost.facts.checks.check` does that.

    With `spark`, the address of a Spark, that Spark reads them: a folder of Parquet.
    RequestError when nothing is there, DataRefusedError when it holds no facts.
    """
    text = str(where)
    if spark:
        return open_spark(spark, None if text == spark else text)
    if text.startswith(("postgresql://", "postgres://")):
        from wellpost.facts.postgresql import open_postgresql  # a fifth of a second, for few

        return open_postgresql(text)
    path = Path(text)
    if path.is_dir():
        return open_folder(path)
    if not path.exists():
        if is_spark_address(text):
            return open_spark(text)
        raise RequestError(f"{text}: there is no such folder or file.")
    if _starts_as_sqlite(path):
        return open_sqlite(path)
    raise DataRefusedError(
        f"{text} is no SQLite file; give a folder with clinicians.csv and encounters.csv (or "
        "Parquet), an SQLite file, a postgresql:// address, or a Spark (local[*], spark://, sc://)."
    )


def _starts_as_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
