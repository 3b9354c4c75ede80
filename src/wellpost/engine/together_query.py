"""The query for several questions about the same patients seen.

Relations, each made once and read by those after it: `denominator`, the encounters that count;
`pairs`, who saw whom under which TIN; `seen`, the same without TIN; for each kind of acts asked for
`reached_N`, whom they reached; `marked`, the pairs with a mark for each. A level adds up the marks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from wellpost.engine.levels import LEVEL_COLUMNS, of_level, roster_of
from wellpost.engine.question import Question
from wellpost.engine.relations import acts, credited_to, denominator, same_credit
from wellpost.terms import Level

PAIR = ("tin", "npi", "patient_id")
NAMES = ("virtual_group", "tin", "npi")
"""The columns that name a reporter; a row has those of its level, the others are null."""


def together_query(levels: Sequence[Level], every: Sequence[Question]) -> exp.Expr:
    """A row for every reporter of the levels: level, names, denominator, a numerator for each acts.

    `every` has one question for each kind of acts; the values that acts number N name have `_N`
    behind their names.
    """
    rows = [_of_level(level, len(every)) for level in levels]
    every_row = _all_of(rows).subquery("of_all", copy=False)
    query = exp.select("*").from_(every_row, copy=False).order_by("level", *NAMES, copy=False)
    for name, relation in _relations(every).items():
        query = query.with_(name, as_=relation, copy=False)
    return query


def named_for(number: int, name: str) -> str:
    """The name of a value that belongs to one kind of acts."""
    return f"{name}_{number}"


def _relations(every: Sequence[Question]) -> Mapping[str, exp.Query]:
    """What the levels are added up from, each by its name in the query."""
    return {
        "denominator": denominator(every[0]),
        "pairs": exp.select(*PAIR).distinct().from_("denominator"),
        "seen": exp.select("npi", "patient_id").distinct().from_("pairs"),
        **{f"reached_{number}": _reached(each, number) for number, each in enumerate(every)},
        "marked": _marked(every),
    }


def _reached(question: Question, number: int) -> exp.Select:
    """Whom acts in the window that count have reached."""
    acting = acts(question).subquery("act_of")  # a copy: its conditions are everybody's
    query = exp.select(*credited_to(question)).distinct(copy=False).from_(acting, copy=False)
    for value in query.find_all(exp.Placeholder):
        value.set("this", named_for(number, value.name))
    return query


def _marked(every: Sequence[Question]) -> exp.Select:
    query = exp.select(*(f"s.{name}" for name in PAIR)).from_("pairs AS s")
    for number, question in enumerate(every):
        reached, alias = f"reached_{number}", f"r_{number}"
        same = same_credit(question, alias, "s")
        query = query.join(f"{reached} AS {alias}", on=same, join_type="left", copy=False)
        mark = f"CASE WHEN {alias}.npi IS NULL THEN 0 ELSE 1 END AS mark_{number}"
        query = query.select(mark, copy=False)
    return query


def _of_level(level: Level, kinds: int) -> exp.Select:
    """The sums of one level, zeros for those of the roster who saw nobody."""
    names, numbers = LEVEL_COLUMNS[level], range(kinds)
    sums = ("COUNT(*) AS denominator", *(f"SUM(mark_{n}) AS numerator_{n}" for n in numbers))
    zeros = ("0 AS denominator", *(f"0 AS numerator_{n}" for n in numbers))
    patients = _patients(level, kinds).subquery("patient", copy=False)
    counted = exp.select(*names, *sums).from_(patients, copy=False).group_by(*names, copy=False)
    roster = exp.select(*names, *zeros).from_(roster_of(level), copy=False)
    rows = exp.union(counted, roster, distinct=False, copy=False).subquery("row_of", copy=False)
    shown = (name if name in names else f"CAST(NULL AS TEXT) AS {name}" for name in NAMES)
    return (
        exp.select(f"'{level}' AS level", *shown, "SUM(denominator) AS denominator")
        .select(*(f"SUM(numerator_{n}) AS numerator_{n}" for n in numbers), copy=False)
        .from_(rows, copy=False)
        .group_by(*names, copy=False)
    )


def _patients(level: Level, kinds: int) -> exp.Select:
    """A row for each reporter of the level and unique patient, with the marks of any pair."""
    if level is Level.PRACTICE_CLINICIAN:
        return exp.select("*").from_("marked")
    patient = (*LEVEL_COLUMNS[level], "patient_id")
    marks = (f"MAX(mark_{number}) AS mark_{number}" for number in range(kinds))
    query = of_level(exp.select(*patient, *marks).from_("marked AS d"), level)
    return query.group_by(*patient)


def _all_of(rows: Sequence[exp.Select]) -> exp.Query:
    return exp.union(*rows, distinct=False, copy=False) if len(rows) > 1 else rows[0]
