"""Random facts: every possible period, on every engine, is what that period alone gives."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative.engines import Engines
from tests.generative.facts import ASKED_POLICIES, facts
from tests.generative.test_engines_agree import MEASURES
from tests.reference.plain import Asked, Facts, patients
from wellpost.engine.counts import counts
from wellpost.engine.exclusions import GROUNDS, qualifies
from wellpost.engine.membership import membership
from wellpost.engine.periods import Curve, Sweep, periods
from wellpost.engine.question import Question
from wellpost.engine.standing import standing
from wellpost.engine.waiting import Wanted, waiting
from wellpost.terms import Level, Measure, Period, Reporter

YEARS = (2020, 2021)
"""A leap year and a common one."""

LENGTHS = (90, 180, 300)

FEW = settings(max_examples=100 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 5)
"""Of each measure or ground; an example asks for hundreds of periods."""


@pytest.fixture(scope="module")
def engines(postgresql: str) -> Iterator[Engines]:
    """The three databases, open for all examples."""
    opened = Engines(postgresql)
    yield opened
    opened.close()


@st.composite
def around_the_year(draw: st.DrawFn, year: int) -> dict[str, list[dict[str, Any]]]:
    """Random facts on days that lie close together, far apart, and outside the year."""
    first = date(year, 1, 1)
    offsets = st.one_of(st.integers(-3, 368), st.sampled_from([0, 89, 90, 179, 275, 276, 364]))
    told = draw(facts())
    for row in (row for rows in told.values() for row in rows):
        for name in row:
            if name.endswith("_on") and row[name] not in (None, "9999-12-31"):
                row[name] = str(first + timedelta(days=draw(offsets)))
    return told | {"access_grants": [grant(one, draw(GRANTED)) for one in told["encounters"]]}


GRANTED = st.sampled_from([(0, 0), (2, 2), (30, 0), (0, 30), (None, 0), (0, None)])
"""After how many days an encounter's information could be viewed, and reached through an API."""


def grant(encounter: dict[str, Any], after: tuple[int | None, int | None]) -> dict[str, Any]:
    """When the encounter's information reached the patient."""
    seen_on = date.fromisoformat(encounter["seen_on"])
    vdt_on, api_on = (None if n is None else str(seen_on + timedelta(days=n)) for n in after)
    return {
        "encounter_id": encounter["encounter_id"],
        "available_on": str(seen_on),
        "vdt_on": vdt_on,
        "api_on": api_on,
    }


def named(reporter: Reporter) -> tuple[str, ...]:
    parts = (reporter.tin, reporter.npi, reporter.virtual_group)
    return tuple(part for part in parts if part)


def sweep(
    measure: Measure, level: Level, year: int, days: int, policies: dict[str, str], moves: bool
) -> Sweep:
    whole = Period.of_year(year)
    return Sweep(Question(measure, level, whole, whole, policies), days, moves)


def period(swept: Sweep, place: int) -> Period:
    start = swept.question.period.start + timedelta(days=place)
    return Period(start, start + timedelta(days=swept.days - 1))


def window(swept: Sweep, place: int) -> Period:
    return period(swept, place) if swept.moves else swept.question.window


def iso(days: Period) -> tuple[str, str]:
    return str(days.start), str(days.end)


def plainly(told: Facts, swept: Sweep) -> dict[tuple[str, ...], list[tuple[int, int]]]:
    """(denominator, numerator) of each period, read one after the other in plain sets."""
    found: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    one = swept.question
    for place in range(swept.starts):
        days, acting = iso(period(swept, place)), iso(window(swept, place))
        asked = Asked(one.measure, one.level, days, acting, one.policies, str(one.known_by))
        for who, each in patients(told, asked).items():
            zeros = found.setdefault(who, [(0, 0)] * swept.starts)
            zeros[place] = (len(each.seen), len(each.reached))
    return found


def pairs(curve: Curve) -> list[tuple[int, int]]:
    return list(zip(curve.denominators, curve.numerators, strict=True))


@pytest.mark.parametrize("moves", [False, True], ids=["calendar_year", "period"])
@pytest.mark.parametrize("measure", MEASURES)
@FEW
@given(data=st.data(), policies=ASKED_POLICIES, year=st.sampled_from(YEARS))
def test_every_period_is_what_the_plain_reading_says(
    engines: Engines,
    measure: Measure,
    moves: bool,
    data: st.DataObject,
    policies: dict[str, str],
    year: int,
) -> None:
    told = data.draw(around_the_year(year))
    engines.fill(told)
    days, level = data.draw(st.sampled_from(LENGTHS)), data.draw(st.sampled_from(list(Level)))
    swept = sweep(measure, level, year, days, policies, moves)
    known_by = data.draw(st.sampled_from([date.max, date(year, 7, 1)]))
    swept = replace(swept, question=replace(swept.question, known_by=known_by))
    plain = plainly(told, swept)
    for engine, source in engines.sources.items():
        found = list(periods(source, swept))
        assert {named(one.reporter): pairs(one) for one in found} == plain, engine
        assert len(found) == len(plain)


