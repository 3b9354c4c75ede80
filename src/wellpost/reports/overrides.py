"""Numbers changed by hand: by whom and why; every report that shows them says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wellpost.errors import RequestError
from wellpost.rules.model import ProgramYear
from wellpost.terms import Count, Level, Measure, Reporter, spoken, written

SHAPE = re.compile(r"([\w-]+)=(\d+)/(\d+):(.*)", re.DOTALL)
LEAST_WORDS = 3


@dataclass(frozen=True)
class Override:
    """A count that somebody put in the place of the one counted."""

    measure: Measure
    reporter: Reporter
    numerator: int
    denominator: int
    reason: str
    by: str

    def __post_init__(self) -> None:
        if not self.by.strip():
            raise RequestError("a number changed by hand needs the name of who changed it.")
        if len(self.reason.split()) < LEAST_WORDS:
            raise RequestError(
                f"{spoken(self.measure)} changed by hand: the reason {self.reason!r} says too "
                f"little; say in {LEAST_WORDS} words or more what was not counted, and where it is."
            )
        if not 0 <= self.numerator <= self.denominator:
            raise RequestError(
                f"{spoken(self.measure)} changed by hand: {self.numerator} of {self.denominator} "
                "cannot be; the numerator counts patients of the denominator."
            )

    @property
    def count(self) -> Count:
        """What stands in the place of the count."""
        return Count(self.measure, self.reporter, self.denominator, self.numerator)

    def as_json(self) -> dict[str, object]:
        """Its fields, names as outputs write them."""
        return {
            "measure": spoken(self.measure),
            "level": spoken(self.reporter.level),
            "npi": self.reporter.npi,
            "tin": self.reporter.tin,
            "virtual_group": self.reporter.virtual_group,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "reason": self.reason,
            "by": self.by,
        }


def parse_override(text: str, reporter: Reporter, by: str) -> Override:
    """Read `secure-messaging=6/100: one letter by courier`; RequestError says what is right."""
    found = SHAPE.fullmatch(text.strip())
    try:
        if not found:
            raise ValueError
        measure = Measure(written(found[1]))
    except ValueError:
        raise RequestError(
            f"override {text!r} cannot be read; write it like "
            "'secure-messaging=6/100: two letters by courier, kept in the paper record'."
        ) from None
    return Override(measure, reporter, int(found[2]), int(found[3]), found[4].strip(), by)


def from_json(given: dict[str, object]) -> Override:
    """The override that `as_json` wrote."""

    def text(name: str) -> str | None:
        return None if given[name] is None else str(given[name])

    reporter = Reporter(
        Level(written(str(given["level"]))), text("tin"), text("npi"), text("virtual_group")
    )
    return Override(
        Measure(written(str(given["measure"]))),
        reporter,
        int(str(given["numerator"])),
        int(str(given["denominator"])),
        str(given["reason"]),
        str(given["by"]),
    )


def checked_overrides(given: Iterable[Override], rules: ProgramYear) -> tuple[Override, ...]:
    """The overrides, each of a measure of the program and none twice; else RequestError."""
    checked = tuple(given)
    seen: set[tuple[Measure, Reporter]] = set()
    for each in checked:
        rules.measure(each.measure)
        if (each.measure, each.reporter) in seen:
            raise RequestError(
                f"{spoken(each.measure)} is changed by hand twice for one reporter; leave one."
            )
        seen.add((each.measure, each.reporter))
    return checked


def counted(count: Count, overrides: Iterable[Override]) -> Count:
    """The count, or what was put in its place by hand."""
    for each in overrides:
        if (each.measure, each.reporter) == (count.measure, count.reporter):
            return each.count
    return count
