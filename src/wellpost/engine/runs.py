"""From days to runs: the starts of all periods that hold a day, or hold none that spoils.

Each day adds only the starts that the day before it has not: no two runs of one pair overlap.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp, parse_one

from wellpost.engine.question import Question
from wellpost.measures.load import considered

OF_ANOTHER = "another_"
"""How a reason begins that is drawn from another act of the same patient in the period."""

DAY = "DATE_DIFF('day', CAST(:period_start AS DATE), happened_on) AS day"
IN_WINDOW = "counted_on BETWEEN :window_start AND :window_end"


def visited_runs(days: exp.Select, pair: Sequence[str]) -> exp.Select:
    """The starts of the periods that hold one of the pair's days (`happened_on`)."""
    numbered = exp.select(*pair, parse_one(DAY, read="duckdb")).from_(days.subquery("happened"))
    return _runs(numbered, pair, "GREATEST(day - :days, before) + 1", "LEAST(day, :last)")


def reached_runs(question: Question, pair: Sequence[str]) -> exp.Select:
    """The starts of the periods in which the pair's acts put the patient in the numerator."""
    if _drawn_from_others(question):
        return _unspoilt_runs(question, pair)
    days = exp.select(*pair, "counted_on AS happened_on").from_("acts")
    return visited_runs(days, pair)


def joined(seen: str, acts: exp.Select, shown: Sequence[str], same: exp.Expr) -> exp.Select:
    """Where runs of `seen` and of acts meet."""
    return (
        exp.select(*(f"s.{name}" for name in shown))
        .select("GREATEST(s.since, r.since) AS since", "LEAST(s.until, r.until) AS until")
        .select("0 AS is_seen", "1 AS is_reached")
        .from_(exp.to_table(seen).as_("s"))
        .join(acts.subquery("r"), on=exp.and_(same, "r.since <= s.until", "s.since <= r.until"))
    )


def stays(question: Question, *, moves: bool) -> bool:
    """Whether one answer to who is reached holds for every period."""
    return not moves and not _drawn_from_others(question)


def _unspoilt_runs(question: Question, pair: Sequence[str]) -> exp.Select:
    """The starts of the periods without a day that spoils; a day after the last ends the last run."""
    every = considered(question.measure, question.words).subquery("every", copy=False)
    drawn = exp.column("because").isin(*_drawn_from_others(question))
    spoiling = exp.select(*pair, "counted_on AS happened_on").from_(every)
    spoiling = spoiling.where("because IS NOT NULL", exp.not_(drawn))
    numbered = exp.select(*pair, parse_one(DAY, read="duckdb")).from_(spoiling.subquery("spoiling"))
    ending = exp.select(*pair, ":days + :last AS day").distinct().from_(every.copy())
    days = exp.union(numbered, ending, distinct=False)
    return _runs(days, pair, "before + 1", "day - :days")


def _runs(days: exp.Query, pair: Sequence[str], since: str, until: str) -> exp.Select:
    before = f"LAG(day, 1, -1) OVER (PARTITION BY {', '.join(pair)} ORDER BY day) AS before"
    following = exp.select(*pair, "day", before).from_(days.subquery("each_day"))
    bounds = (f"{since} AS since", f"{until} AS until")
    runs = exp.select(*pair, *bounds).from_(following.subquery("following"))
    return exp.select(*pair, "since", "until").from_(runs.subquery("run")).where("since <= until")


def _drawn_from_others(question: Question) -> list[str]:
    """Reasons by which one act of the measure takes away what another gives."""
    tree = considered(question.measure, question.words)
    words = {literal.name for literal in tree.find_all(exp.Literal) if literal.is_string}
    return sorted(word for word in words if word.startswith(OF_ANOTHER))
