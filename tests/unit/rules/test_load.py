"""Programs by name and year; a rule file that is wrong is named with file, line and key."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from wellpost.errors import RequestError
from wellpost.rules.load import PROGRAMS, program, program_year, programs, read_programs
from wellpost.rules.reading import RuleFileError
from wellpost.terms import Level, Measure, Period, Window

STAGE_3_MESSAGING = "stage_3/secure_messaging.yaml"


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str, str, str], str]:
    """Copy the rules, replace `old` by `new` in one file, and give the sentence of the refusal."""

    def break_it(file: str, old: str, new: str) -> str:
        folder = shutil.copytree(PROGRAMS, tmp_path / "programs", dirs_exist_ok=True)
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1))
        with pytest.raises(RuleFileError) as refused:
            read_programs(folder)
        return str(refused.value)

    return break_it


def test_stage_3_asks_more_than_5_percent_of_all_three_measures_in_every_year():
    for year in range(2017, 2022):
        rules = program_year("stage-3", year).measures
        assert {rule.measure: rule.threshold.text for rule in rules} == {
            Measure.SECURE_MESSAGING: "> 5 %",
            Measure.VIEW_DOWNLOAD_TRANSMIT: "> 5 %",
            Measure.PATIENT_GENERATED_DATA: "> 5 %",
        }


def test_stage_3_windows_are_the_year_but_the_period_for_patient_data():
    stage_3 = program_year("stage-3", 2021)
    assert stage_3.measure("secure-messaging").window is Window.CALENDAR_YEAR
    assert stage_3.measure("view-download-transmit").window is Window.CALENDAR_YEAR
    assert stage_3.measure("patient-generated-data").window is Window.PERIOD


def test_aci_asks_one_patient_within_the_period_under_its_own_identifiers():
    aci = program_year("mips-aci", 2017)
    assert {rule.identifier for rule in aci.measures} == {
        "ACI_CCTPE_1",
        "ACI_CCTPE_2",
        "ACI_CCTPE_3",
        "ACI_PEA_1",
    }
    assert {rule.threshold.text for rule in aci.measures} == {">= 1 patient"}
    assert {rule.window for rule in aci.measures} == {Window.PERIOD}
    assert aci.levels == (Level.PRACTICE_CLINICIAN, Level.GROUP)
    assert aci.objective is None


def test_every_value_has_a_source_words_and_the_day_it_was_checked():
    for each in programs().values():
        for year in each.years:
            for rule in each.in_year(year).measures:
                parts = [rule.asked, rule.timed, rule.excluded, rule.identified, rule.scored]
                assert all(part.cite and part.says for part in parts if part)
                assert rule.checked >= date(2026, 11, 22)


def test_an_unknown_program_is_named_with_those_there_are():
    with pytest.raises(RequestError) as refused:
        program("stage3")
    sentence = (
        "there is no program 'stage3'; there is mips-aci, mips-aci-transition, mips-pi, "
        "modified-stage-2, stage-2 and stage-3. Did you mean stage-3?"
    )
    assert str(refused.value) == sentence


def test_a_program_is_found_by_its_name_written_as_in_code():
    assert program("stage_3").name == "stage-3"


@pytest.mark.parametrize(
    ("name", "year", "sentence"),
    [
        ("stage-3", 2022, "stage-3 has no rules for 2022; it ran from 2017 to 2021."),
        ("stage-3", 2016, "stage-3 has no rules for 2016; it ran from 2017 to 2021."),
        ("mips-aci", 2019, "mips-aci has no rules for 2019; it ran from 2017 to 2018."),
        ("stage-2", 2015, "stage-2 has no rules for 2015; it ran in 2014."),
    ],
)
def test_a_year_the_program_did_not_run_is_refused(name: str, year: int, sentence: str):
    with pytest.raises(RequestError) as refused:
        program_year(name, year)
    assert str(refused.value) == sentence


def test_an_unknown_measure_is_named_with_those_there_are():
    with pytest.raises(RequestError, match="Did you mean secure-messaging"):
        program_year("stage-3", 2021).measure("secure-message")


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2021-06-01..2021-08-28", "too short: 89 days; stage-3 2021 asks for at least 90"),
        ("2021-06-01..2021-06-01", "too short: 1 day; "),
        ("2021-08-01..2021-10-31", "the last permitted day is 2021-10-30"),
        ("2020-12-01..2021-03-31", "lies in 2020 and 2021; .* inside program year 2021"),
        ("2020-01-01..2020-12-31", "lies in 2020; .* inside program year 2021"),
    ],
)
def test_a_period_the_rule_does_not_allow_is_refused_in_its_words(period: str, words: str):
    with pytest.raises(RequestError, match=words):
        program_year("stage-3", 2021).check_period(Period.parse(period))


@pytest.mark.parametrize("period", ["2021-06-01..2021-08-29", "2021-08-02..2021-10-30"])
def test_a_period_of_exactly_90_days_up_to_the_last_day_is_allowed(period: str):
    program_year("stage-3", 2021).check_period(Period.parse(period))


def test_before_2021_a_period_may_end_with_the_year_and_last_all_of_it():
    program_year("stage-3", 2020).check_period(Period.of_year(2020))
    program_year("mips-aci", 2017).check_period(Period.of_year(2017))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("more_than: 5 percent", "more_than: five", "secure_messaging.yaml:4: threshold[1]."),
        ("more_than: 5 percent", "more_then: 5 percent", "needs one of more_than, at_least"),
        ("measure: secure_messaging", "measure: messages", ":1: measure 'messages' is none of"),
        ("since: 2017-01-01", "since: 2017-02-30", "since must be a date like 2017-01-01"),
        ("since: 2017-01-01", "since: 2017-03-01", "2017-03-01 is not a 1 January"),
        ("window: calendar_year", "window: year", "'year' is none of: period, calendar_year"),
        ("grounds: [no_office_visits", "grounds: [no_visits", "'no_visits' is none of"),
        ("grounds: [", "grounds: [no_office_visits, ", "names something twice"),
        ("checked: 2026-11-22", "", "secure_messaging.yaml:1: checked is missing."),
        ("checked: 2026-11-22", "checked: 2026-11-22\nchecke: 1", "did you mean checked"),
        ("checked: 2026-11-22", "checked: [2026-11-22", "this is no YAML"),
        ("checked: 2026-11-22", "measure: x", "measure is written twice"),
        ("exclusions:\n", "exclusions: none\nothers:\n", "must be a list of entries"),
        ("threshold:\n  - since: 2017-01-01", "threshold:\n  - since: 2016-01-01", "none in force"),
    ],
)
def test_a_wrong_rule_file_is_named_with_line_and_key(broken, old: str, new: str, sentence: str):
    assert sentence in broken(STAGE_3_MESSAGING, old, new)


def test_two_rules_that_apply_to_one_day_are_named_with_both_places(broken):
    again = "threshold:\n  - {since: 2017-01-01, at_least: 1 patient, cite: c, says: s}"
    sentence = broken(STAGE_3_MESSAGING, "threshold:", again)
    assert "stage_3/secure_messaging.yaml:3 and " in sentence
    assert "secure_messaging.yaml:4: both apply on 2017-01-01" in sentence


def test_a_rule_that_runs_into_the_next_one_is_named_with_both_places(broken):
    longer = "  - {since: 2016-01-01, until: 2017-12-31, more_than: 9 percent, cite: c, says: s}"
    sentence = broken(STAGE_3_MESSAGING, "threshold:", f"threshold:\n{longer}")
    assert sentence.startswith("rules/programs/stage_3/secure_messaging.yaml:3 and ")
    assert "both apply on 2017-01-01" in sentence


def test_a_measure_in_two_files_is_named_with_both(tmp_path: Path):
    folder = shutil.copytree(PROGRAMS, tmp_path / "programs")
    shutil.copy(folder / STAGE_3_MESSAGING, folder / "stage_3/messages.yaml")
    with pytest.raises(RuleFileError, match=r"messages.yaml:1 and .*secure_messaging.yaml:1"):
        read_programs(folder)


def test_a_program_in_two_folders_is_named_with_both(tmp_path: Path):
    folder = shutil.copytree(PROGRAMS, tmp_path / "programs")
    shutil.copytree(folder / "stage_3", folder / "stage_4")
    with pytest.raises(RuleFileError, match=r"stage_3/program.yaml:1 and .*stage_4/program.yaml:1"):
        read_programs(folder)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("years: 2017..2021", "years: 2016..2021", "no rule in force on 2016-01-01"),
        ("years: 2017..2021", "years: 2021..2017", "must be the first and last year"),
        ("satisfy: 2", "satisfy: 4", "satisfy must be from 1 to the 3 measures"),
        ("view_download_transmit, ", "patient_access, ", "names patient_access, of which nothing"),
        ("at_least: 90 days", "at_least: 90", "must be a whole number like '5 days'"),
        ("levels: [clinician]", "levels: [ep]", "'ep' is none of: clinician"),
    ],
)
def test_a_program_with_holes_is_refused(broken, old: str, new: str, sentence: str):
    assert sentence in broken("stage_3/program.yaml", old, new)
