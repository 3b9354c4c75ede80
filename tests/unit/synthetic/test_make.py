"""Made-up facts: right by every check, the same at every making."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import duckdb

from wellpost.facts.checks import check
from wellpost.facts.sources import open_source
from wellpost.synthetic.make import MADE, make_facts
from wellpost.synthetic.scale import PRACTICE


def digests(folder: Path) -> list[str]:
    return [sha256((folder / f"{name}.parquet").read_bytes()).hexdigest() for name in MADE]


def test_each_table_is_told_of_and_passes_every_check(tmp_path: Path) -> None:
    assert tuple(make_facts(tmp_path, PRACTICE)) == MADE
    with open_source(tmp_path) as source:
        rows = check(source).rows
    assert rows["encounters"] == PRACTICE.encounters and rows["messages"] == PRACTICE.messages


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    for name, scale in (("a", PRACTICE), ("b", PRACTICE), ("c", replace(PRACTICE, seed=2))):
        list(make_facts(tmp_path / name, scale))
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert not set(digests(tmp_path / "a")) & set(digests(tmp_path / "c"))


def test_activity_is_skewed_and_lies_in_its_year(tmp_path: Path) -> None:
    scale = replace(PRACTICE, patients=1000, messages=3000, clinicians=20, practices=4)
    list(make_facts(tmp_path, scale))
    first, last, top = duckdb.sql(
        f"SELECT MIN(sent_on), MAX(sent_on), "
        f"COUNT(*) FILTER (WHERE CAST(patient_id[2:] AS INTEGER) < 100) "
        f"FROM '{tmp_path}/messages.parquet'"
    ).fetchall()[0]
    assert (first.year, last.year) == (2021, 2021)
    assert top > 3000 * 0.3
