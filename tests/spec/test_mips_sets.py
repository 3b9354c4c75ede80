"""MIPS 2017 and 2018, both measure sets, and Promoting Interoperability from 2019."""

from __future__ import annotations

import pytest

from tests.spec.judging import Program, judged, of, opened, patients, viewed, visits, written_to
from tests.worlds.world import World
from wellpost.errors import RequestError
from wellpost.rules.load import program_year
from wellpost.rules.measure import PointsRule

STANDARD = {
    "secure_messaging": "CCTPE_2",
    "view_download_transmit": "CCTPE_1",
    "patient_generated_data": "CCTPE_3",
    "patient_access": "PEA_1",
}
TRANSITION = {
    "secure_messaging": "TRANS_SM_1",
    "view_download_transmit": "TRANS_PEA_2",
    "patient_access": "TRANS_PEA_1",
}


def transition(year: int = 2017, **asked: object) -> Program:
    return of("mips-aci-transition", year, **asked)


@pytest.mark.parametrize(("year", "prefix"), [(2017, "ACI_"), (2018, "PI_")])
@pytest.mark.parametrize(
    ("program", "identifiers"), [("mips-aci", STANDARD), ("mips-aci-transition", TRANSITION)]
)
def test_the_identifiers_of_each_year(program, identifiers, year, prefix):
    rules = program_year(program, year)
    found = {rule.measure.value: rule.identifier for rule in rules.measures}
    assert found == {measure: prefix + each for measure, each in identifiers.items()}


def test_2018_is_also_found_by_the_names_of_2017():
    rules = program_year("mips-aci", 2018)
    assert rules.measure("ACI_CCTPE_2") is rules.measure("PI_CCTPE_2")
    assert rules.measure("secure-messaging").identifier == "PI_CCTPE_2"
    with pytest.raises(RequestError):
        program_year("mips-aci", 2017).measure("PI_CCTPE_2")


@pytest.mark.parametrize("year", [2017, 2018])
@pytest.mark.parametrize(("program", "counted"), [("mips-aci", 1), ("mips-aci-transition", 0)])
def test_the_transition_set_knows_no_copied_patient_and_no_api(world, year, program, counted):
    world.encounters(patients(10, seen_on=f"{year}-06-03"))
    world.add("messages", patient="p1", npi="A", sent_on=f"{year}-06-10", sent_to="clinician")
    world.add("portal_actions", patient="p1", tin="T", acted_on=f"{year}-06-10", action="api")
    card = judged(world, of(program, year))
    assert card.of("secure_messaging", "T/A")[0] == counted
    assert card.of("view_download_transmit", "T/A")[0] == counted


@pytest.mark.parametrize(("program", "counted"), [("mips-aci", 0), ("mips-aci-transition", 1)])
def test_nor_does_its_access_need_an_api(world: World, program: str, counted: int):
    world.add("encounters", encounter_id="e1", patient="p1", npi="A", seen_on="2017-06-05")
    days = {"available_on": "2017-06-05", "vdt_on": "2017-06-06"}
    world.add("access_grants", encounter_id="e1", **days)
    assert judged(world, of(program, 2017)).of("patient_access", "T/A")[0] == counted


@pytest.mark.parametrize("program", ["mips-aci", "mips-aci-transition"])
@pytest.mark.parametrize(
    ("window", "day", "counted"),
    [("period", "2018-08-29", 1), ("period", "2018-08-30", 0), ("calendar_year", "2018-12-31", 1)],
)
def test_the_window_is_the_period_unless_the_policy_widens_it(
    world: World, program: str, window: str, day: str, counted: int
):
    world.encounters(patients(10, seen_on="2018-06-03"))
    world.messages(written_to(1, sent_on=day))
    world.portal_actions(viewed(1, on=day))
    card = judged(world, of(program, 2018, policies={"numerator_window": window}))
    assert card.of("secure_messaging", "T/A")[0] == counted
    assert card.of("view_download_transmit", "T/A")[0] == counted


@pytest.mark.parametrize(("reached", "verdict"), [(0, "not_met"), (1, "met")])
def test_one_patient_earns_in_the_transition_set(world: World, reached: int, verdict: str):
    world.encounters(patients(100, seen_on="2017-06-03"))
    world.messages(written_to(reached, sent_on="2017-06-10"))
    card = judged(world, transition())
    assert card.of("secure_messaging", "T/A")[:3] == (reached, 100, verdict)
    assert card.points("T/A") == reached


def test_access_earns_double_in_the_transition_set(world: World):
    world.encounters(visits(100, seen_on="2017-06-05"))
    world.access_grants(opened(47, seen_on="2017-06-05"))
    card = judged(world, transition(measures=["patient-access"]))
    assert card.of("patient_access", "T/A")[:2] == (47, 100)
    assert card.points("T/A") == 10


@pytest.mark.parametrize("year", range(2019, 2027))
def test_from_2019_access_alone_remains(world: World, year: int):
    rules = program_year("mips-pi", year)
    assert [rule.measure for rule in rules.measures] == ["patient_access"]
    assert rules.measure("patient-access").identifier == "PI_PEA_1"
    most = 40 if year < 2023 else 25
    assert rules.measure("patient-access").points == PointsRule("proportional", most)


