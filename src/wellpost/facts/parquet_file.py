"""One table in Parquet: a file, or a directory of files, partitioned or not."""

from __future__ import annotations

from sqlglot import exp, parse_one

from wellpost.errors import DataRefusedError
from wellpost.facts.duck import Duck
from wellpost.facts.files import Files, fingerprint, literal_paths
from wellpost.facts.naming import columns_of, named
from wellpost.facts.source import Held
from wellpost.facts.tables import TABLES

SCHEMAS = parse_one(
    "SELECT COUNT(DISTINCT told) FROM (SELECT LIST({'name': name, 'type': type}) AS told"
    " FROM files GROUP BY file_name) AS each_file",
    read="duckdb",
)
"""How many kinds of columns the files have."""


def hold_parquet(duck: Duck, table: str, files: Files) -> Held:
    """The file or directory; DataRefusedError when it cannot be read as Parquet."""
    try:
        relation = named(duck, table, files, _read(table, files, alike=_are_alike(duck, files)))
        types = columns_of(duck, relation)
    except DataRefusedError as refused:
        raise DataRefusedError(*_in_its_place(files, refused)) from None
    return Held(
        table=table,
        label=files.label,
        relation=relation,
        types={name: types[name] for name in types if name not in _ignored(table, files)},
        numbered=_numbered(table, files),
        locate=lambda file, row: f"{files.shown(file)} row {row + 1}",
        fingerprint=fingerprint(files.paths),
    )


def _in_its_place(files: Files, refused: DataRefusedError) -> list[str]:
    """The sentences with the directory before the file's name."""
    place = "" if files.top.is_file() else files.label
    return [f"{place}{sentence}" for sentence in refused.faults]


def _are_alike(duck: Duck, files: Files) -> bool:
    """Whether the columns of one file are those of all; small files are not asked."""
    if len(files.paths) == 1:
        return True
    if files.are_small:
        return False
    schema = exp.Anonymous(this="PARQUET_SCHEMA", expressions=[literal_paths(files.paths)])
    told = exp.Table(this=schema, alias=exp.TableAlias(this=exp.to_identifier("files")))
    query = SCHEMAS.transform(lambda node: told if isinstance(node, exp.Table) else node)
    ((kinds,),) = duck.run(query.sql("duckdb"))
    return int(kinds) == 1


def _ignored(table: str, files: Files) -> frozenset[str]:
    """What stands in the paths and is no column of the table, such as a year."""
    return files.partitions - {*TABLES[table].names}


def _read(table: str, files: Files, *, alike: bool, **options: bool) -> exp.Table:
    in_path = bool(files.partitions & {*TABLES[table].names})
    wanted = {"union_by_name": not alike, "hive_partitioning": in_path, **options}
    if in_path:
        wanted["hive_types_autocast"] = False
    arguments = [
        exp.EQ(this=exp.var(key), expression=exp.convert(value)) for key, value in wanted.items()
    ]
    read = [literal_paths(files.paths), *arguments]
    return exp.Table(this=exp.Anonymous(this="READ_PARQUET", expressions=read))


def _numbered(table: str, files: Files) -> exp.Expr:
    alike = len(files.paths) == 1
    read = _read(table, files, alike=alike, file_row_number=True, filename=True)
    return (
        exp.select("*", "file_row_number AS row_number", "filename AS file_name")
        .from_(read)
        .subquery("numbered")
    )
