"""Make up facts with DuckDB, at speed: the same scale and seed give the same bytes.

Each row is decided by hashes of its own number, so that no order of work can change it. Activity is
skewed: few clinicians see many patients, few patients write most messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import duckdb

from wellpost.facts.identifiers import with_check_digit
from wellpost.synthetic.scale import Scale

MADE = ("clinicians", "encounters", "messages", "portal_actions", "patient_data", "appointments")


def make_facts(folder: Path, scale: Scale) -> Iterator[str]:
    """Write each table as Parquet into the folder; yields its name when it is done."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        # one thread: the order of rows, and so every byte, is settled
        connection.execute("SET threads = 1")
        connection.execute(text("chance"))
        _make_roster(connection, scale)
        for name in MADE:
            relation = connection.sql(text(name), params=_values(name, scale))
            relation.write_parquet(str(folder / f"{name}.parquet"), row_group_size=122_880)
            yield name


def text(name: str) -> str:
    """The SQL that makes the table."""
    return files("wellpost.synthetic").joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _make_roster(connection: duckdb.DuckDBPyConnection, scale: Scale) -> None:
    """Number, npi and tin of every clinician; every tenth works in a second practice."""
    connection.execute(
        "CREATE TABLE roster (number BIGINT, npi VARCHAR, tin VARCHAR, other VARCHAR)"
    )
    rows = []
    for number in range(scale.clinicians):
        first, second = number % scale.practices, (number * 7 + 3) % scale.practices
        other = _tin(scale, second) if number % 10 == 0 and second != first else None
        rows.append((number, _npi(scale, number), _tin(scale, first), other))
    connection.executemany("INSERT INTO roster VALUES (?, ?, ?, ?)", rows)


def _tin(scale: Scale, practice: int) -> str:
    return f"9{_scattered(scale, practice)}"


def _npi(scale: Scale, clinician: int) -> str:
    return with_check_digit(f"1{_scattered(scale, clinician)}")


def _scattered(scale: Scale, number: int) -> str:
    """Eight digits, different for every number below 100 million."""
    return f"{(number * 61_803_397 + scale.seed) % 10**8:08}"


def _values(name: str, scale: Scale) -> dict[str, int]:
    """The values that the table's SQL names."""
    every = {
        "rows": getattr(scale, name),
        "patients": scale.patients,
        "clinicians": scale.clinicians,
        "year": scale.year,
        "seed": scale.seed,
    }
    return {key: value for key, value in every.items() if f"${key}" in text(name)}
