"""Made-up facts: right by every check, the same at every making, skewed as real ones are."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from wellpost.errors import RequestError
from wellpost.facts.checks import check
from wellpost.facts.sources import open_source
from wellpost.synthetic import make, state
from wellpost.synthetic.make import MADE, make_facts
from wellpost.synthetic.scale import PRACTICE, Scale, scale_of
from wellpost.synthetic.state import make_state

TOWN = Scale(28_000, 100, 18, 200_000, 50_000, 20_000, 3_000, 5_000, year=2020)
"""A hundredth of a state, so with a seventh of its patients for each clinician; a leap year."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town's facts."""
    folder = tmp_path_factory.mktemp("made") / "town"
    make_state(folder, TOWN)
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.parquet"))
    }


def quantiles(town: Path, each: str, value: str, table: str, *shares: float) -> list[float]:
    query = (
        f"SELECT QUANTILE_DISC(n, {list(shares)}) FROM "
        f"(SELECT {value} AS n FROM '{town}/{table}/*.parquet' GROUP BY {each})"
    )
    found: list[float] = duckdb.sql(query).fetchall()[0][0]
    return found


def test_each_table_is_told_of_and_passes_every_check(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    assert tuple(make_facts(tmp_path, PRACTICE, lambda *counts: told.append(counts))) == MADE
    with open_source(tmp_path) as source:
        rows = check(source).rows
    assert rows["encounters"] == rows["access_grants"] == PRACTICE.encounters
    assert rows["messages"] == PRACTICE.messages
    assert told[-1] == (460, 460)  # of the tables whose rows are asked for


def test_a_town_passes_every_check_and_lies_in_its_year(town: Path) -> None:
    with open_source(town) as source:
        rows = check(source).rows
    assert rows["encounters"] == 200_000
    days = f"SELECT MIN(seen_on)::VARCHAR, MAX(seen_on)::VARCHAR FROM '{town}/encounters/*.parquet'"
    assert duckdb.sql(days).fetchall() == [("2020-01-01", "2020-12-31")]


def test_some_clinicians_see_a_hundred_times_as_many_patients_as_others(town: Path) -> None:
    few, half, most = quantiles(
        town, "npi", "COUNT(DISTINCT patient_id)", "encounters", 0.05, 0.5, 0.99
    )
    assert few < 40 < half < 400 < 2_000 < most


def test_patients_cross_practices_and_few_of_them_come_most_often(town: Path) -> None:
    half, many = quantiles(town, "patient_id", "COUNT(DISTINCT tin)", "encounters", 0.5, 0.95)
    assert half == 2 and many > 4
    rarely, often = quantiles(town, "patient_id", "COUNT(*)", "encounters", 0.25, 0.99)
    assert rarely <= 3 and often >= 25


def test_few_clinicians_write_most_messages(town: Path) -> None:
    half, top = quantiles(town, "npi", "COUNT(*)", "messages", 0.5, 0.98)
    written = f"(SELECT * FROM '{town}/messages/*.parquet' WHERE sent_by = 'clinician')"
    share = duckdb.sql(
        f"SELECT SUM(n) FILTER (place <= 10) / SUM(n) FROM "
        f"(SELECT COUNT(*) AS n, ROW_NUMBER() OVER (ORDER BY COUNT(*) DESC) AS place "
        f"FROM {written} GROUP BY npi)"
    ).fetchall()[0][0]
    assert top > 10 * half
    assert share > 0.5  # the tenth of them who write most write more than half


def test_what_is_drawn_for_one_subject_says_nothing_of_another(town: Path) -> None:
    kinds = duckdb.sql(
        f"SELECT CORR((kind = 'other')::INT, certified_location::INT), "
        f"CORR(DAYOFYEAR(seen_on), patient_id[2:]::INT) FROM '{town}/encounters/*.parquet'"
    ).fetchall()[0]
    assert all(abs(found) < 0.02 for found in kinds)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of so few rows that a practice has several."""
    monkeypatch.setattr(make, "PART_ROWS", 50)


@pytest.mark.usefixtures("small_parts")
def test_the_same_seed_gives_the_same_bytes_however_many_write_them(tmp_path: Path) -> None:
    for name, workers in (("one", 1), ("three", 3)):
        list(make_facts(tmp_path / name, PRACTICE, workers=workers))
    list(make_facts(tmp_path / "other", replace(PRACTICE, seed=2)))
    one, three, other = (digests(tmp_path / name) for name in ("one", "three", "other"))
    assert one == three and len([name for name in one if name.startswith("encounters/")]) == 4
    same = {name.partition("/")[0] for name in one if one[name] == other[name]}
    assert same == set()


@pytest.mark.usefixtures("small_parts")
def test_encounters_are_numbered_on_from_file_to_file(tmp_path: Path) -> None:
    list(make_facts(tmp_path, PRACTICE))
    rows = duckdb.sql(f"SELECT encounter_id FROM '{tmp_path}/encounters/*.parquet'").fetchall()
    assert [row[0] for row in rows] == [f"E{number}" for number in range(160)]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "note").touch()
    with pytest.raises(RequestError, match="is not empty; give a folder that is empty or not"):
        make_state(tmp_path, PRACTICE)
    with pytest.raises(RequestError, match="note is a file"):
        make_state(tmp_path / "note", PRACTICE)
    assert [path.name for path in tmp_path.iterdir()] == ["note"]


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(folder: Path, *_more: object) -> Iterator[str]:
        (folder / "encounters").mkdir()
        yield "encounters"
        raise KeyboardInterrupt

    monkeypatch.setattr(state, "make_facts", interrupted)
    with pytest.raises(KeyboardInterrupt):
        make_state(tmp_path / "state", PRACTICE)
    assert list(tmp_path.iterdir()) == []


def test_writing_stops_where_it_is_left(tmp_path: Path) -> None:
    making = make_facts(tmp_path, TOWN, workers=1)
    assert next(making) == "clinicians"
    making.close()
    assert not (tmp_path / "virtual_groups").exists()


def test_too_little_room_is_said_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"GB free; the facts need about [\d,.]+ GB\."):
        make_state(tmp_path / "state", scale_of(10**9, 10**6))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ({"patients": 0, "clinicians": 3}, "patients 0: it must be between 1 and 1_000_000_000"),
        (
            {"patients": 9, "clinicians": 3, "practices": 4},
            "practices 4: .* 1 and 3; each",
        ),
        ({"patients": 9, "clinicians": 3, "year": 9999}, "year 9999: .* 1900 and 9998"),
        ({"patients": 9, "clinicians": 3, "messages": -1}, "messages -1: .* between 0 and"),
    ],
)
def test_a_wrong_number_says_what_would_be_right(numbers: dict[str, int], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        scale_of(**numbers)


def test_what_is_not_given_follows_as_in_a_state() -> None:
    found = scale_of(1_400_000, 5_000)
    assert (found.encounters, found.messages, found.practices) == (10_000_000, 5_000_000, 900)
