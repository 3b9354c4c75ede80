"""The four levels: which columns name a reporter, who is on the roster, who was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp, parse_one

from wellpost.engine.question import Question
from wellpost.terms import Level, Reporter

LEVEL_COLUMNS: Mapping[Level, tuple[str, ...]] = {
    Level.CLINICIAN: ("npi",),
    Level.PRACTICE_CLINICIAN: ("tin", "npi"),
    Level.GROUP: ("tin",),
    Level.VIRTUAL_GROUP: ("virtual_group",),
}
"""The columns that name a reporter."""


def of_level(query: exp.Select, level: Level) -> exp.Select:
    """The query over `d`, joined to what its level needs."""
    if level is not Level.VIRTUAL_GROUP:
        return query
    groups = exp.select("virtual_group", "tin").distinct().from_("virtual_groups")
    return query.join(groups.subquery("v"), using=["tin"])


def roster_of(level: Level) -> str:
    """The fact table that names every reporter of the level."""
    return "virtual_groups" if level is Level.VIRTUAL_GROUP else "clinicians"


def reporter(level: Level, row: Sequence[Any]) -> Reporter:
    """The reporter that a row starts with."""
    names = LEVEL_COLUMNS[level]
    return Reporter(level, **{name: str(row[place]) for place, name in enumerate(names)})


def narrowed(query: exp.Select, question: Question) -> exp.Select:
    """Only the reporters asked for: groups of the npi, clinicians of the tin."""
    columns = LEVEL_COLUMNS[question.level]
    conditions = [
        _one_of(name, columns, question.level)
        for name, value in (("npi", question.npi), ("tin", question.tin))
        if value is not None
    ]
    return query.where(*conditions, copy=False)


def _one_of(name: str, columns: tuple[str, ...], level: Level) -> exp.Expr:
    if name in columns:
        return parse_one(f":{name}").eq(exp.column(name))
    among = exp.select(columns[0]).from_(exp.to_table("clinicians"))
    if level is Level.VIRTUAL_GROUP:
        among = exp.select("virtual_group").from_(exp.to_table("virtual_groups"))
    if level is Level.VIRTUAL_GROUP and name == "npi":
        own = exp.select("tin").from_("clinicians").where("npi = :npi")
        among = among.where(exp.In(this=exp.column("tin"), query=own.subquery()))
    else:
        among = among.where(exp.column(name).eq(exp.Placeholder(this=name)))
    return exp.In(this=exp.column(columns[0]), query=among.subquery())
