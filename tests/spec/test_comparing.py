"""What was attested beside what the facts give, as stories: who is asked first, and about what."""

from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from tests.spec.judging import Program, stage_3, stage_3_messaging
from tests.worlds.databases import Database
from tests.worlds.world import World
from wellpost.reports.comparison import Compared, Comparison, Status, compare
from wellpost.reports.comparison_sample import Stratum, allotted, draw, strata_of
from wellpost.reports.scorecard import scorecard
from wellpost.reports.stated import Stated
from wellpost.scoring.verdict import Verdict
from wellpost.terms import Level, Measure, Reporter


def saw(world: World, npi: str, patients: int, written_to: int = 0) -> None:
    """So many patients, so many of whom the clinician wrote to."""
    for number in range(patients):
        world.add("encounters", patient=f"{npi}{number}", npi=npi)
    for number in range(written_to):
        world.add("messages", patient=f"{npi}{number}", npi=npi)


def compared(world: World, program: Program, *lines: tuple[Any, ...]) -> Comparison:
    """The comparison of lines such as `("A", 6, 100)` or `("A", "met")`, all of messaging."""
    with world.source() as source:
        card = scorecard(source, program.request)
    numbers = {name: npi for npi, name in world.names.items()}
    return compare(card, [stated(program, numbers, n, *one) for n, one in enumerate(lines, 2)])


def stated(program: Program, numbers: dict[str, str], line: int, npi: str, *given: Any) -> Stated:
    rule = program.rule(Measure.SECURE_MESSAGING)
    who = Reporter(Level.CLINICIAN, npi=numbers.get(npi, npi))
    if isinstance(given[0], Verdict):
        return Stated(line, rule, who, said=given[0])
    if isinstance(given[0], Decimal):
        return Stated(line, rule, who, rate=given[0])
    said = given[2] if len(given) > 2 else None
    return Stated(line, rule, who, given[0], given[1], said=said)


def told(world: World, comparison: Comparison) -> list[tuple[str, str]]:
    """Who, and what the comparison comes to, in their order."""
    return [(called(world, row), row.status.value) for row in comparison.rows]


def called(world: World, row: Compared) -> str:
    return world.names.get(row.reporter.npi or "", "nobody")


def test_six_of_a_hundred_attested_and_five_found_is_a_change_of_verdict(world: World) -> None:
    saw(world, "A", 100, written_to=5)
    (row,) = compared(world, stage_3_messaging(), ("A", 6, 100)).rows
    assert row.status is Status.OVERSTATED and row.changes_verdict
    assert (row.stated and row.stated.verdict, row.verdict) == (Verdict.MET, Verdict.NOT_MET)
    assert (row.difference, row.as_json()["margin"]) == (0.01, -1)


def test_six_attested_and_six_found_agree(world: World) -> None:
    saw(world, "A", 100, written_to=6)
    (row,) = compared(world, stage_3_messaging(), ("A", 6, 100)).rows
    assert (row.status, row.size, row.as_json()["margin"]) == (Status.AGREES, 0.0, 0)


def test_a_change_of_verdict_stands_before_a_larger_difference_without_one(world: World) -> None:
    saw(world, "A", 100, written_to=5)
    saw(world, "B", 100, written_to=20)
    found = compared(world, stage_3_messaging(), ("B", 90, 100), ("A", 6, 100))
    assert told(world, found) == [("A", "overstated"), ("B", "differs")]


def test_two_percent_of_many_patients_stand_before_two_percent_of_few(world: World) -> None:
    saw(world, "A", 50, written_to=10)
    saw(world, "B", 500, written_to=100)
    found = compared(world, stage_3_messaging(), ("A", 11, 50), ("B", 110, 500))
    assert told(world, found) == [("B", "differs"), ("A", "differs")]
    sizes = [row.size or 0 for row in found.rows]
    assert sizes[0] > 3 * sizes[1] > 0


def test_a_denominator_that_differs_is_a_discrepancy_even_at_the_same_rate(world: World) -> None:
    saw(world, "A", 100, written_to=10)
    (row,) = compared(world, stage_3_messaging(), ("A", 5, 50)).rows
    assert (row.status, row.difference, row.size) == (Status.DIFFERS, 0.0, 5.0)


def test_who_attested_and_is_not_in_the_facts_and_the_reverse(world: World) -> None:
    saw(world, "A", 10, written_to=1)
    saw(world, "B", 10, written_to=1)
    world.add("clinicians", npi="C", tin="T")  # saw nobody: nothing to attest
    found = compared(world, stage_3_messaging(), ("A", 1, 10), ("1234567893", 1, 10))
    assert told(world, found) == [
        ("nobody", "not_in_facts"),
        ("B", "not_attested"),
        ("A", "agrees"),
    ]


def test_somebody_who_attested_less_than_the_facts_give(world: World) -> None:
    saw(world, "A", 100, written_to=6)
    found = compared(world, stage_3_messaging(), ("A", 5, 100))
    assert told(world, found) == [("A", "understated")]


