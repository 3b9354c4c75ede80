"""Bad facts are refused with a sentence that says what, where, and what would be right."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.unit.facts.folders import ENCOUNTERS, NPI, STRANGER, TIN, encounter, lines, write
from wellpost.errors import DataRefusedError
from wellpost.facts.checks import CheckReport, check
from wellpost.facts.sources import open_source


def checked(folder: Path, *, skip: bool = False, **needed: tuple[str, ...]) -> CheckReport:
    with open_source(folder) as source:
        return check(source, needed or None, skip_bad_rows=skip)


def refused(folder: Path, needed: Mapping[str, tuple[str, ...]] | None = None) -> list[str]:
    with pytest.raises(DataRefusedError) as caught, open_source(folder) as source:
        check(source, needed)
    assert caught.value.exit_status == 1
    return list(caught.value.faults)


@pytest.mark.parametrize(
    ("spoilt", "sentence"),
    [
        (
            {"npi": "1234567890"},
            "npi 1234567890 fails its check digit; 1 of 3 rows has such an npi.",
        ),
        ({"npi": "12"}, "npi 12 is not 10 digits; 1 of 3 rows has such an npi."),
        ({"npi": STRANGER}, f"npi {STRANGER} is not in clinicians; 1 of 3 rows has such an npi."),
        ({"tin": "12345678x"}, "tin 12345678x is not 9 digits; 1 of 3 rows has such a tin."),
        (
            {"seen_on": "2021-02-30"},
            "seen_on 2021-02-30 is not a day; write it like 2021-06-03; "
            "1 of 3 rows has such a seen_on.",
        ),
        (
            {"seen_on": "6/3/2021"},
            "seen_on 6/3/2021 is not a day; write it like 2021-06-03; "
            "1 of 3 rows has such a seen_on.",
        ),
        ({"seen_on": ""}, "seen_on is empty; it must be given; 1 of 3 rows has such a seen_on."),
        (
            {"kind": "visit"},
            "kind visit is not one of office_visit, telehealth, other; "
            "1 of 3 rows has such a kind.",
        ),
        (
            {"patient_id": ""},
            "patient_id is empty; it must be given; 1 of 3 rows has such a patient_id.",
        ),
        ({"county": "2300"}, "county 2300 is not 5 digits; 1 of 3 rows has such a county."),
        (
            {"certified_location": "yes"},
            "certified_location yes is neither true nor false; "
            "1 of 3 rows has such a certified_location.",
        ),
    ],
)
def test_a_bad_value_is_named_with_its_line(
    tmp_path: Path, spoilt: dict[str, str], sentence: str
) -> None:
    write(tmp_path, lines(encounter(1), encounter(2), encounter(3, **spoilt)))
    assert refused(tmp_path) == [f"encounters.csv:4: {sentence}"]


def test_the_line_is_the_files_line_whatever_the_fields_hold(tmp_path: Path) -> None:
    quoted = encounter(1, patient_id='"p\n\n1"')
    write(tmp_path, lines(quoted, "", encounter(2), encounter(3, tin="1")))
    assert refused(tmp_path)[0].startswith("encounters.csv:7: tin 1 is")


def test_every_kind_of_fault_is_told_with_its_count(tmp_path: Path) -> None:
    bad = [encounter(number, tin="1") for number in range(2, 1002)]
    write(tmp_path, lines(encounter(1), *bad, encounter(2000, seen_on="soon")))
    assert refused(tmp_path) == [
        "encounters.csv:3: tin 1 is not 9 digits; 1,000 of 1,002 rows have such a tin.",
        "encounters.csv:1003: seen_on soon is not a day; write it like 2021-06-03; "
        "1 of 1,002 rows has such a seen_on.",
    ]


def test_a_name_in_the_wrong_column_is_never_shown(tmp_path: Path) -> None:
    write(tmp_path, lines(encounter(1, npi="Ann Miller", kind="Miller")))
    text = "\n".join(refused(tmp_path))
    assert "Miller" not in text and "encounters.csv:2: npi is not 10 digits" in text


def test_the_same_row_twice_is_harmless(tmp_path: Path) -> None:
    write(tmp_path, lines(encounter(1), encounter(1)))
    assert checked(tmp_path).rows["encounters"] == 2


def test_a_key_twice_with_different_content_is_refused(tmp_path: Path) -> None:
    write(tmp_path, lines(encounter(1), encounter(1, patient_id="other"), encounter(2)))
    (sentence,) = refused(tmp_path)
    assert sentence == (
        "encounters.csv:3: 1 encounter_id stands there more than once with different content; "
        "2 of 3 rows have such a key. One encounter_id must be one row."
    )


def test_keys_with_different_content_are_told_with_the_line_of_the_first_that_comes_again(
    tmp_path: Path,
) -> None:
    ones = (encounter(1), encounter(2), encounter(2, patient_id="x"), encounter(1, patient_id="x"))
    write(tmp_path, lines(*ones))
    (sentence,) = refused(tmp_path)
    assert sentence.startswith("encounters.csv:4: 2 encounter_ids stand there more than once")


def test_a_missing_column_is_named_with_its_file(tmp_path: Path) -> None:
    header = ENCOUNTERS.replace("seen_on", "date")
    write(tmp_path, lines(encounter(1), header=header))
    (sentence,) = refused(tmp_path)
    assert sentence == (
        "encounters.csv: column seen_on is missing; it has encounter_id, patient_id, npi, tin, "
        "date, kind, county, certified_location."
    )


def test_a_column_that_nothing_asks_for_may_be_missing(tmp_path: Path) -> None:
    short = lines(f"p1,{NPI},{TIN},2021-06-03", header="patient_id,npi,tin,seen_on")
    write(tmp_path, short)
    assert checked(tmp_path).rows["encounters"] == 1
    assert "column kind is missing" in refused(tmp_path, {"encounters": ("kind",)})[0]


def test_unknown_columns_are_ignored_and_told_once(tmp_path: Path) -> None:
    write(tmp_path, lines(encounter(1) + ",x,y", header=ENCOUNTERS + ",room,mood"))
    assert checked(tmp_path).notices == ["encounters.csv: not known and ignored: room, mood."]


@pytest.mark.parametrize("missing", ["clinicians", "encounters"])
def test_a_missing_table_is_named(tmp_path: Path, missing: str) -> None:
    write(tmp_path, lines(encounter(1)))
    (tmp_path / f"{missing}.csv").rename(tmp_path / "other.csv")
    (sentence,) = refused(tmp_path)
    assert f"{missing} is missing" in sentence and "other.csv" in sentence
    assert f"{missing}.csv, {missing}.parquet or a directory {missing}/" in sentence


def test_any_other_missing_table_is_an_empty_one(tmp_path: Path) -> None:
    write(tmp_path, lines(encounter(1)))
    assert set(checked(tmp_path, messages=("npi",)).rows) == {"clinicians", "encounters"}


def test_bad_rows_are_left_out_when_asked(tmp_path: Path) -> None:
    bad = [encounter(2, tin="1"), encounter(3, tin="2"), encounter(4, seen_on="soon")]
    twice = [encounter(5), encounter(5, patient_id="other")]
    write(tmp_path, lines(encounter(1), *bad, *twice))
    with open_source(tmp_path) as source:
        report = check(source, skip_bad_rows=True)
        kept = list(source.run(source.tables["encounters"]))
    assert [row[0] for row in kept] == ["e1"]
    assert [(one.reason, one.rows) for one in report.left_out] == [
        ("tin is not 9 digits", 2),
        ("seen_on is not a day", 1),
        ("encounter_id stands there more than once with different content", 2),
    ]


def test_rows_of_a_clinician_left_out_are_left_out_too(tmp_path: Path) -> None:
    roster = lines(f"{NPI},{TIN},", f"1234567890,{TIN},", header="npi,tin,name")
    write(tmp_path, lines(encounter(1), encounter(2, npi="1234567890")), clinicians=roster)
    report = checked(tmp_path, skip=True)
    assert [(one.table, one.reason, one.rows) for one in report.left_out] == [
        ("clinicians", "npi fails its check digit", 1),
        ("encounters", "npi fails its check digit", 1),
    ]


def test_lines_that_are_no_rows_are_left_out_when_asked(tmp_path: Path) -> None:
    write(tmp_path, lines(encounter(1), "only,two", encounter(2)))
    assert "more or fewer fields" in refused(tmp_path)[0]
    report = checked(tmp_path, skip=True)
    assert [(one.reason, one.rows) for one in report.left_out] == [("cannot be read as a row", 1)]
    assert report.rows["encounters"] == 2


def test_facts_that_did_not_change_are_not_checked_again(tmp_path: Path) -> None:
    write(tmp_path, lines(encounter(1)))
    assert checked(tmp_path).remembered == set()
    assert checked(tmp_path).remembered == {"clinicians", "encounters"}
    write(tmp_path, lines(encounter(1), encounter(2)))
    assert checked(tmp_path).remembered == set()


def test_refused_facts_are_checked_again(tmp_path: Path) -> None:
    write(tmp_path, lines(encounter(1, tin="1")))
    assert refused(tmp_path) == refused(tmp_path)