@pytest.mark.parametrize("moves", [False, True], ids=["calendar_year", "period"])
@pytest.mark.parametrize("measure", list(Measure))
@FEW
@given(data=st.data(), policies=ASKED_POLICIES)
def test_every_period_is_what_counting_it_alone_gives(
    engines: Engines, measure: Measure, moves: bool, data: st.DataObject, policies: dict[str, str]
) -> None:
    engines.fill(data.draw(around_the_year(2021)))
    level = data.draw(st.sampled_from(list(Level)))
    swept = sweep(measure, level, 2021, 90, policies, moves)
    places = data.draw(st.sets(st.integers(0, 275), min_size=3, max_size=6))
    for engine, source in engines.sources.items():
        curves = list(periods(source, swept))
        for place in places:
            one = Question(measure, level, period(swept, place), window(swept, place), policies)
            alone = {c.reporter: (c.denominator, c.numerator) for c in counts(source, one)}
            for curve in curves:
                # whoever is not on the roster has a row only where they saw somebody
                got = (curve.denominators[place], curve.numerators[place])
                assert got == alone.pop(curve.reporter, (0, 0)), (engine, place)
            assert not alone, (engine, place)


@pytest.mark.parametrize("ground", list(GROUNDS))
@FEW
@given(data=st.data())
def test_a_ground_holds_in_every_period_as_in_that_period_alone(
    engines: Engines, ground: str, data: st.DataObject
) -> None:
    told = data.draw(around_the_year(2021))
    for one in told["encounters"]:
        one["county"] = data.draw(st.sampled_from(["23001", "23003", None]))
    versions = st.tuples(
        st.sampled_from(["23001", "23003"]), st.sampled_from(["2020-12-31", "2021-04-10"])
    )
    told["counties"] = [
        {"county": county, "as_of": as_of, "percent_4mbps": data.draw(st.sampled_from([40, 50]))}
        for county, as_of in sorted(data.draw(st.sets(versions)))
    ]
    engines.fill(told)
    level, first = data.draw(st.sampled_from(list(Level))), date(2021, 1, 1)
    starts = [first + timedelta(days=n) for n in range(276)]
    every = [Period(each, each + timedelta(days=89)) for each in starts]
    roster = _roster(told, level)
    for engine, source in engines.sources.items():
        found = standing(source, ground, level, every)
        for place in (0, 99, 100, 275):
            alone = qualifies(source, ground, level, every[place]) & roster
            got = {who for who, periods in found.items() if every[place] in periods} & roster
            assert got == alone, (engine, place)


def _roster(told: Facts, level: Level) -> set[Reporter]:
    if level is Level.VIRTUAL_GROUP:
        return {Reporter(level, virtual_group=x["virtual_group"]) for x in told["virtual_groups"]}
    return {
        Reporter(
            level,
            tin=None if level is Level.CLINICIAN else each["tin"],
            npi=None if level is Level.GROUP else each["npi"],
        )
        for each in told["clinicians"]
    }


@pytest.mark.parametrize("measure", MEASURES[:3])
@FEW
@given(data=st.data(), policies=ASKED_POLICIES)
def test_who_waits_in_periods_of_their_own_is_who_membership_leaves_out(
    engines: Engines, measure: Measure, data: st.DataObject, policies: dict[str, str]
) -> None:
    engines.fill(data.draw(around_the_year(2021)))
    level = data.draw(st.sampled_from(list(Level)))
    swept = sweep(measure, level, 2021, 90, policies, moves=data.draw(st.booleans()))
    places = data.draw(st.lists(st.integers(0, 275), min_size=1, max_size=3))
    for engine, source in engines.sources.items():
        reporters = [each.reporter for each in periods(source, swept)]
        own = {who: places[n % len(places)] for n, who in enumerate(reporters)}
        wanted = [Wanted(who, period(swept, n), window(swept, n)) for who, n in own.items()]
        got = {
            (one.reporter, one.patient_id, one.last_seen_on)
            for one in waiting(source, swept.question, wanted)
        }
        alone = set()
        for who, place in own.items():
            asked = replace(
                swept.question, period=period(swept, place), window=window(swept, place)
            )
            alone |= {
                (one.reporter, one.patient_id, one.last_seen_on)
                for one in membership(source, asked)
                if one.reporter == who and not one.in_numerator
            }
        assert got == alone, engine


def test_the_number_of_periods(engines: Engines) -> None:
    policies = {
        "staff_messages": "author_only",
        "automated_messages": "count",
        "copied_patients": "count",
        "unreachable_patients": "count_when_sent",
        "seen": "any_encounter",
    }
    for year, expected in ((2021, 276), (2020, 277)):
        swept = sweep(Measure.SECURE_MESSAGING, Level.CLINICIAN, year, 90, policies, moves=False)
        assert swept.starts == expected
