"""How many: denominator and numerator of every reporter, computed in the database."""

from __future__ import annotations

from sqlglot import exp, parse_one

from wellpost.engine.asking import ask
from wellpost.engine.levels import LEVEL_COLUMNS, narrowed, of_level, reporter, roster_of
from wellpost.engine.question import Question
from wellpost.facts.source import Source
from wellpost.terms import Count, Level

GROUPS = (Level.GROUP, Level.VIRTUAL_GROUP)


def counts(source: Source, question: Question) -> list[Count]:
    """A count for every reporter of the roster, zeros too, ordered by tin, then npi.

    The numerator is a subset of the denominator; each patient counts once (42 CFR 495.24).
    """
    return [
        Count(question.measure, reporter(question.level, row), int(row[-2]), int(row[-1]))
        for row in ask(source, question, counts_query)
    ]


def counts_query(question: Question) -> exp.Expr:
    """One aggregate query over the facts."""
    columns = LEVEL_COLUMNS[question.level]
    rows = exp.union(_patients(question), _roster(question), distinct=False).subquery("row_of")
    query = (
        exp.select(*columns, "SUM(is_seen) AS denominator", "SUM(is_reached) AS numerator")
        .from_(rows)
        .group_by(*columns)
        .order_by(*columns)
    )
    return narrowed(query, question)


def _patients(question: Question) -> exp.Select:
    """A row for each reporter and unique patient: 1, and whether the numerator holds them."""
    columns = LEVEL_COLUMNS[question.level]
    reached = exp.select("npi", "patient_id").distinct().from_("acts")
    query = (
        exp.select(*(f"s.{name}" for name in columns), "1 AS is_seen")
        .from_(pairs(question).subquery("s"))
        .join(
            reached.subquery("r"),
            on=parse_one("r.npi = s.npi AND r.patient_id = s.patient_id"),
            join_type="left",
        )
    )
    if question.level not in GROUPS:
        return query.select("CASE WHEN r.npi IS NULL THEN 0 ELSE 1 END AS is_reached")
    return query.select("MAX(CASE WHEN r.npi IS NULL THEN 0 ELSE 1 END) AS is_reached").group_by(
        *(f"s.{name}" for name in columns), "s.patient_id"
    )


def pairs(question: Question) -> exp.Select:
    """Distinct reporter, npi and patient of the denominator."""
    names = dict.fromkeys((*LEVEL_COLUMNS[question.level], "npi", "patient_id"))
    query = exp.select(*names).distinct().from_("denominator AS d")
    return of_level(query, question.level)


def _roster(question: Question) -> exp.Select:
    """Every reporter with zeros."""
    columns = LEVEL_COLUMNS[question.level]
    return exp.select(*columns, "0 AS is_seen", "0 AS is_reached").from_(roster_of(question.level))
