"""From facts to what CMS receives: every program and year that has a measure of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.acceptance.folder import Folder
from wellpost.adapters.qpp import read_qpp, write_qpp
from wellpost.adapters.qrda3 import Sender, read_qrda3, write_qrda3
from wellpost.adapters.qrda3.editions import EDITIONS, PROGRAM_NAMES
from wellpost.facts.sources import Source, open_source
from wellpost.reports.request import ask
from wellpost.reports.scorecard import scorecard
from wellpost.reports.submission import ENTITIES, Proportion, Submission
from wellpost.reports.submitting import submissions
from wellpost.rules.load import programs
from wellpost.rules.mips_measures import mips_year
from wellpost.terms import Period

YEARS = [
    (program.name, year)
    for program in programs().values()
    for year in program.years
    if any(rule.identifier for rule in program.in_year(year).measures)
]
SENDER = Sender("Maple Street Clinic", datetime(2027, 1, 11, 6, 12, 31, tzinfo=UTC))


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """Each year two patients seen; one of them reached in every way."""
    folder = Folder(tmp_path_factory.mktemp("facts"))
    folder.encounters("patient_id | seen_on\n" + _each("ann | {0}-05-03\nbob | {0}-05-04"))
    folder.messages("patient_id | sent_on\n" + _each("ann | {}-06-01"))
    folder.write("portal_actions", "patient_id | acted_on\n" + _each("ann | {}-06-01"))
    incorporated = "patient_id | received_on | incorporated_on\n"
    folder.write("patient_data", incorporated + _each("ann | {0}-06-01 | {0}-06-02"))
    granted = [f"e{number} | {day} | {day} | {day}" for number, day in _grants()]
    folder.write(
        "access_grants", "\n".join(["encounter_id | available_on | vdt_on | api_on", *granted])
    )
    folder.write("virtual_groups", "virtual_group | tin\nx12345 | T")
    with open_source(folder.path) as source:
        yield source


def _each(lines: str) -> str:
    return "\n".join(lines.format(year) for year in EDITIONS)


def _grants() -> Iterator[tuple[int, str]]:
    """Ann's encounter of each year, every second one, on its own day."""
    for place, year in enumerate(EDITIONS):
        yield 2 * place + 1, f"{year}-05-03"


def submitted(facts: Source, program: str, year: int, kind: str) -> Submission:
    level = ENTITIES[kind]
    asked = ask(program, year, Period(date(year, 1, 1), date(year, 12, 31)), levels=[level])
    (one,) = submissions(scorecard(facts, asked), level)
    return one


def test_there_is_a_measure_of_ours_in_every_year_of_the_guide() -> None:
    assert {year for _, year in YEARS} == set(EDITIONS)


@pytest.mark.parametrize(("program", "year"), YEARS)
def test_every_identifier_of_the_rules_is_one_of_cms(program: str, year: int) -> None:
    for rule in programs()[program].in_year(year).measures:
        assert mips_year(year).measure(rule.identifier or "").kind == "proportion"


@pytest.mark.parametrize(("program", "year"), YEARS)
def test_what_was_counted_reaches_cms_and_is_valid(
    program: str,
    year: int,
    facts: Source,
    faults: Callable[[bytes, int], list[str]],
    tmp_path: Path,
) -> None:
    for kind in (each for each, name in PROGRAM_NAMES.items() if name in EDITIONS[year].programs):
        one = submitted(facts, program, year, kind)
        assert {each.value for each in one.measurements} == {Proportion(1, 2)}
        xml, text = tmp_path / f"{kind}.xml", tmp_path / f"{kind}.json"
        xml.write_bytes(write_qrda3(one, SENDER))
        text.write_bytes(write_qpp(one))
        assert faults(xml.read_bytes(), year) == []
        assert read_qrda3(xml, year) == read_qpp(text) == one
