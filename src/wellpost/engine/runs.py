"""From days to runs of starts: the periods that hold a day, or that hold no day that spoils.

A period that starts on day `s` holds day `d` when `d - N + 1 <= s <= d`. A run is a stretch of
starts, `since` to `until`. Runs of one kind of one pair never overlap: each day adds only the
starts that the day before it has not.

Each query goes into the next as it is: copying it at every step took most of the time.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp, parse_one

from wellpost.engine.question import Question
from wellpost.measures.load import considered

OF_ANOTHER = "another_"
"""How a reason begins that is drawn from another act of the same patient in the period."""


def day_number(column: str) -> exp.Expr:
    """A day as a number (`day`), 0 for the first day of the first period."""
    return parse_one(
        f"DATE_DIFF('day', CAST(:period_start AS DATE), {column}) AS day", read="duckdb"
    )


DAY = day_number("happened_on")

FAR = 1000
"""More days than any period has, for the day before the first and the day after the last."""

SIGNS = parse_one("SELECT 1 AS sign UNION ALL SELECT -1 AS sign")


def edges(
    days: exp.Query, pair: Sequence[str], shown: Sequence[str], denominator: str, numerator: str
) -> exp.Select:
    """Changes at both ends of unbroken coverage by the pair's days (`happened_on`).

    `denominator` and `numerator` are worth so much; days no more than N apart leave no edge.
    """
    values = tuple(name for name in (denominator, numerator) if name != "0")
    numbered = exp.select(*pair, *values, DAY.copy()).from_(days.subquery("happened", copy=False))
    place = "CASE WHEN sign = 1 THEN GREATEST(day - :days + 1, 0) ELSE day + 1 END AS place"
    return (
        exp.select(*shown, place)
        .select(f"sign * {denominator} AS denominator", f"sign * {numerator} AS numerator")
        .from_(_beside(numbered, pair, values).subquery("beside", copy=False))
        .join(_signed(), join_type="cross", copy=False)
        .where(
            "(sign = 1 AND day - before > :days) OR (sign = -1 AND after - day > :days)", copy=False
        )
    )


def ends(runs: exp.Select, shown: Sequence[str], denominator: str, numerator: str) -> exp.Select:
    """Changes at both ends of each run."""
    return (
        exp.select(*shown, "CASE WHEN sign = 1 THEN since ELSE until + 1 END AS place")
        .select(f"sign * {denominator} AS denominator", f"sign * {numerator} AS numerator")
        .from_(runs.subquery("run", copy=False))
        .join(_signed(), join_type="cross", copy=False)
    )


def holding(days: exp.Select, pair: Sequence[str]) -> exp.Select:
    """The starts of the periods that hold one of the pair's days (`happened_on`)."""
    numbered = exp.select(*pair, DAY.copy()).from_(days.subquery("happened", copy=False))
    return _runs(numbered, pair, "GREATEST(day - :days, before) + 1", "LEAST(day, :last)")


def of_acts(question: Question, pair: Sequence[str]) -> exp.Select:
    """The starts of the periods in which the pair's acts put the patient in the numerator."""
    if spoils(question):
        return _unspoilt(question, pair)
    return holding(exp.select(*pair, "counted_on AS happened_on").from_("acts"), pair)


def meeting(seen: exp.Select, acts: exp.Select, shown: Sequence[str], same: exp.Expr) -> exp.Select:
    """Where runs of `seen` and of acts meet."""
    return (
        exp.select(*(f"s.{name}" for name in shown))
        .select("GREATEST(s.since, r.since) AS since", "LEAST(s.until, r.until) AS until")
        .from_(seen.subquery("s", copy=False))
        .join(
            acts.subquery("r", copy=False),
            on=exp.and_(same, "r.since <= s.until", "s.since <= r.until"),
            copy=False,
        )
    )


def merged(runs: exp.Select, patient: Sequence[str]) -> exp.Select:
    """What each run adds to the patient's runs that begin before it: nobody counts twice."""
    latest = (
        f"MAX(until) OVER (PARTITION BY {', '.join(patient)} ORDER BY since"
        " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )
    follows = exp.select(*patient, "since", "until", f"COALESCE({latest}, -1) AS latest")
    return (
        exp.select(*patient, "GREATEST(since, latest + 1) AS since", "until")
        .from_(follows.from_(runs.subquery("run", copy=False)).subquery("follows", copy=False))
        .where("until > latest", copy=False)
    )


def spoils(question: Question) -> bool:
    """Whether one act of the measure can take away what another gives."""
    return bool(_drawn_from_others(question))


def _unspoilt(question: Question, pair: Sequence[str]) -> exp.Select:
    """The starts of the periods without a day that spoils.

    Such a day ends the run before it; a day after the last period ends the last run.
    """
    every = considered(question.measure, question.words).subquery("every", copy=False)
    drawn = exp.column("because").isin(*_drawn_from_others(question))
    spoiling = exp.select(*pair, "counted_on AS happened_on").from_(every)
    spoiling = spoiling.where("because IS NOT NULL", exp.not_(drawn), copy=False)
    numbered = exp.select(*pair, DAY.copy()).from_(spoiling.subquery("spoiling", copy=False))
    ending = exp.select(*pair, ":days + :last AS day").distinct().from_(every.copy())
    days = exp.union(numbered, ending, distinct=False, copy=False)
    return _runs(days, pair, "before + 1", "day - :days")


def _runs(days: exp.Query, pair: Sequence[str], since: str, until: str) -> exp.Select:
    before = f"LAG(day, 1, -1) OVER (PARTITION BY {', '.join(pair)} ORDER BY day) AS before"
    following = exp.select(*pair, "day", before).from_(days.subquery("each_day", copy=False))
    bounds = (f"{since} AS since", f"{until} AS until")
    runs = exp.select(*pair, *bounds).from_(following.subquery("following", copy=False))
    query = exp.select(*pair, "since", "until").from_(runs.subquery("run", copy=False))
    return query.where("since <= until", copy=False)


def _beside(days: exp.Select, pair: Sequence[str], values: Sequence[str]) -> exp.Select:
    """Each day with the pair's days before and after it."""
    among = f"OVER (PARTITION BY {', '.join(pair)} ORDER BY day)"
    before, after = f"LAG(day, 1, {-FAR}) {among}", f"LEAD(day, 1, {FAR}) {among}"
    beside = (f"{before} AS before", f"{after} AS after")
    return exp.select(*pair, *values, "day", *beside).from_(days.subquery("each_day", copy=False))


def _signed() -> exp.Subquery:
    alias = exp.TableAlias(this=exp.to_identifier("signed"))
    return exp.Subquery(this=SIGNS.copy(), alias=alias)


def _drawn_from_others(question: Question) -> list[str]:
    """Reasons by which one act of the measure takes away what another gives."""
    tree = considered(question.measure, question.words)
    words = {literal.name for literal in tree.find_all(exp.Literal) if literal.is_string}
    return sorted(word for word in words if word.startswith(OF_ANOTHER))
