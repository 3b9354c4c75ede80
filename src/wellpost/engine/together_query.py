"""The query for several questions about the same patients seen.

Relations, each made once and read by those after it: `denominator`, the encounters that count;
`pairs`, who saw whom under which TIN; `seen`, the same without TIN; for each kind of acts asked for
`reached_N`, whom they reached; `marked`, the pairs with a mark for each. A level adds up the marks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from wellpost.engine.question import Question
from wellpost.engine.relations import acts, credited_to, denominator, same_credit
from wellpost.engine.together_levels import NAMES, by_one_grouping, level_by_level
from wellpost.terms import Level

PAIR = ("tin", "npi", "patient_id")


def together_query(
    levels: Sequence[Level], every: Sequence[Question], *, reading_once: bool = False
) -> exp.Expr:
    """A row for every reporter of the levels: level, names, denominator, a numerator for each acts.

    `every` has one question for each kind of acts; the values that acts number N name have `_N`
    behind their names. `reading_once` is for an engine that makes a relation anew for each reader.
    """
    counted = by_one_grouping if reading_once else level_by_level
    rows = counted(levels, len(every)).subquery("of_all", copy=False)
    query = exp.select("*").from_(rows, copy=False).order_by("level", *NAMES, copy=False)
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
