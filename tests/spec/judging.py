"""Judging a world: the scorecard of a program, by the short names that the story uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.worlds.world import World
from wellpost.facts.checks import check
from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.reports.attested import Attested
from wellpost.reports.claims import Claim
from wellpost.reports.needed import needed
from wellpost.reports.request import Request, ask
from wellpost.reports.scorecard import ObjectiveResult, PointsResult, Result, Scorecard, scorecard
from wellpost.rules.model import MeasureRule
from wellpost.scoring.category import CategoryScore
from wellpost.terms import Measure, Period, Reporter


@dataclass(frozen=True)
class Program:
    """A request as `World.question` reads one: period, window and policies of the program."""

    request: Request

    @property
    def period(self) -> Period:
        """The reporting period."""
        return self.request.period

    @property
    def policies(self) -> dict[str, str]:
        """The policies the engine reads, in force for every measure of these programs alike."""
        rule, level = self.request.measures[0], self.request.levels[0]
        return dict(self.request.question(rule, level).policies)

    def window(self, measure: Measure) -> Period:
        """The days on which an act counts."""
        return self.request.window_days(self.rule(measure))

    def rule(self, measure: Measure) -> MeasureRule:
        """What is asked of a measure."""
        return self.request.rules.measure(measure)


def stage_3(year: int = 2021, **asked: Any) -> Program:
    """Stage 3 for the summer of a year, unless another period is given."""
    return _program("stage-3", year, asked)


def stage_3_messaging(year: int = 2021, **asked: Any) -> Program:
    """The same, of secure messaging alone."""
    return stage_3(year, measures=["secure-messaging"], **asked)


def mips_aci(year: int = 2017, **asked: Any) -> Program:
    """MIPS ACI for the summer of a year, unless another period is given."""
    return _program("mips-aci", year, asked)


def mips_aci_messaging(year: int = 2017, **asked: Any) -> Program:
    """The same, of secure messaging alone."""
    return mips_aci(year, measures=["secure-messaging"], **asked)


def of(name: str, year: int, **asked: Any) -> Program:
    """Any program for the summer of a year, unless another period is given."""
    return _program(name, year, asked)


def _program(name: str, year: int, asked: dict[str, Any]) -> Program:
    period = Period.parse(asked.pop("period", f"{year}-06-01..{year}-08-29"))
    claims = [Claim.parse(each) for each in asked.pop("exclude", ())]
    answers = [Attested.parse(each) for each in asked.pop("attest", ())]
    attested = asked.pop("attested_on", None)
    day = date.fromisoformat(attested) if attested else None
    request = ask(name, year, period, claims=claims, attested=answers, attested_on=day, **asked)
    return Program(request)


@dataclass(frozen=True)
class Judged:
    """A scorecard asked by short names."""

    world: World
    card: Scorecard

    def of(self, measure: str, name: str = "A") -> tuple[int, int, str, int | None]:
        """Numerator, denominator, verdict and needed of the one result there is."""
        (found,) = (
            each
            for each in self.card.results
            if each.rule.measure == measure and self._called(each.reporter) == name
        )
        return _told(found)

    def objective(self, name: str = "A") -> tuple[str, int, int, int]:
        """Verdict, required, met and excluded."""
        found = self._one(self.card.objectives, name).judgement
        return found.verdict.value, found.required, found.met, found.excluded

    def points(self, name: str) -> int:
        """The points of all measures."""
        return int(self._one(self.card.points, name).total)

    def score(self, name: str) -> CategoryScore:
        """The score of the category."""
        found = self._one(self.card.points, name).category
        assert isinstance(found, CategoryScore)
        return found

    def check(self, name: str = "A") -> tuple[int, int, bool]:
        """Encounters, those that are so, and whether they are enough."""
        (found,) = (each for each in self.card.checks if self._called(each.found.reporter) == name)
        return found.found.encounters, found.found.so, found.passes

    def _one(self, results: tuple[Any, ...], name: str) -> Any:
        (found,) = (each for each in results if self._called(each.reporter) == name)
        assert isinstance(found, ObjectiveResult | PointsResult)
        return found

    def _called(self, reporter: Reporter) -> str:
        names = {make_npi(each): each for each in "ABCDE"} | {
            make_tin(each): each for each in "TUV"
        }
        parts = (
            reporter.virtual_group,
            names.get(reporter.tin or ""),
            names.get(reporter.npi or ""),
        )
        return "/".join(part for part in parts if part)


def judged(world: World, program: Program) -> Judged:
    """The world's facts, checked, counted and judged."""
    with world.source() as source:
        check(source, needed(program.request))
        return Judged(world, scorecard(source, program.request))


def _told(result: Result) -> tuple[int, int, str, int | None]:
    count, judgement = result.count, result.judgement
    return count.numerator, count.denominator, judgement.verdict.value, judgement.needed


def patients(number: int, of: str = "A", first: int = 1, seen_on: str = "2021-06-03") -> str:
    """An encounters table: so many patients p1, p2, … seen by a clinician."""
    rows = [f"p{n} | {of} | {seen_on}" for n in range(first, first + number)]
    return "\n".join(["patient | npi | seen_on", *rows])


def written_to(number: int, by: str = "A", sent_on: str = "2021-06-10") -> str:
    """A messages table: p1 to p<number> were written to by a clinician."""
    return "\n".join(
        ["patient | npi | sent_on", *(f"p{n} | {by} | {sent_on}" for n in range(1, number + 1))]
    )


def incorporated(number: int, by: str = "A", on: str = "2021-06-10") -> str:
    """A patient_data table: data of p1 to p<number> was incorporated by a clinician."""
    return "\n".join(
        [
            "patient | npi | received_on | incorporated_on",
            *(f"p{n} | {by} | {on} | {on}" for n in range(1, number + 1)),
        ]
    )


def viewed(number: int, on: str = "2021-06-10", tin: str = "T") -> str:
    """A portal_actions table: p1 to p<number> viewed their information."""
    return "\n".join(
        ["patient | tin | acted_on", *(f"p{n} | {tin} | {on}" for n in range(1, number + 1))]
    )


def opened(number: int, of: str = "A", seen_on: str = "2021-06-03", on: str | None = None) -> str:
    """An access_grants table: the encounters of p1 to p<number> were opened on the day seen."""
    day = on or seen_on
    rows = (f"{of}-p{n} | {seen_on} | {day} | {day}" for n in range(1, number + 1))
    return "\n".join(["encounter_id | available_on | vdt_on | api_on", *rows])


def visits(number: int, of: str = "A", seen_on: str = "2021-06-03") -> str:
    """An encounters table like `patients`, whose encounters `opened` knows by name."""
    rows = (f"{of}-p{n} | p{n} | {of} | {seen_on}" for n in range(1, number + 1))
    return "\n".join(["encounter_id | patient | npi | seen_on", *rows])
