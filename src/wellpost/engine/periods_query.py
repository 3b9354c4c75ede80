"""The query for every possible period: how the curves of all reporters change, and where.

A start is the number of a period, 0 for the first. A run is a stretch of starts, `since` to
`until`: all its periods hold a visit of one patient, or besides an act that counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp, parse_one

from wellpost.engine.levels import LEVEL_COLUMNS, narrowed, of_level, roster_of
from wellpost.engine.question import Question
from wellpost.engine.relations import credited_to, same_credit
from wellpost.engine.runs import joined, reached_runs, stays, visited_runs
from wellpost.terms import Level

GROUPS = (Level.GROUP, Level.VIRTUAL_GROUP)


def periods_query(question: Question, *, moves: bool) -> exp.Expr:
    """Reporter, place, and by how much the denominator and the numerator change there.

    `moves` says that the numerator window is the period itself.
    """
    columns = LEVEL_COLUMNS[question.level]
    changes = exp.union(_changes(question, moves), _zeros(question.level), distinct=False)
    query = (
        exp.select(*columns, "place", "SUM(denominator) AS denominator")
        .select("SUM(numerator) AS numerator")
        .from_(changes.subquery("change"))
        .where("place <= :last")
        .group_by(*columns, "place")
        .order_by(*columns, "place")
    )
    return narrowed(query, question)


def _changes(question: Question, moves: bool) -> exp.Select:
    """Two for each run: up where it begins, down after its end."""
    signs = parse_one("SELECT 1 AS sign UNION ALL SELECT -1 AS sign")
    runs = _of_groups(question, moves) if question.level in GROUPS else _runs(question, moves)
    return (
        exp.select(*LEVEL_COLUMNS[question.level])
        .select("CASE WHEN sign = 1 THEN since ELSE until + 1 END AS place")
        .select("sign * is_seen AS denominator", "sign * is_reached AS numerator")
        .from_(runs.subquery("run"))
        .join(exp.Subquery(this=signs, alias=exp.to_identifier("signed")), join_type="cross")
    )


def _zeros(level: Level) -> exp.Select:
    """Everybody of the roster, seen by anyone or not."""
    zeros = ("0 AS place", "0 AS denominator", "0 AS numerator")
    return exp.select(*LEVEL_COLUMNS[level], *zeros).from_(roster_of(level))


def _runs(question: Question, moves: bool) -> exp.Query:
    """Runs in which a clinician sees a patient, and runs in which the patient is reached."""
    return _fixed(question) if stays(question, moves=moves) else _moving(question)


def _fixed(question: Question) -> exp.Select:
    """With a window that stays, who is reached is so in every period: one join says it."""
    acts = exp.select(*credited_to(question)).distinct().from_("acts")
    names = (f"s.{name}" for name in _shown(question))
    return (
        exp.select(*names, "s.since", "s.until", "1 AS is_seen")
        .select("CASE WHEN r.npi IS NULL THEN 0 ELSE 1 END AS is_reached")
        .from_(visited_runs(_visits(question), _pair(question)).subquery("s"))
        .join(acts.subquery("r"), on=same_credit(question, "r", "s"), join_type="left")
    )


def _moving(question: Question) -> exp.Query:
    """With a window that moves, a patient is reached where runs of visits and of acts meet."""
    shown = _shown(question)
    seen = exp.select(*shown, "since", "until", "1 AS is_seen", "0 AS is_reached").from_("visited")
    acts = reached_runs(question, credited_to(question))
    both = joined("visited", acts, shown, same_credit(question, "r", "s"))
    visited = visited_runs(_visits(question), _pair(question))
    every = exp.union(seen, both, distinct=False)
    return exp.select("*").with_("visited", as_=visited).from_(every.subquery("moving"))


def _of_groups(question: Question, moves: bool) -> exp.Query:
    """Runs of the same patient with several clinicians made one: nobody counts twice."""
    patient = (*LEVEL_COLUMNS[question.level], "patient_id")
    seen, reached = (_merged(patient, kind) for kind in ("is_seen", "is_reached"))
    every = exp.union(seen, reached, distinct=False)
    runs = _runs(question, moves)
    return exp.select("*").with_("paired", as_=runs).from_(every.subquery("grouped"))


def _merged(patient: Sequence[str], kind: str) -> exp.Select:
    """What each run of the kind adds to those that begin before it."""
    latest = (
        f"MAX(until) OVER (PARTITION BY {', '.join(patient)} ORDER BY since"
        " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )
    follows = exp.select(*patient, "since", "until", f"COALESCE({latest}, -1) AS latest")
    follows = follows.from_("paired").where(f"{kind} = 1")
    flags = [f"{int(kind == each)} AS {each}" for each in ("is_seen", "is_reached")]
    return (
        exp.select(*patient, "GREATEST(since, latest + 1) AS since", "until", *flags)
        .from_(follows.subquery("follows"))
        .where("until > latest")
    )


def _visits(question: Question) -> exp.Select:
    """The days on which each pair met, counted from the first day."""
    query = exp.select(*_pair(question), "seen_on AS happened_on").from_("denominator AS d")
    return of_level(query, question.level)


def _pair(question: Question) -> tuple[str, ...]:
    """What tells one clinician's patient from all others."""
    return tuple(dict.fromkeys((*LEVEL_COLUMNS[question.level], *credited_to(question))))


def _shown(question: Question) -> tuple[str, ...]:
    """What later steps need of a pair: the reporter, and the patient where groups merge."""
    columns = LEVEL_COLUMNS[question.level]
    return (*columns, "patient_id") if question.level in GROUPS else columns
