"""Values by date: the latest begun is in force, a state's own goes before that for all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wellpost.rules.dated import Dated, in_force, read_dated
from wellpost.rules.load import read_programs
from wellpost.rules.reading import Entry, read
from wellpost.rules.thresholds import AtLeastPatients, AttestedYes, MoreThanPercent
from wellpost.terms import Measure

CHANGING = """
values:
  - {since: 2017-01-01, is: five, cite: c, says: s}
  - {since: 2015-01-01, is: yes, cite: c, says: s}
  - {since: 2016-01-01, is: one, cite: c, says: s}
  - {since: 2021-01-01, until: 2021-12-31, is: last, cite: c, says: s}
  - {since: 2021-01-01, is: earlier in Maine, state: ME, cite: c, says: s}
"""


@pytest.fixture
def values(tmp_path: Path) -> tuple[Dated[str], ...]:
    file = tmp_path / "values.yaml"
    file.write_text(CHANGING)
    entry: Entry = read(file, "values.yaml")
    return read_dated(entry.entries("values"), lambda each: each.text("is"))


@pytest.mark.parametrize(
    ("day", "value"),
    [
        ("2015-01-01", "yes"),
        ("2015-12-31", "yes"),
        ("2016-01-01", "one"),
        ("2017-01-01", "five"),
        ("2020-12-31", "five"),
        ("2021-12-31", "last"),
    ],
)
def test_the_latest_begun_is_in_force(values: tuple[Dated[str], ...], day: str, value: str):
    found = in_force(values, date.fromisoformat(day))
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("day", ["2014-12-31", "2022-01-01"])
def test_nothing_is_in_force_before_the_first_and_after_an_end(values, day: str):
    assert in_force(values, date.fromisoformat(day)) is None


def test_a_state_of_its_own_goes_before_the_value_for_all(values):
    def value(day: date, state: str) -> str:
        found = in_force(values, day, state)
        assert found is not None
        return found.value

    assert value(date(2021, 1, 1), "ME") == "earlier in Maine"
    assert value(date(2021, 1, 1), "OH") == "last"
    assert value(date(2020, 1, 1), "ME") == "five"


def test_a_program_may_ask_for_a_yes_then_one_patient_then_a_share(tmp_path: Path):
    """The model carries thresholds that changed their kind from year to year."""
    folder = tmp_path / "changing"
    folder.mkdir()
    said = "cite: c, says: s"
    (folder / "program.yaml").write_text(
        "program: changing\nname: Changing\nyears: 2015..2017\nlevels: [clinician]\n"
        f"period: [{{since: 2015-01-01, at_least: 90 days, {said}}}]\n"
        f"policies: [{{since: 2015-01-01, set: {{copied_patients: do_not_count}}, {said}}}]\n"
        "checked: 2026-11-22\n"
    )
    (folder / "secure_messaging.yaml").write_text(
        "measure: secure_messaging\nthreshold:\n"
        f"  - {{since: 2015-01-01, answer: 'yes', {said}}}\n"
        f"  - {{since: 2016-01-01, at_least: 1 patient, {said}}}\n"
        f"  - {{since: 2017-01-01, more_than: 5 percent, {said}}}\n"
        f"numerator_window: [{{since: 2015-01-01, window: calendar_year, {said}}}]\n"
        "checked: 2026-11-22\n"
    )
    program = read_programs(tmp_path)["changing"]
    asked = [program.in_year(y).measure(Measure.SECURE_MESSAGING) for y in program.years]
    assert [each.threshold for each in asked] == [
        AttestedYes(),
        AtLeastPatients(1),
        MoreThanPercent(5),
    ]
    assert program.in_year(2016).policies == {"copied_patients": "do_not_count"}
