"""What a practice submits for one entity and performance year, whatever the format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from wellpost.errors import DataRefusedError
from wellpost.facts.identifiers import npi_is_valid, tin_is_valid
from wellpost.reports.words import name
from wellpost.rules.mips_measures import MipsMeasure, MipsYear, mips_year
from wellpost.terms import Level, Period, Reporter

ENTITIES = {
    "individual": Level.PRACTICE_CLINICIAN,
    "group": Level.GROUP,
    "virtual-group": Level.VIRTUAL_GROUP,
}
"""Who may submit, and the level whose counts they submit (42 CFR 414.1305)."""

IDENTIFIES = {
    Level.PRACTICE_CLINICIAN: ("tin", "npi"),
    Level.GROUP: ("tin",),
    Level.VIRTUAL_GROUP: ("virtual_group",),
}


@dataclass(frozen=True)
class Proportion:
    """Unique patients counted; `0 <= numerator <= denominator`."""

    numerator: int
    denominator: int


@dataclass(frozen=True)
class Measurement:
    """What is answered to one measure: counts, or yes (True) or no."""

    identifier: str
    value: Proportion | bool


@dataclass(frozen=True)
class Submission:
    """The Advancing Care Information or Promoting Interoperability part of one entity's year.

    `entity` is an NPI under a TIN, a TIN or a virtual group. `certification` is the CMS EHR
    certification id, 15 letters and digits. Whatever can be wrong is refused when it is made:
    DataRefusedError has a sentence for each fault.
    """

    year: int
    entity: Reporter
    period: Period
    measurements: tuple[Measurement, ...]
    certification: str | None = None

    def __post_init__(self) -> None:
        faults = tuple(self._faults())
        if faults:
            raise DataRefusedError(*faults)

    @property
    def rules(self) -> MipsYear:
        """What a submission of this year may hold."""
        return mips_year(self.year)

    @property
    def category(self) -> str:
        """`aci` or `pi`."""
        return self.rules.category

    @property
    def kind(self) -> str:
        """`individual`, `group` or `virtual-group`."""
        return next(name for name, level in ENTITIES.items() if level is self.entity.level)

    def measure(self, measurement: Measurement) -> MipsMeasure:
        """What CMS says of the measure answered."""
        return self.rules.measure(measurement.identifier)

    def _faults(self) -> Iterator[str]:
        rules = self.rules
        yield from _entity_faults(self.entity)
        if self.entity.level is Level.VIRTUAL_GROUP and not rules.virtual_groups:
            yield f"there were no virtual groups in {self.year}; CMS has them from 2018."
        yield from _period_faults(self.year, self.period)
        yield from _certification_faults(self.certification)
        yield from _measurements_faults(rules, self.measurements)


def performance_period(start: date, end: date) -> Period:
    """The period that a file names; DataRefusedError when it ends before it starts."""
    if end < start:
        raise DataRefusedError(
            f"the performance period {start}..{end} ends before it starts; "
            "its first day comes first."
        )
    return Period(start, end)


def refuse_made_up(entity: Reporter) -> None:
    """DataRefusedError where the npi fails its check digit: what leaves must not hold such."""
    if entity.npi is not None and not npi_is_valid(entity.npi):
        raise DataRefusedError(
            f"npi {entity.npi} fails its check digit; an npi is 10 digits, the last the check."
        )


def _entity_faults(entity: Reporter) -> Iterator[str]:
    needed = IDENTIFIES.get(entity.level)
    if needed is None:
        yield f"{name(entity)} cannot submit: an individual is an npi under one tin."
        return
    for field in ("tin", "npi", "virtual_group"):
        value = getattr(entity, field)
        if (value is not None) != (field in needed):
            yield f"a submission of level {entity.level} is identified by {' and '.join(needed)}."
            return
    if entity.tin is not None and not tin_is_valid(entity.tin):
        yield f"tin {entity.tin!r} cannot be right; a tin is 9 digits."
    if entity.npi is not None and not re.fullmatch(r"[0-9]{10}", entity.npi):
        yield f"npi {entity.npi!r} cannot be right; an npi is 10 digits."
    if entity.virtual_group is not None and not entity.virtual_group.strip():
        yield "the virtual group has no identifier; CMS gives it one when it is formed."


def _period_faults(year: int, period: Period) -> Iterator[str]:
    whole = Period.of_year(year)
    if period.start < whole.start or period.end > whole.end:
        yield f"period {period} is not of performance year {year}; it must lie in {whole}."


def _certification_faults(certification: str | None) -> Iterator[str]:
    if certification is not None and not re.fullmatch(r"[A-Za-z0-9]{15}", certification):
        yield (
            f"CMS EHR certification id {certification!r} cannot be right; "
            "it is 15 letters and digits."
        )


def _measurements_faults(rules: MipsYear, measurements: Sequence[Measurement]) -> Iterator[str]:
    if not measurements:
        yield f"a submission of {rules.year} holds no measure; it must hold at least one."
    if len(measurements) > 2 * len(rules.measures):  # no sentence for each of a million
        many, known = len(measurements), len(rules.measures)
        yield f"a submission holds {many:,} measures; {rules.year} has {known}, each there once."
        return
    for each in measurements:
        yield from _measurement_faults(rules, each)
    yield from _twice(each.identifier for each in measurements)


def _measurement_faults(rules: MipsYear, measurement: Measurement) -> Iterator[str]:
    try:
        measure = rules.measure(measurement.identifier)
    except DataRefusedError as unknown:
        yield from unknown.faults
        return
    yield from _value_faults(measure, measurement.value)


def _value_faults(measure: MipsMeasure, value: Proportion | bool) -> Iterator[str]:
    if (measure.kind == "boolean") != isinstance(value, bool):
        asked = "yes or no" if measure.kind == "boolean" else "a numerator and a denominator"
        yield f"{measure.identifier}: this measure is answered by {asked}."
    elif isinstance(value, Proportion):
        yield from _count_faults(measure.identifier, value)


def _count_faults(identifier: str, value: Proportion) -> Iterator[str]:
    for part, count in (("numerator", value.numerator), ("denominator", value.denominator)):
        if count < 0:
            yield f"{identifier}: {part} {count} is negative; a count is 0 or more."
    if value.numerator > value.denominator:
        yield (
            f"{identifier}: numerator {value.numerator} is above denominator "
            f"{value.denominator}; the numerator counts patients of the denominator."
        )


def _twice(identifiers: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for each in identifiers:
        if each in seen:
            yield f"measure {each} is there twice; each is submitted once."
        seen.add(each)
