"""A folder of CSV or Parquet files, read by DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wellpost.errors import DataRefusedError
from wellpost.facts.csv_file import hold_csv_files
from wellpost.facts.duck import Duck, open_duck
from wellpost.facts.files import files_of
from wellpost.facts.parquet_file import hold_parquet
from wellpost.facts.reading import reading
from wellpost.facts.source import Held, Source
from wellpost.facts.tables import TABLES


def open_folder(folder: Path) -> Source:
    """The facts of a folder: table T is `T.csv`, `T.parquet` or a directory `T/` of either."""
    _refuse_an_empty_folder(folder)
    duck = open_duck()
    try:
        held = _hold_all(duck, folder)
    except BaseException:
        duck.close()
        raise
    return Source(
        dialect="duckdb",
        tables={name: reading(one, TABLES[name], "duckdb") for name, one in held.items()},
        execute=duck.execute,
        label=str(folder),
        held=held,
        on_close=duck.close,
        found=sorted(path.name for path in folder.iterdir()),
        percent=duck.percent,
    )


def _refuse_an_empty_folder(folder: Path) -> None:
    if not any(folder.iterdir()):
        raise DataRefusedError(
            f"{folder} is empty; put clinicians and encounters there, as CSV or Parquet."
        )


def _find_tables(folder: Path) -> Iterator[tuple[str, Path]]:
    """Which file or directory holds each table; DataRefusedError when two do."""
    for name in TABLES:
        holders = [path for path in _places(folder, name) if path.exists()]
        if len(holders) > 1:
            both = " and ".join(path.name for path in holders)
            raise DataRefusedError(f"{folder}: {both} both hold {name}; leave one of them.")
        if holders:
            yield name, holders[0]


def _places(folder: Path, name: str) -> Iterator[Path]:
    for end in (".csv", ".csv.gz", ".parquet", ""):
        yield folder / f"{name}{end}"


def _hold_all(duck: Duck, folder: Path) -> dict[str, Held]:
    """Every table there; DataRefusedError with a sentence for each that cannot be read."""
    held: dict[str, Held] = {}
    faults: list[str] = []
    for name, place in _find_tables(folder):
        try:
            held[name] = _hold(duck, name, place)
        except DataRefusedError as refused:
            faults += refused.faults
    if faults:
        raise DataRefusedError(*faults)
    return held


def _hold(duck: Duck, name: str, place: Path) -> Held:
    files = files_of(place)
    hold = hold_csv_files if files.kind == "csv" else hold_parquet
    return hold(duck, name, files)
