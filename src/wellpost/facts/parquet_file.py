"""One table in Parquet: a file, or a directory of files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
from sqlglot import exp

from wellpost.errors import DataRefusedError
from wellpost.facts.files import fingerprint, literal_path
from wellpost.facts.source import Held


def hold_parquet(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> Held:
    """The file or directory; DataRefusedError when it cannot be read as Parquet."""
    files = _files(path)
    relation = _read(files)
    return Held(
        table=table,
        label=f"{path.name}/" if path.is_dir() else path.name,
        relation=relation,
        types=_types(connection, path, relation),
        numbered=_numbered(files),
        locate=lambda file, row: f"{_shown(path, file)} row {row + 1}",
        fingerprint=fingerprint(files),
    )


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    files = sorted(path.rglob("*.parquet"))
    if not files:
        raise DataRefusedError(f"{path.name}/ holds no .parquet file.")
    return files


def _shown(path: Path, file: str) -> str:
    return str(Path(file).relative_to(path.resolve().parent))


def _read(files: Sequence[Path], **options: bool) -> exp.Table:
    paths = exp.Array(expressions=[literal_path(file) for file in files])
    wanted = {"union_by_name": True, "hive_partitioning": False, **options}
    arguments = [
        exp.EQ(this=exp.var(key), expression=exp.convert(value)) for key, value in wanted.items()
    ]
    return exp.Table(this=exp.Anonymous(this="READ_PARQUET", expressions=[paths, *arguments]))


def _numbered(files: Sequence[Path]) -> exp.Expr:
    read = _read(files, file_row_number=True, filename=True)
    return (
        exp.select("*", "file_row_number AS row_number", "filename AS file_name")
        .from_(read)
        .subquery("numbered")
    )


def _types(
    connection: duckdb.DuckDBPyConnection, path: Path, relation: exp.Table
) -> dict[str, str]:
    query = exp.select("*").from_(relation.copy()).limit(0)
    try:
        described = connection.execute(query.sql("duckdb")).description or []
    except duckdb.Error:
        raise DataRefusedError(
            f"{path.name} cannot be read as Parquet; it may be cut off or of another kind."
        ) from None
    return {str(name): str(kind).lower() for name, kind, *_ in described}
