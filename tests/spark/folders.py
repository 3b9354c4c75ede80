"""Folders of Parquet for Spark: the tutorial's practice, whole and with faults."""

from __future__ import annotations

from pathlib import Path

import duckdb

FACTS = Path(__file__).parents[2] / "docs" / "tutorials" / "maine"


def practice(folder: Path, *changes: str) -> Path:
    """The practice as Parquet, every column a text, encounters in two files; then `changes`.

    A change is SQL over the tables of the same names.
    """
    for year in (2020, 2021):
        (folder / "encounters" / f"year={year}").mkdir(parents=True)
    with duckdb.connect() as connection:
        for file in FACTS.glob("*.csv"):
            connection.read_csv(str(file), all_varchar=True).create(file.stem)
        for change in changes:
            connection.execute(change)
        for name in ("clinicians", "messages"):
            connection.table(name).write_parquet(str(folder / f"{name}.parquet"))
        seen = connection.table("encounters")
        seen.filter("hash(encounter_id) % 2 = 0").write_parquet(
            str(folder / "encounters/year=2020/0.parquet")
        )
        half = seen.filter("hash(encounter_id) % 2 = 1")
        half.write_parquet(str(folder / "encounters/year=2021/one more.parquet"))
    return folder
