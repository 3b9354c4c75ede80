"""The relations every answer is built from, as syntax trees over the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp, parse_one

from wellpost.engine.question import Question
from wellpost.facts.tables import TABLES, Column, Kind
from wellpost.measures.load import counting
from wellpost.terms import Level, Reporter

LEVEL_COLUMNS: Mapping[Level, tuple[str, ...]] = {
    Level.CLINICIAN: ("npi",),
    Level.PRACTICE_CLINICIAN: ("tin", "npi"),
    Level.GROUP: ("tin",),
    Level.VIRTUAL_GROUP: ("virtual_group",),
}
"""The columns that name a reporter."""

TYPES = {Kind.TEXT: "text", Kind.DAY: "date", Kind.FLAG: "boolean", Kind.SHARE: "double"}

IN_PERIOD = parse_one("seen_on BETWEEN :period_start AND :period_end")
IN_WINDOW = parse_one("counted_on BETWEEN :window_start AND :window_end")


def denominator(question: Question) -> exp.Select:
    """Encounters of the period that count: tin, npi, patient_id, seen_on."""
    counted = counting("denominator", question.policies).subquery("encounter")
    query = exp.select("tin", "npi", "patient_id", "seen_on").from_(counted).where(IN_PERIOD)
    return query.where(*_of_the_patient(question))


def acts(question: Question) -> exp.Select:
    """Acts in the window that count, for the npi they are credited to."""
    counted = counting(question.measure, question.policies).subquery("act")
    query = exp.select("patient_id", "npi", "counted_on", "act", "act_id").from_(counted)
    return query.where(IN_WINDOW).where(*_of_the_patient(question))


def _of_the_patient(question: Question) -> list[exp.Expr]:
    return [parse_one("patient_id = :patient_id")] if question.patient_id is not None else []


def on_facts(
    query: exp.Expr, tables: Mapping[str, exp.Query], question: Question | None = None
) -> exp.Expr:
    """The query with each fact table, and `seen`, replaced by how it is SELECTed.

    A table that the source lacks is an empty one.
    """

    def replace(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
            return node
        if node.name == "seen" and question is not None:
            return exp.Subquery(
                this=on_facts(seen(question), tables), alias=_alias(node.alias_or_name)
            )
        if node.name not in TABLES:
            return node
        select = tables[node.name].copy() if node.name in tables else _empty(node.name)
        return select.subquery(node.alias_or_name)

    return query.transform(replace)


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name))


def seen(question: Question) -> exp.Select:
    """Who saw whom in the period: npi, patient_id."""
    return exp.select("npi", "patient_id").distinct().from_(denominator(question).subquery("d"))


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


def _empty(name: str) -> exp.Select:
    columns = [
        exp.alias_(exp.cast(exp.null(), _type(column)), column.name)
        for column in TABLES[name].columns
    ]
    return exp.select(*columns).where(exp.false())


def _type(column: Column) -> str:
    return TYPES[column.kind]


def narrowed(query: exp.Select, question: Question) -> exp.Select:
    """Only the reporters asked for: groups of the npi, clinicians of the tin."""
    columns = LEVEL_COLUMNS[question.level]
    conditions = [
        _one_of(name, columns, question.level)
        for name, value in (("npi", question.npi), ("tin", question.tin))
        if value is not None
    ]
    return query.where(*conditions)


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
