"""Who: each unique patient of a denominator once, and whether and why the numerator holds them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlglot import exp, parse_one

from wellpost.engine.asking import ask
from wellpost.engine.levels import LEVEL_COLUMNS, narrowed, of_level, reporter
from wellpost.engine.question import Question
from wellpost.engine.relations import credited_to, same_credit
from wellpost.facts.source import Source
from wellpost.terms import Reporter

ACT = ("act", "act_id", "counted_on", "act_npi")


@dataclass(frozen=True)
class Member:
    """A patient of one reporter's denominator; the act is the first that put them in the numerator.

    `acted_on` is the day the act counts from; the act's fields are None outside the numerator.
    """

    reporter: Reporter
    patient_id: str
    in_numerator: bool
    act: str | None
    act_id: str | None
    acted_on: date | None
    act_npi: str | None
    first_seen_on: date
    last_seen_on: date


def membership(source: Source, question: Question) -> Iterator[Member]:
    """Every patient of every denominator, ordered by tin, npi, patient."""
    for row in ask(source, question, membership_query):
        yield _member(question, row)


def membership_query(question: Question) -> exp.Select:
    """One row for each reporter and unique patient."""
    columns = LEVEL_COLUMNS[question.level]
    shown = (*columns, "patient_id", *ACT, "first_seen_on", "last_seen_on")
    query = (
        exp.select(*shown)
        .from_(_ranked(question, columns).subquery("ranked"))
        .where("place = 1")
        .order_by(*columns, "patient_id")
    )
    return narrowed(query, question)


def _ranked(question: Question, columns: Sequence[str]) -> exp.Select:
    """Each clinician of the reporter who saw the patient; the first act of any stands first."""
    patient = [exp.column(name, table="s") for name in (*columns, "patient_id")]
    order = (
        "CASE WHEN a.npi IS NULL THEN 1 ELSE 0 END",
        "a.counted_on",
        "a.act_id",
        "a.act",
        "a.npi",
    )
    return (
        exp.select(*patient, "a.act", "a.act_id", "a.counted_on", "a.npi AS act_npi")
        .select(_over("MIN(s.first_seen_on)", patient).as_("first_seen_on"))
        .select(_over("MAX(s.last_seen_on)", patient).as_("last_seen_on"))
        .select(_over("ROW_NUMBER()", patient, order).as_("place"))
        .from_(_seen(question, columns).subquery("s"))
        .join(
            _first_acts(question).subquery("a"),
            on=same_credit(question, "a", "s"),
            join_type="left",
        )
    )


def _seen(question: Question, columns: Sequence[str]) -> exp.Select:
    names = tuple(dict.fromkeys((*columns, *credited_to(question))))
    days = ("MIN(seen_on) AS first_seen_on", "MAX(seen_on) AS last_seen_on")
    query = exp.select(*names, *days).from_("denominator AS d")
    return of_level(query, question.level).group_by(*names)


def _first_acts(question: Question) -> exp.Select:
    """The first act of each clinician for each patient."""
    each: list[exp.Expr] = [exp.column(name) for name in credited_to(question)]
    place = _over("ROW_NUMBER()", each, ("counted_on", "act_id", "act")).as_("act_place")
    ranked = exp.select("*", place).from_("acts")
    return exp.select("*").from_(ranked.subquery("first_act")).where("act_place = 1")


def _over(function: str, partition: Sequence[exp.Expr], order: Sequence[str] = ()) -> exp.Window:
    sorting = exp.Order(expressions=[_ordered(key) for key in order]) if order else None
    return exp.Window(
        this=parse_one(function), partition_by=[one.copy() for one in partition], order=sorting
    )


def _ordered(key: str) -> exp.Ordered:
    return exp.Ordered(this=parse_one(key), nulls_first=True)


def _member(question: Question, row: Sequence[Any]) -> Member:
    patient_id, act, act_id, counted_on, act_npi, first, last = row[-7:]
    return Member(
        reporter=reporter(question.level, row),
        patient_id=patient_id,
        in_numerator=act_npi is not None,
        act=act,
        act_id=act_id,
        acted_on=day(counted_on) if counted_on is not None else None,
        act_npi=act_npi,
        first_seen_on=day(first),
        last_seen_on=day(last),
    )


def day(value: date | str) -> date:
    """A day as the engine gives it: SQLite has ISO text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
