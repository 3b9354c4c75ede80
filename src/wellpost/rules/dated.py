"""Values by date: what is in force on a day, and that no two are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from wellpost.rules.reading import Entry, RuleFileError
from wellpost.rules.sources import Source, checked_against

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Dated(Generic[T_co]):
    """A value of the law from `since` until the next one's day (or `until`, counted).

    `cite` is the source, `says` its words in short, `place` the file and line it was read from.
    With `state` it holds in that state only, and there goes before the value for all.
    `sources` are what the value was checked against; none: nothing was found to check it.
    """

    value: T_co
    since: date
    until: date | None
    cite: str
    says: str
    place: str
    state: str | None = None
    sources: tuple[Source, ...] = ()

    def with_value(self, value: T) -> Dated[T]:
        """Another value of the same source and days."""
        told = (self.since, self.until, self.cite, self.says, self.place, self.state, self.sources)
        return Dated(value, *told)


def read_dated(entries: Iterable[Entry], value: Callable[[Entry], T]) -> tuple[Dated[T], ...]:
    """Read each entry and its value; two that apply to one day are refused, naming both places."""
    values = sorted((_one(entry, value) for entry in entries), key=lambda each: each.since)
    for state in {each.state for each in values}:
        _refuse_overlap([each for each in values if each.state == state])
    return tuple(values)


def in_force(values: Sequence[Dated[T]], day: date, state: str | None = None) -> Dated[T] | None:
    """The value on `day`: the state's own if it has one, else that for all, else None."""
    for where in dict.fromkeys((state, None)):
        begun = [each for each in values if each.state == where and each.since <= day]
        if begun and (begun[-1].until is None or day <= begun[-1].until):
            return begun[-1]
    return None


def _one(entry: Entry, value: Callable[[Entry], T]) -> Dated[T]:
    since, until = entry.day("since"), entry.optional_day("until")
    if (since.month, since.day) != (1, 1):
        raise entry.fault("since", f"{since} is not a 1 January; programs change by calendar year")
    if until and (until < since or (until.month, until.day) != (12, 31)):
        raise entry.fault("until", f"{until} is not a 31 December on or after {since}")
    cite, says = entry.text("cite"), entry.text("says")
    state = entry.optional_text("state")
    found = Dated(
        value(entry), since, until, cite, says, entry.place, state, checked_against(entry)
    )
    entry.finish()
    return found


def _refuse_overlap(values: list[Dated[T]]) -> None:
    for earlier, later in pairwise(values):
        if earlier.since == later.since or (earlier.until and later.since <= earlier.until):
            raise RuleFileError(
                f"{earlier.place} and {later.place}: both apply on {later.since}; "
                "a day has one rule, so give the earlier one an earlier until, or take one out."
            )
