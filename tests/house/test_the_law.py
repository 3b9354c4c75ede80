"""Values of the law say honestly what they were checked against."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from wellpost.rules.describe import Statement, statements
from wellpost.rules.load import PROGRAMS, programs
from wellpost.rules.sources import NOT_FOUND, sources

FILES = sorted(PROGRAMS.rglob("*.yaml"))


def every_statement() -> list[Statement]:
    return [
        each
        for program in programs().values()
        for year in program.years
        for each in statements(program.in_year(year))
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_dated_value_says_what_it_was_checked_against(path: Path) -> None:
    """An empty list says that nothing was found; leaving it out says nothing at all."""
    parts = yaml.safe_load(path.read_text(encoding="utf-8")).values()
    dated = [each for part in parts if isinstance(part, list) for each in part]
    values = [each for each in dated if isinstance(each, dict)]
    silent = [each for each in values if not isinstance(each.get("checked_against"), list)]
    assert values or path.name == "program.yaml"
    assert not silent


def test_every_statement_prints_it() -> None:
    for each in every_statement():
        assert each.cite
        assert each.says
        assert each.as_json()["checked_against"] == each.checked_against
        assert (each.checked_against == NOT_FOUND) is not bool(each.sources)


def test_no_source_is_kept_that_nothing_was_checked_against() -> None:
    used = {source.name for each in every_statement() for source in each.sources}
    assert used == set(sources())


def test_every_folder_of_data_from_elsewhere_says_where_from_and_under_what_licence() -> None:
    data = Path(__file__).parents[1] / "data"
    for folder in (each for each in data.iterdir() if each.is_dir()):
        licences = [each for each in folder.rglob("*") if "licen" in each.name.lower()]
        told = [*folder.glob("SOURCES.txt"), *folder.glob("notice.md")]
        assert licences, f"{folder.name} has no licence beside it"
        assert told, f"{folder.name} does not say where it is from"