@pytest.mark.parametrize(("rate", "status"), [("0.05", "agrees"), ("0.051", "overstated")])
def test_a_rate_alone_agrees_as_far_as_it_was_written(world: World, rate: str, status: str) -> None:
    saw(world, "A", 119, written_to=5)  # 4.2 %: not met
    saw(world, "B", 100, written_to=5)  # 5 %: not met
    name = "B" if status == "agrees" else "A"
    found = compared(world, stage_3_messaging(), (name, Decimal(rate)))
    assert (name, status) in told(world, found)


def test_a_verdict_that_its_own_counts_do_not_give(world: World) -> None:
    saw(world, "A", 100, written_to=5)
    (row,) = compared(world, stage_3_messaging(), ("A", 5, 100, Verdict.MET)).rows
    assert row.status is Status.OVERSTATED


def test_an_exclusion_attested_stands_only_where_the_facts_show_its_ground(world: World) -> None:
    world.add("encounters", patient="ann", npi="A", kind="other")
    saw(world, "B", 10)
    program = stage_3_messaging(exclude=["secure-messaging=no_office_visits"])
    found = compared(world, program, ("A", Verdict.EXCLUDED), ("B", Verdict.EXCLUDED))
    assert told(world, found) == [("B", "overstated"), ("A", "agrees")]


def test_nobody_is_excluded_who_did_not_attest_it(world: World) -> None:
    world.add("encounters", patient="ann", npi="A", kind="other")
    world.add("messages", patient="ann", npi="A")
    program = stage_3_messaging(exclude=["secure-messaging=no_office_visits"])
    assert told(world, compared(world, program, ("A", 1, 1))) == [("A", "agrees")]


def test_two_of_three_attested_and_one_found_loses_the_objective(world: World) -> None:
    saw(world, "A", 10, written_to=1)
    program = stage_3()
    with world.source() as source:
        card = scorecard(source, program.request)
    who = card.results[0].reporter
    counts = {"secure_messaging": 1, "view_download_transmit": 1, "patient_generated_data": 0}
    lines = [
        Stated(number, program.rule(Measure(name)), who, counts[name], 10)
        for number, name in enumerate(counts, 2)
    ]
    (objective,) = compare(card, lines).objectives
    assert (objective.attested, objective.found) == (Verdict.MET, Verdict.NOT_MET)
    assert objective.is_lost


def test_a_measure_left_out_leaves_the_objective_incomplete(world: World) -> None:
    saw(world, "A", 10, written_to=1)
    (objective,) = compared(world, stage_3(), ("A", 1, 10)).objectives
    assert (objective.attested, objective.is_lost) == (Verdict.INCOMPLETE, False)


class TestTheSample:
    """Whom to audit; drawn from a comparison, whatever engine counted."""

    @pytest.fixture
    def world(self, duckdb: Database) -> World:
        """A world of one engine."""
        return World(duckdb.hold)

    @pytest.fixture
    def comparison(self, world: World) -> Comparison:
        """A claims too much, B is one patient above the threshold, the others agree; Z saw some."""
        saw(world, "A", 40)
        saw(world, "B", 40, written_to=3)
        for name in "CDEFGHIJ":
            saw(world, name, 10, written_to=9)
        saw(world, "Z", 10)
        agree = [(name, 9, 10) for name in "CDEFGHIJ"]
        return compared(world, stage_3_messaging(), ("A", 9, 40), ("B", 3, 40), *agree)

    def test_strata_are_by_risk_and_hold_only_who_attested(self, comparison: Comparison) -> None:
        sizes = {name.value: len(members) for name, members in strata_of(comparison).items()}
        assert sizes == {"high": 1, "middle": 1, "low": 8}

    def test_the_same_seed_draws_the_same_and_another_another(self, comparison: Comparison) -> None:
        first, again, other = (draw(comparison, 5, seed) for seed in (7, 7, 8))
        assert first == again != other
        assert [one.stratum.value for one in first.drawn] == ["high", "middle", "low", "low", "low"]

    def test_more_than_there_are_draws_all(self, comparison: Comparison) -> None:
        assert len(draw(comparison, 50, 1).drawn) == 10

    @pytest.mark.parametrize(
        ("sizes", "number", "taken"),
        [
            ((100, 100, 100), 10, (5, 3, 2)),
            ((100, 100, 100), 3, (3, 0, 0)),
            ((2, 100, 100), 10, (2, 6, 2)),
            ((0, 1, 100), 10, (0, 1, 9)),
        ],
    )
    def test_half_is_drawn_from_high_and_what_one_lacks_goes_to_the_next(
        self, sizes: tuple[int, ...], number: int, taken: tuple[int, ...]
    ) -> None:
        found = allotted(dict(zip(Stratum, sizes, strict=True)), number)
        assert tuple(found.values()) == taken

    def test_anybody_can_draw_it_again(self, world: World, comparison: Comparison) -> None:
        """By the algorithm of the documentation, written anew."""
        low = strata_of(comparison)[Stratum.LOW]
        mixed = sorted(low, key=lambda one: sha256(f"7:clinician::{one.npi}".encode()).hexdigest())
        drawn = {one.reporter for one in draw(comparison, 5, 7).drawn if one.stratum == "low"}
        assert drawn == set(mixed[:3])
