"""Every possible period: one count for each first day, all of them from one query.

A visit on day `d` is in the periods of N days that start on `d - N + 1` to `d`. The starts that a
patient's visits cover are runs; a curve goes up by one where a run begins and down by one after
its end. So the database gives the changes of each curve, and here they are added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import orjson
from sqlglot.optimizer.eliminate_subqueries import eliminate_subqueries

from wellpost.engine.levels import reporter
from wellpost.engine.periods_query import periods_query
from wellpost.engine.question import Question
from wellpost.engine.relations import on_facts
from wellpost.facts.source import Source
from wellpost.terms import Reporter


@dataclass(frozen=True)
class Sweep:
    """All periods of `days` days within `question.period`, the first starting with it.

    `moves` says that the numerator window is the period itself; else it is `question.window`.
    """

    question: Question
    days: int
    moves: bool

    @property
    def starts(self) -> int:
        """How many periods there are."""
        return self.question.period.days - self.days + 1

    @property
    def values(self) -> dict[str, object]:
        """The values to bind; with a window that moves, acts of every period are asked for."""
        period = self.question.period
        values = {**self.question.values, "days": self.days, "last": self.starts - 1}
        if self.moves:
            values.update(window_start=period.start, window_end=period.end)
        return values


@dataclass(frozen=True)
class Curve:
    """The counts of one reporter; place 0 is the period that starts on the first day."""

    reporter: Reporter
    denominators: Sequence[int]
    numerators: Sequence[int]


def periods(source: Source, sweep: Sweep) -> Iterator[Curve]:
    """A curve for every reporter of the roster, zeros too, ordered by tin, then npi.

    Each place holds what `wellpost.engine.counts` gives for the period that starts there.
    """
    return (_curve(sweep, row) for row in _rows(source, sweep))


def _rows(source: Source, sweep: Sweep) -> Iterator[tuple[Any, ...]]:
    key = ("periods", sweep.moves, sweep.question.shape)
    if key not in source.prepared:
        query = periods_query(sweep.question, moves=sweep.moves)
        whole = on_facts(query, source.tables, sweep.question)
        # SQLite's parser cannot look into so many queries within queries
        source.prepared[key] = source.prepare(eliminate_subqueries(whole))
    return source.run_prepared(source.prepared[key], sweep.values)


def _curve(sweep: Sweep, row: Sequence[Any]) -> Curve:
    numbers = orjson.loads(f"[{row[-1]}]")
    places = numbers[::3]
    return Curve(
        reporter(sweep.question.level, row),
        _summed(sweep.starts, places, numbers[1::3]),
        _summed(sweep.starts, places, numbers[2::3]),
    )


def _summed(starts: int, places: Iterable[int], changes: Iterable[int]) -> Sequence[int]:
    """The running sum at each start, from the changes at some of them."""
    steps = [0] * starts
    for place, change in zip(places, changes, strict=True):
        steps[place] = change
    return list(accumulate(steps))
