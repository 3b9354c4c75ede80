"""Rows that tell on each other: a practice and its clinicians, a clinician and the practices.

The larger row counts each patient of the smaller ones once. So it is at least as large as each of
them and at most as large as all together: in the denominator, in the numerator, and (the upper
bound alone) in the rest, since who is in the numerator of a part is in that of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf

from wellpost.terms import Level, Measure, Reporter

Key = tuple[Measure, Reporter]


@dataclass(frozen=True)
class Known:
    """What is known of a number: that it is from `least` to `most`."""

    least: float = 0
    most: float = inf

    def excludes_some_of(self, other: Known) -> bool:
        """Whether not every number of the other is possible."""
        return self.least > other.least or self.most < other.most


@dataclass(frozen=True)
class Kept:
    """What a row keeps secret: numbers that must all stay possible; None where there are none."""

    denominator: Known | None
    numerator: Known | None
    of: int = 0
    """The denominator that the numerator is of."""

    @property
    def rest(self) -> Known | None:
        """The patients who are not in the numerator."""
        if self.numerator is None:
            return None
        return Known(self.of - self.numerator.most, self.of - self.numerator.least)


@dataclass(frozen=True)
class Cell:
    """What a reader knows of a row from itself, and what it keeps."""

    denominator: Known
    numerator: Known
    kept: Kept

    @property
    def rest(self) -> Known:
        """The patients who are not in the numerator."""
        least = self.denominator.least - self.numerator.most
        return Known(max(0, least), self.denominator.most - self.numerator.least)


Number = Callable[[Cell | Kept], Known | None]
NUMBERS: tuple[Number, ...] = (
    lambda row: row.denominator,
    lambda row: row.numerator,
    lambda row: row.rest,
)
REST = NUMBERS[-1]


def families(keys: Iterable[Key]) -> Iterator[tuple[Key, list[Key]]]:
    """Each larger row with those it is made of, where both levels are shown."""
    parts: dict[Key, list[Key]] = {}
    every = list(keys)
    for measure, who in every:
        if who.level is Level.PRACTICE_CLINICIAN:
            practice = Reporter(Level.GROUP, tin=who.tin)
            for whole in (practice, Reporter(Level.CLINICIAN, npi=who.npi)):
                parts.setdefault((measure, whole), []).append((measure, who))
    yield from ((key, parts[key]) for key in every if key in parts)


def narrowed(whole: Cell, parts: Sequence[Cell]) -> bool:
    """Whether the bounds rule out any of the numbers that a row must keep possible."""
    return any(
        _whole_is(number, whole, parts)
        or any(
            _part_is(number, part, whole, others)
            for part, others in zip(parts, _most_of_others(number, parts), strict=True)
        )
        for number in NUMBERS
    )


def _whole_is(number: Number, whole: Cell, parts: Sequence[Cell]) -> bool:
    kept = number(whole.kept)
    if kept is None:
        return False
    known = [number(part) or Known() for part in parts]
    least = 0 if number is REST else max(each.least for each in known)
    return Known(least, sum(each.most for each in known)).excludes_some_of(kept)


def _part_is(number: Number, part: Cell, whole: Cell, others: float) -> bool:
    kept = number(part.kept)
    if kept is None:
        return False
    known = number(whole) or Known()
    most = inf if number is REST else known.most
    return Known(known.least - others, most).excludes_some_of(kept)


def _most_of_others(number: Number, parts: Sequence[Cell]) -> Iterator[float]:
    """For each part the most that all others can have together."""
    every = [(number(part) or Known()).most for part in parts]
    known, unknown = sum(each for each in every if each < inf), every.count(inf)
    for own in every:
        is_unknown = own == inf
        yield inf if unknown > is_unknown else known - (0 if is_unknown else own)
