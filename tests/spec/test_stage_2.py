"""Stage 2, 2014: the patient's message is the one counted, and an API is no way."""

from __future__ import annotations

import pytest

from tests.spec.judging import Program, judged, of, patients
from tests.worlds.world import World
from wellpost.errors import RequestError
from wellpost.rules.load import program_year

SEEN = "2014-06-03"
NO_OFFICE_VISITS = "secure-messaging=no_office_visits"


def stage_2(**asked: object) -> Program:
    return of("stage-2", 2014, **asked)


def sent(number: int, by: str = "patient", on: str = "2014-06-10") -> str:
    rows = (f"p{n} | A | {on} | {by} | clinician" for n in range(1, number + 1))
    return "\n".join(["patient | npi | sent_on | sent_by | sent_to", *rows])


@pytest.mark.parametrize(
    ("writers", "seen", "verdict"),
    [(5, 100, "not_met"), (6, 100, "met"), (1, 20, "not_met"), (1, 19, "met")],
)
def test_more_than_5_percent_of_the_patients_write(world: World, writers, seen, verdict):
    world.encounters(patients(seen, seen_on=SEEN))
    world.messages(sent(writers))
    assert judged(world, stage_2()).of("secure_messaging")[:3] == (writers, seen, verdict)


@pytest.mark.parametrize(
    ("by", "counted"),
    [("patient", 1), ("representative", 1), ("clinician", 0), ("staff", 0), ("automated", 0)],
)
def test_only_what_the_patient_or_representative_sends_counts(world: World, by, counted):
    world.encounters(patients(10, seen_on=SEEN))
    world.messages(sent(1, by=by))
    assert judged(world, stage_2()).of("secure_messaging")[0] == counted


def test_nobody_need_answer_and_what_staff_or_accounts_do_is_no_matter(world: World):
    world.encounters(patients(10, seen_on=SEEN))
    world.add(
        "messages",
        patient="p1",
        npi="A",
        sent_on="2014-06-10",
        available_on="9999-12-31",
        sent_by="patient",
        sent_to="clinician",
    )
    never = {"unreachable_patients": "do_not_count", "copied_patients": "do_not_count"}
    assert judged(world, stage_2(policies=never)).of("secure_messaging")[0] == 1


def test_it_counts_for_the_clinician_it_is_addressed_to(world: World):
    world.encounters(patients(2, seen_on=SEEN) + f"\np1 | B | {SEEN}")
    world.messages(sent(1))
    card = judged(world, stage_2())
    assert card.of("secure_messaging", "A")[:2] == (1, 2)
    assert card.of("secure_messaging", "B")[:2] == (0, 1)


def test_why_is_said_in_the_other_direction(world: World):
    world.add("encounters", patient="ann", npi="A")
    world.add("messages", patient="ann", npi="A")
    why = world.reasons("secure_messaging", npi="A", patient_id="ann", direction="from_patient")
    assert why[-1] == ("patient_message", "not_sent_by_patient")


@pytest.mark.parametrize(
    ("action", "counted"), [("view", 1), ("download", 1), ("transmit", 1), ("api", 0)]
)
def test_an_api_is_no_way_to_view_download_or_transmit(world: World, action, counted):
    world.encounters(patients(10, seen_on=SEEN))
    world.add("portal_actions", patient="p1", tin="T", acted_on=SEEN, action=action)
    assert judged(world, stage_2()).of("view_download_transmit")[0] == counted


@pytest.mark.parametrize(
    ("reached", "seen", "verdict"), [(5, 100, "not_met"), (6, 100, "met"), (1, 20, "not_met")]
)
def test_more_than_5_percent_view(world: World, reached, seen, verdict):
    world.encounters(patients(seen, seen_on=SEEN))
    for n in range(1, reached + 1):
        world.add("portal_actions", patient=f"p{n}", tin="T", acted_on=SEEN)
    assert judged(world, stage_2()).of("view_download_transmit")[:3] == (reached, seen, verdict)


@pytest.mark.parametrize(
    ("day", "counted"),
    [("2014-05-31", 0), ("2014-06-01", 1), ("2014-08-29", 1), ("2014-08-30", 0)],
)
def test_the_window_is_the_period(world: World, day: str, counted: int):
    world.encounters(patients(10, seen_on=SEEN))
    world.messages(sent(1, on=day))
    world.add("portal_actions", patient="p1", tin="T", acted_on=day)
    card = judged(world, stage_2())
    assert card.of("secure_messaging")[0] == counted
    assert card.of("view_download_transmit")[0] == counted


@pytest.mark.parametrize("period", ["2014-01-01..2014-03-31", "2014-01-01..2014-12-31"])
def test_a_calendar_quarter_or_the_year_is_a_period(period: str):
    assert str(stage_2(period=period).period) == period


def test_89_days_are_too_few():
    with pytest.raises(RequestError, match=r"too short: 89 days.*calendar quarter"):
        stage_2(period="2014-06-01..2014-08-28")


@pytest.mark.parametrize(("at_3", "at_4", "excluded"), [("49.9", "90", True), ("50", "40", False)])
def test_the_broadband_of_the_exclusion_is_3_mbps(world: World, at_3, at_4, excluded):
    world.encounters(f"patient | npi | seen_on | county\np1 | A | {SEEN} | 23003")
    world.counties(
        f"county | as_of | percent_4mbps | percent_3mbps\n23003 | 2014-01-01 | {at_4} | {at_3}"
    )
    claim = stage_2(exclude=["secure-messaging=county_without_broadband"])
    if excluded:
        assert judged(world, claim).of("secure_messaging")[2] == "excluded"
    else:
        with pytest.raises(RequestError, match="no reporter asked for has the evidence"):
            judged(world, claim)


def test_no_office_visits_excuses_from_messaging_and_an_attested_ground_from_vdt(world: World):
    world.encounters(f"patient | npi | seen_on | kind\np1 | A | {SEEN} | other")
    claims = [NO_OFFICE_VISITS, "view-download-transmit=neither_orders_nor_creates"]
    card = judged(world, stage_2(exclude=claims))
    assert card.of("secure_messaging")[2] == "excluded"
    assert card.of("view_download_transmit")[2] == "excluded"


def test_office_visits_are_no_ground_for_vdt():
    with pytest.raises(RequestError, match="no ground of exclusion from view-download-transmit"):
        stage_2(exclude=["view-download-transmit=no_office_visits"])


def test_there_are_two_measures_and_no_objective_over_them(world: World):
    world.encounters(patients(1, seen_on=SEEN))
    rules = program_year("stage-2", 2014)
    assert [rule.measure for rule in rules.measures] == [
        "secure_messaging",
        "view_download_transmit",
    ]
    assert judged(world, stage_2()).card.objectives == ()
