"""A folder of Parquet that Spark reads: on this machine, or where the cluster finds it."""

from __future__ import annotations

import re
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
TWO_WAYS = "CONFLICTING_"
OTHER_KINDS = (".csv", ".csv.gz", ".ndjson", ".ndjson.gz")


def hold_folder(session: SparkSession, folder: str) -> tuple[dict[str, Held], list[str]]:
    """Every fact table there: `T.parquet` or a directory `T/`, as a view of the session."""
    _refuse_other_files(folder)
    held = {}
    for name in TABLES:
        places = [f"{folder.rstrip('/')}/{each}" for each in (f"{name}.parquet", name)]
        there = [(each, frame) for each in places if (frame := _read(session, name, each))]
        if len(there) > 1:
            both = f"{name}.parquet and {name}"
            raise DataRefusedError(f"{folder}: {both} both hold {name}; leave one of them.")
        for place, frame in there:
            held[name] = _hold(name, place, frame)
    return held, sorted(each.label for each in held.values())


def name_of(folder: str) -> str:
    """The folder as messages name it, without what may be secret in an address."""
    return folder.split("?")[0]


def _refuse_other_files(folder: str) -> None:
    """Spark reads CSV more loosely than facts are written, and FHIR not at all."""
    if "://" in folder or not Path(folder).is_dir():
        return
    names = sorted(path.name for path in Path(folder).iterdir())
    other = [name for name in names if name.lower().endswith(OTHER_KINDS)]
    if other:
        raise RequestError(
            f"{folder} holds {other[0]}; on Spark facts are read from Parquet. "
            f"Write it with: wellpost facts {folder} --to NEW_FOLDER"
        )


def _read(session: SparkSession, table: str, place: str) -> DataFrame | None:
    """The Parquet there; None when there is nothing."""
    reader = session.read.option("mergeSchema", "true")
    if not place.endswith(".parquet"):
        reader = reader.option("pathGlobFilter", "*.parquet")
    literal = re.sub(r"([\[\]{}*?\\])", r"\\\1", place)
    try:
        frame = reader.option("recursiveFileLookup", "true").parquet(literal)
        partitions = _partitions(place, frame)
        if partitions:
            frame = reader.option("recursiveFileLookup", "false").parquet(literal)
        return _numbered(frame).drop(*(partitions - {*TABLES[table].names}))
    except failures() as error:
        if condition(error).startswith(NOT_THERE):
            return None
        raise _unreadable(Path(place).name, condition(error)) from None


def _partitions(place: str, frame: DataFrame) -> frozenset[str]:
    """Columns whose value stands in the path of the first file: `year=2021/part-0.parquet`."""
    first = next(iter(frame.inputFiles()), "")
    folders = unquote(first).rpartition(f"/{Path(place).name}/")[2].split("/")[:-1]
    return frozenset(name for name, equals, _ in (one.partition("=") for one in folders) if equals)


def _numbered(frame: DataFrame) -> DataFrame:
    return frame.select("*", "_metadata.file_path", "_metadata.row_index")


def _unreadable(name: str, reason: str) -> DataRefusedError:
    if reason.startswith(NO_FILE):
        return DataRefusedError(f"{name}/ holds no .parquet file.")
    if reason.startswith(TWO_WAYS):
        return DataRefusedError(f"{name}/ is partitioned in more than one way; use one.")
    return DataRefusedError(
        f"{name} cannot be read as Parquet; it may be cut off or of another kind."
    )


def _hold(name: str, place: str, numbered: DataFrame) -> Held:
    frame, path = numbered.drop("file_path", "row_index"), Path(place)
    frame.createOrReplaceTempView(name)
    numbered.createOrReplaceTempView(f"{name}_numbered")
    rows = exp.select("*", "row_index AS row_number", "file_path AS file_name")
    return Held(
        table=name,
        label=path.name if place.endswith(".parquet") else f"{path.name}/",
        relation=exp.to_table(name),
        types=native_types(frame),
        numbered=rows.from_(f"{name}_numbered").subquery("numbered"),
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
