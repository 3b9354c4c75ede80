"""The query for every possible period: how the curves of all reporters change, and where.

A start is the number of a period, 0 for the first; a change is one start, and by how much the
denominator and the numerator of a reporter are larger there than one start before.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from wellpost.engine import runs
from wellpost.engine.levels import LEVEL_COLUMNS, narrowed, of_level, roster_of
from wellpost.engine.question import Question
from wellpost.engine.relations import credited_to, same_credit
from wellpost.terms import Level

GROUPS = (Level.GROUP, Level.VIRTUAL_GROUP)
COUNTS = ("denominator", "numerator")


def periods_query(question: Question, *, moves: bool) -> exp.Expr:
    """A row for each reporter, the last column all their changes as one text of numbers.

    Start, change of the denominator, change of the numerator, and so on, in no order: a row for
    each change would take longer to read than to count. `moves` says that the numerator window is
    the period itself.
    """
    columns = LEVEL_COLUMNS[question.level]
    stays = not moves and not runs.spoils(question)
    made = _with_acts_that_stay(question) if stays else _with_acts_that_move(question)
    changes = exp.union(made, _zeros(question.level), distinct=False, copy=False)
    summed = (
        exp.select(*columns, "place", *(f"SUM({name}) AS {name}" for name in COUNTS))
        .from_(changes.subquery("change", copy=False))
        .where("place <= :last", copy=False)
        .group_by(*columns, "place", copy=False)
    )
    numbers = " || ',' || ".join(f"CAST({name} AS TEXT)" for name in ("place", *COUNTS))
    query = (
        exp.select(*columns, f"STRING_AGG({numbers}, ',') AS changes")
        .from_(narrowed(summed, question).subquery("summed", copy=False))
        .group_by(*columns, copy=False)
    )
    return query.order_by(*columns, copy=False)


def _zeros(level: Level) -> exp.Select:
    """Everybody of the roster, seen by anyone or not."""
    zeros = ("0 AS place", *(f"0 AS {name}" for name in COUNTS))
    return exp.select(*LEVEL_COLUMNS[level], *zeros).from_(roster_of(level))


def _with_acts_that_stay(question: Question) -> exp.Query:
    """Whoever has an act in the window is reached in every period: the visits say the rest."""
    columns, patient = LEVEL_COLUMNS[question.level], _patient(question)
    if question.level not in GROUPS:
        return runs.edges(_visits_marked(question), _pair(question), columns, *COUNTS)
    reached = exp.select("*").from_("visit").where("numerator = 1")
    every = exp.union(
        runs.edges(exp.select("*").from_("visit"), patient, columns, "denominator", "0"),
        runs.edges(reached, patient, columns, "0", "numerator"),
        distinct=False,
        copy=False,
    )
    visits = _visits_marked(question)
    query = exp.select("*").with_("visit", as_=visits, copy=False)
    return query.from_(every.subquery("of_group", copy=False), copy=False)


def _visits_marked(question: Question) -> exp.Select:
    """Each visit as a patient of the denominator, and of the numerator where an act counts."""
    acts = exp.select(*credited_to(question)).distinct().from_("acts")
    names = dict.fromkeys((*_pair(question), "happened_on"))
    return (
        exp.select(*(f"s.{name}" for name in names), "1 AS denominator")
        .select("CASE WHEN r.npi IS NULL THEN 0 ELSE 1 END AS numerator")
        .from_(_visits(question).subquery("s", copy=False))
        .join(
            acts.subquery("r", copy=False),
            on=same_credit(question, "r", "s"),
            join_type="left",
            copy=False,
        )
    )


def _with_acts_that_move(question: Question) -> exp.Query:
    """A patient is reached in the periods that hold both a visit and an act of one clinician."""
    columns, patient = LEVEL_COLUMNS[question.level], _patient(question)
    visits = _visits(question).select("1 AS denominator", copy=False)
    reached = _reached(question)
    if question.level in GROUPS:
        reached = runs.merged(reached, patient)
    return exp.union(
        runs.edges(visits, patient, columns, "denominator", "0"),
        runs.ends(reached, columns, "0", "1"),
        distinct=False,
        copy=False,
    )


def _reached(question: Question) -> exp.Select:
    """The runs of starts whose periods hold both; few pairs have acts, so the others go first."""
    credited, patient = credited_to(question), _patient(question)
    visits, same = _visits(question), same_credit(question, "r", "s")
    if not runs.spoils(question):
        acting = exp.select(*credited).distinct().from_("acts").subquery("r", copy=False)
        shown = (f"s.{name}" for name in (*_pair(question), "happened_on"))
        visits = exp.select(*shown).from_(visits.subquery("s", copy=False))
        visits = visits.join(acting, on=same.copy(), copy=False)
    visited = runs.holding(visits, _pair(question))
    return runs.meeting(visited, runs.of_acts(question, credited), patient, same)


def _visits(question: Question) -> exp.Select:
    """The days on which each pair met."""
    query = exp.select(*_pair(question), "seen_on AS happened_on").from_("denominator AS d")
    return of_level(query, question.level)


def _pair(question: Question) -> Sequence[str]:
    """What tells one clinician's patient from all others."""
    return tuple(dict.fromkeys((*LEVEL_COLUMNS[question.level], *credited_to(question))))


def _patient(question: Question) -> Sequence[str]:
    """What tells one reporter's patient from all others."""
    return (*LEVEL_COLUMNS[question.level], "patient_id")
