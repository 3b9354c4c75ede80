"""Who waits: patients not reached yet, of many reporters at once, each in a period of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from sqlglot import exp
from sqlglot.optimizer.eliminate_subqueries import eliminate_subqueries

from wellpost.engine.levels import LEVEL_COLUMNS, of_level, reporter
from wellpost.engine.membership import day
from wellpost.engine.question import Question
from wellpost.engine.relations import credited_to, on_facts, same_credit
from wellpost.engine.runs import day_number
from wellpost.facts.source import Source
from wellpost.terms import Period, Reporter

AT_ONCE = 400
"""Reporters in one query."""

PLACES = ("since", "until", "acts_since", "acts_until")


@dataclass(frozen=True)
class Wanted:
    """A reporter, the period patients were seen in, and the days on which an act counts."""

    reporter: Reporter
    period: Period
    window: Period


@dataclass(frozen=True)
class Due:
    """A patient of the reporter's denominator whom the numerator does not hold."""

    reporter: Reporter
    patient_id: str
    last_seen_on: date


def waiting(source: Source, question: Question, wanted: Sequence[Wanted]) -> Iterator[Due]:
    """Everybody whom the wanted reporters have not reached, in no order.

    Not for measures in which one act takes away what another gives
    (`wellpost.engine.runs.spoils`). The question's own period and window are not used.
    """
    remaining = iter(wanted)
    while some := list(islice(remaining, AT_ONCE)):
        yield from _of_some(source, question, some)


def _of_some(source: Source, question: Question, wanted: Sequence[Wanted]) -> Iterator[Due]:
    asked = replace(question, period=_over(wanted, "period"), window=_over(wanted, "window"))
    key = ("waiting", len(wanted), asked.shape)
    if key not in source.prepared:
        query = on_facts(waiting_query(asked, len(wanted)), source.tables, asked)
        # SQLite's parser cannot look into so many queries within queries
        source.prepared[key] = source.prepare(eliminate_subqueries(query))
    values = {**asked.values, **_values(asked, wanted)}
    for row in source.run_prepared(source.prepared[key], values):
        yield Due(reporter(question.level, row), row[-2], day(row[-1]))


def waiting_query(question: Question, number: int) -> exp.Select:
    """For so many reporters, each patient of the period without an act in the window."""
    columns = LEVEL_COLUMNS[question.level]
    credited = credited_to(question)
    acts = exp.select(*credited, day_number("counted_on")).from_("acts")
    patient = [f"s.{name}" for name in (*columns, "patient_id")]
    inside = "r.day BETWEEN s.acts_since AND s.acts_until"
    return (
        exp.select(*patient, "MAX(s.last_seen_on) AS last_seen_on")
        .from_(_seen(question, number).subquery("s"))
        .join(
            acts.subquery("r"),
            on=exp.and_(same_credit(question, "r", "s"), inside),
            join_type="left",
        )
        .group_by(*patient)
        .having("MAX(CASE WHEN r.npi IS NULL THEN 0 ELSE 1 END) = 0")
    )


def _seen(question: Question, number: int) -> exp.Select:
    """Each clinician's patient of the wanted reporters, seen in the reporter's own period."""
    columns = LEVEL_COLUMNS[question.level]
    names = tuple(dict.fromkeys((*columns, *credited_to(question))))
    visits = exp.select(*names, "seen_on", day_number("seen_on")).from_("denominator AS d")
    shown = (*(f"v.{name}" for name in names), "w.acts_since", "w.acts_until")
    same = (exp.column(name, "w").eq(exp.column(name, "v")) for name in columns)
    return (
        exp.select(*shown, "MAX(v.seen_on) AS last_seen_on")
        .from_(of_level(visits, question.level).subquery("v"))
        .join(
            _wanted(columns, number).subquery("w"),
            on=exp.and_(*same, "v.day BETWEEN w.since AND w.until"),
        )
        .group_by(*shown)
    )


def _wanted(columns: Sequence[str], number: int) -> exp.Query:
    rows = [_row(columns, each) for each in range(number)]
    return exp.union(*rows, distinct=False) if number > 1 else rows[0]


def _row(columns: Sequence[str], number: int) -> exp.Select:
    texts = (exp.cast(_bound(name, number), "text").as_(name) for name in columns)
    numbers = (exp.cast(_bound(name, number), "int").as_(name) for name in PLACES)
    return exp.select(*texts, *numbers)


def _bound(name: str, number: int) -> exp.Placeholder:
    return exp.Placeholder(this=f"{name}_{number}")


def _values(question: Question, wanted: Sequence[Wanted]) -> dict[str, Any]:
    """Days as numbers from the first day of the question's period."""
    first, found = question.period.start, {}
    for number, each in enumerate(wanted):
        for name in LEVEL_COLUMNS[question.level]:
            found[f"{name}_{number}"] = getattr(each.reporter, name)
        ends = (each.period.start, each.period.end, each.window.start, each.window.end)
        for name, on in zip(PLACES, ends, strict=True):
            found[f"{name}_{number}"] = (on - first).days
    return found


def _over(wanted: Sequence[Wanted], name: str) -> Period:
    """From the first to the last day of any of them."""
    every = [getattr(each, name) for each in wanted]
    return Period(min(each.start for each in every), max(each.end for each in every))
