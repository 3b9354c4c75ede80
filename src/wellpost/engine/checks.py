"""Shares of encounters that a program checks beside its measures, where the facts know of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from wellpost.engine.levels import LEVEL_COLUMNS, narrowed, of_level, reporter
from wellpost.engine.question import Question
from wellpost.engine.relations import IN_PERIOD, on_facts
from wellpost.facts.source import Source
from wellpost.measures.load import considered
from wellpost.terms import Reporter


@dataclass(frozen=True)
class Checked:
    """One reporter's encounters of the period, how many are so, and of how many that is known."""

    reporter: Reporter
    encounters: int
    so: int
    known: int


def checked(source: Source, check: str, question: Question) -> list[Checked]:
    """A row for every reporter of whose encounters something is known, ordered by tin, npi."""
    if not _anything_known(source, check):
        return []
    query = on_facts(check_query(check, question), source.tables)
    rows = source.run(query, question.values)
    found = (Checked(reporter(question.level, row), *map(int, row[-3:])) for row in rows)
    return [each for each in found if each.known]


def check_query(check: str, question: Question) -> exp.Select:
    """For each reporter: encounters, those that are so, those of which it is known."""
    columns = LEVEL_COLUMNS[question.level]
    sums = ("COUNT(*) AS encounters", "SUM(is_so) AS so", "SUM(is_known) AS known")
    query = exp.select(*columns, *sums).from_(_every(check)).where(IN_PERIOD)
    query = of_level(query, question.level).group_by(*columns).order_by(*columns)
    return narrowed(query, question)


def _anything_known(source: Source, check: str) -> bool:
    """A quick look, since most facts say nothing of it."""
    query = exp.select("1").from_(_every(check)).where("is_known = 1").limit(1)
    return any(True for _ in source.run(on_facts(query, source.tables), {}))


def _every(check: str) -> exp.Subquery:
    return considered(f"checks/{check}", {}).subquery("d")
