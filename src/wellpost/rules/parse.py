"""From the keys of a rule file to the values of `model`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from wellpost.rules.category import CategoryLaw
from wellpost.rules.dated import Dated, in_force, read_dated
from wellpost.rules.manners import manners
from wellpost.rules.model import (
    CheckRule,
    MeasureLaw,
    ObjectiveRule,
    PeriodRule,
    PointsRule,
    Program,
)
from wellpost.rules.policies import grounds, policies
from wellpost.rules.reading import Entry, RuleFileError
from wellpost.rules.thresholds import AtLeastPatients, AttestedYes, MoreThanPercent, Threshold
from wellpost.terms import Level, Measure, Period, Window

SCALES = ("deciles", "proportional")
CHECKS = ("certified_locations",)
MEASURES = [each.value for each in Measure]


def read_program(
    entry: Entry, measures: tuple[MeasureLaw, ...], category: CategoryLaw | None = None
) -> Program:
    """A program from its `program.yaml`, its measures and category; each year must be whole."""
    first, last = _years(entry)
    found = Program(
        entry.text("program"),
        entry.text("name"),
        first,
        last,
        tuple(Level(each) for each in entry.some_of("levels", [each.value for each in Level])),
        read_dated(entry.entries("period"), _period),
        read_dated(entry.entries("objective"), _objective),
        read_dated(entry.entries("policies"), _defaults),
        read_dated(entry.entries("checks"), _checks),
        measures,
        category,
        entry.day("checked"),
        entry.place,
    )
    entry.finish()
    _refuse_holes(entry, found)
    return found


def read_measure(entry: Entry) -> MeasureLaw:
    """One measure of a program from its file."""
    found = MeasureLaw(
        Measure(entry.one_of("measure", MEASURES)),
        read_dated(entry.entries("threshold"), _threshold),
        read_dated(entry.entries("numerator_window"), _window),
        read_dated(entry.entries("exclusions"), _grounds),
        read_dated(entry.entries("identifier"), lambda each: each.text("is")),
        read_dated(entry.entries("points"), _points),
        read_dated(entry.entries("policies"), _defaults),
        read_dated(entry.entries("counted"), _counted),
        entry.day("checked"),
        entry.place,
    )
    entry.finish()
    _refuse_unwindowed(entry, found)
    return found


def _years(entry: Entry) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{4})\.\.(\d{4})", entry.text("years"))
    if not found or found[1] > found[2]:
        raise entry.fault("years", "must be the first and last year, like 2017..2021")
    return int(found[1]), int(found[2])


def _threshold(entry: Entry) -> Threshold:
    if entry.has("more_than"):
        return MoreThanPercent(entry.amount("more_than", "percent"))
    if entry.has("at_least"):
        return AtLeastPatients(entry.amount("at_least", "patients", "patient"))
    if entry.has("answer"):
        entry.one_of("answer", ["yes"])
        return AttestedYes()
    raise entry.fault("threshold", "needs one of more_than, at_least and answer")


def _window(entry: Entry) -> Window:
    return Window(entry.one_of("window", [each.value for each in Window]))


def _grounds(entry: Entry) -> tuple[str, ...]:
    return entry.some_of("grounds", grounds())


def _points(entry: Entry) -> PointsRule:
    rule = PointsRule(entry.one_of("scale", SCALES), entry.amount("maximum"))
    if rule.scale == "deciles" and rule.maximum % 10:
        raise entry.fault("maximum", "must be a multiple of 10, so that each tenth is whole")
    return rule


def _period(entry: Entry) -> PeriodRule:
    return PeriodRule(entry.amount("at_least", "days"), entry.optional_day("ends_before"))


def _objective(entry: Entry) -> ObjectiveRule:
    measures = tuple(Measure(each) for each in entry.some_of("of", MEASURES))
    satisfy = entry.amount("satisfy")
    if not 0 < satisfy <= len(measures):
        raise entry.fault("satisfy", f"must be from 1 to the {len(measures)} measures listed")
    return ObjectiveRule(entry.text("objective"), satisfy, measures)


def _defaults(entry: Entry) -> Mapping[str, str]:
    return _words(entry, "policy", {name: one.values for name, one in policies().items()})


def _counted(entry: Entry) -> Mapping[str, str]:
    return _words(entry, "manner", {name: one.values for name, one in manners().items()})


def _words(entry: Entry, kind: str, known: Mapping[str, Collection[str]]) -> Mapping[str, str]:
    """What `set` holds: names of that kind, each with one of its words."""
    inner = entry.entry("set")
    if not inner.names():
        raise entry.fault("set", f"must hold a {kind} and its value")
    for name in inner.names():
        if name not in known:
            raise inner.fault(name, f"is no {kind}; there are: {', '.join(known)}")
    return {name: inner.one_of(name, known[name]) for name in inner.names()}


def _checks(entry: Entry) -> CheckRule:
    return CheckRule(entry.one_of("check", CHECKS), entry.amount("at_least", "percent"))


def _refuse_holes(entry: Entry, program: Program) -> None:
    """Each year of a program needs a rule on its period, and its objective's measures."""
    for year in program.years:
        day = Period.of_year(year).start
        if in_force(program.period, day) is None:
            raise entry.fault("period", f"has no rule in force on {day}")
        objective = in_force(program.objective, day)
        for measure in objective.value.measures if objective else ():
            if not any(law.measure == measure and law.on(day, None) for law in program.measures):
                raise RuleFileError(
                    f"{objective.place if objective else entry.place}: the objective names "
                    f"{measure}, of which nothing is asked on {day}."
                )


def _refuse_unwindowed(entry: Entry, law: MeasureLaw) -> None:
    def windowed(threshold: Dated[Threshold]) -> bool:
        return in_force(law.window, threshold.since, threshold.state) is not None

    for threshold in law.threshold:
        if not windowed(threshold):
            raise entry.fault("numerator_window", f"has none in force on {threshold.since}")
    if not law.threshold:
        raise entry.fault("threshold", "is missing")
