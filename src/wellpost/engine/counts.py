"""How many: denominator and numerator of every reporter, computed in the database."""

from __future__ import annotations

from sqlglot import exp, parse_one

from wellpost.engine.asking import ask
from wellpost.engine.levels import LEVEL_COLUMNS, narrowed, of_level, reporter, roster_of
from wellpost.engine.question import Question
from wellpost.engine.relations import credited_to, same_credit
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
    """One aggregate query over the facts: sums for those who saw anyone, zeros for the roster."""
    columns = LEVEL_COLUMNS[question.level]
    rows = exp.union(_sums(question), _zeros(question.level), distinct=False).subquery("row_of")
    query = (
        exp.select(*columns, "SUM(denominator) AS denominator", "SUM(numerator) AS numerator")
        .from_(rows)
        .group_by(*columns)
        .order_by(*columns)
    )
    return narrowed(query, question)


def _sums(question: Question) -> exp.Select:
    columns = LEVEL_COLUMNS[question.level]
    return (
        exp.select(*columns, "COUNT(*) AS denominator", "SUM(is_reached) AS numerator")
        .from_(_patients(question).subquery("patient"))
        .group_by(*columns)
    )


def _zeros(level: Level) -> exp.Select:
    zeros = ("0 AS denominator", "0 AS numerator")
    return exp.select(*LEVEL_COLUMNS[level], *zeros).from_(roster_of(level))


def _patients(question: Question) -> exp.Select:
    """A row for each reporter and unique patient: whether the numerator holds them."""
    columns = tuple(f"s.{name}" for name in LEVEL_COLUMNS[question.level])
    is_reached = "CASE WHEN r.npi IS NULL THEN 0 ELSE 1 END"
    query = (
        exp.select(*columns)
        .from_(pairs(question).subquery("s"))
        .join(
            exp.select(*credited_to(question)).distinct().from_("acts").subquery("r"),
            on=same_credit(question, "r", "s"),
            join_type="left",
        )
    )
    if question.level not in GROUPS:
        return query.select(parse_one(is_reached).as_("is_reached"))
    most = exp.Max(this=parse_one(is_reached)).as_("is_reached")
    return query.select(most).group_by(*columns, "s.patient_id")


def pairs(question: Question) -> exp.Select:
    """Distinct reporter, npi and patient of the denominator (and tin, where it is told apart)."""
    names = dict.fromkeys((*LEVEL_COLUMNS[question.level], *credited_to(question)))
    query = exp.select(*names).distinct().from_("denominator AS d")
    return of_level(query, question.level)
