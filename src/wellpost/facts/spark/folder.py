"""A folder of Parquet that Spark reads: on this machine, or where the cluster finds it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sqlglot import exp

from wellpost.errors import DataRefusedError, RequestError
from wellpost.facts.files import fingerprint
from wellpost.facts.source import Held
from wellpost.facts.spark.running import condition, failures
from wellpost.facts.spark.types import native_types
from wellpost.facts.tables import TABLES

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

NOT_THERE = "PATH_NOT_FOUND"
NO_FILE = "UNABLE_TO_INFER_SCHEMA"


def hold_folder(session: SparkSession, folder: str) -> tuple[dict[str, Held], list[str]]:
    """Every fact table there: `T.parquet` or a directory `T/`, as a view of the session."""
    _refuse_other_files(folder)
    found = {}
    for name in TABLES:
        places = {f"{folder.rstrip('/')}/{each}": each for each in (f"{name}.parquet", name)}
        there = {place: frame for place in places if (frame := _read(session, place)) is not None}
        if len(there) > 1:
            both = " and ".join(places[place] for place in there)
            raise DataRefusedError(f"{folder}: {both} both hold {name}; leave one of them.")
        for place, frame in there.items():
            found[name] = _hold(name, place, frame)
    return found, sorted(Path(each.label).name for each in found.values())


def name_of(folder: str) -> str:
    """The folder as messages name it, without what may be secret in an address."""
    return folder.split("?")[0]


def _refuse_other_files(folder: str) -> None:
    """Spark reads CSV more loosely than the law of the facts, and FHIR not at all."""
    if "://" in folder or not Path(folder).is_dir():
        return
    other = sorted(
        path.name
        for path in Path(folder).iterdir()
        if path.suffix in (".csv", ".ndjson", ".gz") and path.is_file()
    )
    if other:
        raise RequestError(
            f"{folder} holds {other[0]}; on Spark facts are read from Parquet. "
            f"Write it with: wellpost facts {folder} --to NEW_FOLDER"
        )


def _read(session: SparkSession, place: str) -> DataFrame | None:
    """The Parquet there; None when there is nothing."""
    reader = session.read.option("mergeSchema", "true").option("recursiveFileLookup", "true")
    if not place.endswith(".parquet"):
        reader = reader.option("pathGlobFilter", "*.parquet")
    try:
        frame = reader.parquet(place)
        frame.schema  # noqa: B018  # Spark Connect looks at the files only now
        return frame
    except failures() as error:
        if condition(error).startswith(NOT_THERE):
            return None
        raise _unreadable(Path(place).name, condition(error)) from None


def _unreadable(name: str, reason: str) -> DataRefusedError:
    if reason.startswith(NO_FILE):
        return DataRefusedError(f"{name}/ holds no .parquet file.")
    return DataRefusedError(
        f"{name} cannot be read as Parquet; it may be cut off or of another kind."
    )


def _hold(name: str, place: str, frame: DataFrame) -> Held:
    numbered = f"{name}_numbered"
    frame.createOrReplaceTempView(name)
    frame.select("*", "_metadata.file_path", "_metadata.row_index").createOrReplaceTempView(
        numbered
    )
    rows = exp.select("*", "row_index AS row_number", "file_path AS file_name").from_(numbered)
    path = Path(place)
    return Held(
        table=name,
        label=path.name if place.endswith(".parquet") else f"{path.name}/",
        relation=exp.to_table(name),
        types=native_types(frame),
        numbered=rows.subquery("numbered"),
        locate=lambda file, row: f"{_shown(path.name, file)} row {row + 1}",
        fingerprint=_fingerprint(path) if "://" not in place else None,
    )


def _shown(name: str, file: str) -> str:
    """The file from the table's own directory on: Spark gives an address."""
    return name + unquote(file).rpartition(f"/{name}")[2]


def _fingerprint(path: Path) -> str | None:
    """None where this machine does not see the files that the cluster reads."""
    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    return fingerprint(files) if files and files[0].is_file() else None