@pytest.mark.parametrize(
    ("year", "opened_to", "points"),
    [(2019, 0, 0), (2019, 1, 2), (2022, 1, 2), (2022, 20, 40), (2023, 10, 13), (2026, 20, 25)],
)
def test_the_points_of_access(world: World, year: int, opened_to: int, points: int):
    world.encounters(visits(20, seen_on=f"{year}-03-04"))
    world.access_grants(opened(opened_to, seen_on=f"{year}-03-04"))
    card = judged(world, of("mips-pi", year, period=f"{year}-01-01..{year}-12-31"))
    for reporter in ("T/A", "T"):
        verdict = "met" if opened_to else "not_met"
        assert card.of("patient_access", reporter)[:3] == (opened_to, 20, verdict)
        assert card.points(reporter) == points


@pytest.mark.parametrize(
    ("year", "days", "enough"),
    [
        (2019, "2019-01-01..2019-03-31", True),
        (2023, "2023-01-01..2023-03-30", False),
        (2023, "2023-01-01..2023-03-31", True),
        (2024, "2024-01-01..2024-06-27", False),
        (2024, "2024-01-01..2024-06-28", True),
        (2026, "2026-01-01..2026-06-28", False),
        (2026, "2026-01-01..2026-06-29", True),
    ],
)
def test_90_days_to_2023_and_180_from_2024(year: int, days: str, enough: bool):
    if enough:
        assert str(of("mips-pi", year, period=days).period) == days
    else:
        with pytest.raises(RequestError, match=r"too short: (89|179) days"):
            of("mips-pi", year, period=days)


def test_messages_are_no_measure_of_it():
    with pytest.raises(RequestError, match="no measure in mips-pi 2019"):
        of("mips-pi", 2019, measures=["secure-messaging"])


def test_every_level_works_with_it(world: World):
    world.encounters(visits(4, seen_on="2019-03-04"))
    world.access_grants(opened(1, seen_on="2019-03-04"))
    world.virtual_groups("virtual_group | tin\neast | T")
    every = ["clinician", "practice-clinician", "group", "virtual-group"]
    asked = of("mips-pi", 2019, period="2019-01-01..2019-12-31", levels=every)
    card = judged(world, asked)
    for reporter in ("A", "T/A", "T", "east"):
        assert card.of("patient_access", reporter)[:2] == (1, 4)
        assert card.points(reporter) == 10


def test_what_the_practice_attests_completes_the_score(world: World):
    world.encounters(visits(10, seen_on="2017-06-05"))
    world.access_grants(opened(1, seen_on="2017-06-05"))
    world.messages(written_to(2, sent_on="2017-06-10"))
    yes = ["ACI_INFBLO_1", "ACI_ONCDIR_1", "ACI_PPHI_1", "ACI_LVPP_1", "ACI_LVOTC_1", "ACI_LVITC_1"]
    attest = [f"{name}=yes" for name in yes]
    whole = judged(world, of("mips-aci", 2017, attest=attest)).score("T/A")
    assert (whole.base, whole.performance_points, whole.score) == (50, 1 + 2, 53)
    lacking = judged(world, of("mips-aci", 2017, attest=attest[1:])).score("T/A")
    assert (lacking.score, lacking.missing) == (0, ("ACI_INFBLO_1",))


def every_answer_of_2023(*others: str) -> list[str]:
    yes = ["PI_PPHI_1", "PI_PPHI_2", "PI_ONCDIR_1", "PI_INFBLO_1", "PI_EP_2"]
    registries = ["PI_PHCDRR_1", "PI_PHCDRR_1_PROD", "PI_PHCDRR_3", "PI_PHCDRR_3_PRE"]
    return [*(f"{name}=yes" for name in [*yes, *registries]), "PI_EP_1=7/10", *others]


def test_from_2019_too_what_is_attested_completes_the_score(world: World):
    """Access 1 of 2 of 25 is 13, e-prescribing 7, the query 10, exchange 30, registries 25."""
    world.encounters(visits(2, seen_on="2023-06-05"))
    world.access_grants(opened(1, seen_on="2023-06-05"))
    attest = every_answer_of_2023("PI_HIE_5=yes")
    whole = judged(world, of("mips-pi", 2023, attest=attest)).score("T/A")
    assert (whole.score, whole.missing, whole.unknown) == (13 + 7 + 10 + 30 + 25, (), ())
    lacking = judged(world, of("mips-pi", 2023, attest=attest[1:])).score("T/A")
    assert (lacking.score, lacking.missing) == (0, ("PI_PPHI_1",))


def test_where_no_source_tells_whose_the_points_are_the_score_is_withheld(world: World):
    world.encounters(visits(2, seen_on="2023-06-05"))
    world.access_grants(opened(1, seen_on="2023-06-05"))
    attest = every_answer_of_2023("PI_LVOTC_1=yes", "PI_HIE_4=3/4")
    card = judged(world, of("mips-pi", 2023, attest=attest))
    assert card.score("T/A").score is None
    assert card.score("T/A").unknown == ("where the 15 points of PI_HIE_1 go when it is excused",)
    assert card.points("T/A") == 13


def test_nobody_reached_leaves_the_category_without_points(world: World):
    """The measure of access is needed: a numerator of at least 1."""
    world.encounters(visits(2, seen_on="2023-06-05"))
    attest = every_answer_of_2023("PI_HIE_5=yes")
    lacking = judged(world, of("mips-pi", 2023, attest=attest)).score("T/A")
    assert (lacking.score, lacking.missing) == (0, ("PI_PEA_1",))
