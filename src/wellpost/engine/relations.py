"""The relations every answer is built from: fact tables, and three that a question makes of them.

`denominator`, `acts` and `seen` stand in a query like tables until `on_facts` puts them in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp, parse_one

from wellpost.engine.question import Question
from wellpost.facts.filling import NATIVE
from wellpost.facts.tables import TABLES, Column
from wellpost.measures.load import by_practice, counting
from wellpost.terms import Level

IN_PERIOD = parse_one("seen_on BETWEEN :period_start AND :period_end")
IN_WINDOW = parse_one("counted_on BETWEEN :window_start AND :window_end")


def on_facts(
    query: exp.Expr, tables: Mapping[str, exp.Query], question: Question | None = None
) -> exp.Expr:
    """The query with each relation it names replaced by how it is SELECTed.

    A table that the source lacks is an empty one.
    """
    return _replaced(query.copy(), tables, question)


def _replaced(
    query: exp.Expr, tables: Mapping[str, exp.Query], question: Question | None
) -> exp.Expr:
    def replace(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
            return node
        made = _made(node.name, tables, question)
        if made is None:
            return node
        alias = exp.TableAlias(this=exp.to_identifier(node.alias_or_name))
        return exp.Subquery(this=made, alias=alias)

    return query.transform(replace, copy=False)


def _made(name: str, tables: Mapping[str, exp.Query], question: Question | None) -> exp.Expr | None:
    if question is not None and name in MAKERS:
        return _replaced(MAKERS[name](question), tables, question)
    if name not in TABLES:
        return None
    return tables[name].copy() if name in tables else _empty(name)


def denominator(question: Question) -> exp.Select:
    """Encounters of the period that count: tin, npi, patient_id, seen_on, encounter_id."""
    counted = counting("denominator", question.words).subquery("encounter", copy=False)
    query = exp.select("tin", "npi", "patient_id", "seen_on", "encounter_id").from_(
        counted, copy=False
    )
    return query.where(IN_PERIOD, *_of_the_patient(question), copy=False)


def acts(question: Question) -> exp.Select:
    """Acts in the window that count, for the npi (and, by practice, tin) they are credited to."""
    counted = counting(question.measure, question.words).subquery("act_of", copy=False)
    shown = (*credited_to(question), "counted_on", "act", "act_id")
    query = exp.select(*shown).from_(counted, copy=False)
    return query.where(IN_WINDOW, *_of_the_patient(question), copy=False)


def credited_to(question: Question) -> tuple[str, ...]:
    """The columns by which an act finds whom it is credited to.

    An act of an npi counts in all its TINs, except where the measure is told by practice; there
    too a clinician reported over all TINs is one.
    """
    apart = by_practice(question.measure) and question.level is not Level.CLINICIAN
    return ("npi", "patient_id", "tin") if apart else ("npi", "patient_id")


def same_credit(question: Question, acts: str, seen: str) -> exp.Expr:
    """The condition that joins acts to those who saw the patient."""
    names = credited_to(question)
    return exp.and_(*(exp.column(name, acts).eq(exp.column(name, seen)) for name in names))


def seen(question: Question) -> exp.Select:
    """Who saw whom in the period: npi, patient_id."""
    return exp.select("npi", "patient_id").distinct().from_("denominator")


MAKERS: Mapping[str, Callable[[Question], exp.Select]] = {
    "denominator": denominator,
    "acts": acts,
    "seen": seen,
}


def _of_the_patient(question: Question) -> list[exp.Expr]:
    return [parse_one("patient_id = :patient_id")] if question.patient_id is not None else []


def _empty(name: str) -> exp.Select:
    columns = [
        exp.alias_(exp.cast(exp.null(), _type(column)), column.name)
        for column in TABLES[name].columns
    ]
    return exp.select(*columns).where(exp.false())


def _type(column: Column) -> str:
    return NATIVE[column.kind]
