"""Which program, year and period a practice's pages start with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from wellpost.rules.load import programs
from wellpost.rules.model import Program, ProgramYear
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice
from wellpost.terms import Measure, Period

from .models import ReportingPeriod


@dataclass(frozen=True)
class Asked:
    """What a page of measures asks for."""

    program: str
    year: int
    period: Period


def program_years() -> Iterator[ProgramYear]:
    """Every program in every year it has rules for, the latest year first."""
    every = [(year, program) for program in programs().values() for year in program.years]
    for year, program in sorted(every, key=lambda each: (-each[0], each[1].name)):
        yield program.in_year(year)


def usual(practice: Practice) -> Asked:
    """The period chosen last; without one, whole months before today in the latest program."""
    chosen = practice.reporting_periods.order_by("-chosen_at").first()
    if chosen is not None:
        return Asked(chosen.program, chosen.year, Period(chosen.starts_on, chosen.ends_on))
    today = clock.today(practice.time_zone)
    rules = _program_now(today)
    return Asked(rules.name, rules.year, suggested(rules, today))


def usual_in(practice: Practice, rules: ProgramYear) -> Period:
    """The period the practice chose for that program and year, else the suggested one."""
    chosen = ReportingPeriod.objects.filter(
        practice=practice, program=rules.name, year=rules.year
    ).first()
    if chosen is not None:
        return Period(chosen.starts_on, chosen.ends_on)
    return suggested(rules, clock.today(practice.time_zone))


def suggested(rules: ProgramYear, today: date) -> Period:
    """The last whole months before `today` that are long enough and that the program allows.

    Where too little of the year has passed, its first months that are long enough.
    """
    year = Period.of_year(rules.year)
    least = rules.period.value.at_least
    end = _last_month_end(min(today, rules.period.value.last_day or year.end, year.end))
    starts = [date(rules.year, month, 1) for month in range(12, 0, -1)]
    for start in starts:
        if start <= end and Period(start, end).days >= least:
            return Period(start, end)
    return Period(year.start, year.start + timedelta(days=max(least, 90) - 1))


def _last_month_end(day: date) -> date:
    """The last day of the latest month that is over by the end of `day`."""
    if (day + timedelta(days=1)).day == 1:
        return day
    return day.replace(day=1) - timedelta(days=1)


def _program_now(today: date) -> ProgramYear:
    """The program in force now, one that counts messages before others; else the last to run."""
    every = list(programs().values())
    running = [program for program in every if today.year in program.years]
    program: Program = max(running or every, key=_first_choice)
    return program.in_year(min(max(today.year, program.first_year), program.last_year))


def _first_choice(program: Program) -> tuple[bool, int, str]:
    """Messages first, then what runs longest, then the name, so that it is always the same."""
    counts_messages = any(law.measure is Measure.SECURE_MESSAGING for law in program.measures)
    return counts_messages, program.last_year, program.name
