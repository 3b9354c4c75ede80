"""What is counted."""

from datetime import date

from tests.worlds.world import World
from wellpost.terms import Period


def test_a_patient_counts_once_however_often_seen_or_written_to(world: World) -> None:
    world.encounters("""
        patient | npi | seen_on
        ann     | A   | 2021-06-03
        ann     | A   | 2021-07-06
        bob     | A   | 2021-06-04
    """)
    world.messages("""
        patient | npi | sent_on    | sent_by
        ann     | A   | 2021-01-10 | clinician
        ann     | A   | 2021-12-11 | clinician
    """)
    assert world.count("secure_messaging") == {"A": (1, 2)}


def test_first_and_last_day_of_the_period_count_and_the_days_beside_them_do_not(
    world: World,
) -> None:
    world.encounters("""
        patient | npi | seen_on
        ann     | A   | 2021-05-31
        bob     | A   | 2021-06-01
        cyd     | A   | 2021-08-29
        dee     | A   | 2021-08-30
    """)
    assert world.count("secure_messaging") == {"A": (0, 2)}
    assert [one.patient_id for one in world.members("secure_messaging")] == ["bob", "cyd"]


def test_a_message_to_a_patient_not_seen_in_the_period_changes_nothing(world: World) -> None:
    world.encounters("""
        patient | npi | seen_on
        ann     | A   | 2021-06-03
        tom     | A   | 2021-03-03
    """)
    world.messages("""
        patient | npi
        tom     | A
    """)
    assert world.count("secure_messaging") == {"A": (0, 1)}


def test_a_clinician_without_encounters_has_a_row(world: World) -> None:
    world.clinicians("""
        npi
        A
        B
    """)
    world.encounters("""
        patient | npi
        ann     | A
    """)
    assert world.count("secure_messaging") == {"B": (0, 0), "A": (0, 1)}


def test_a_roster_of_clinicians_and_no_encounter_at_all(world: World) -> None:
    world.clinicians("""
        npi
        A
    """)
    for measure in ("secure_messaging", "view_download_transmit", "patient_generated_data"):
        assert world.count(measure) == {"A": (0, 0)}


def test_the_window_may_be_wider_than_the_period(world: World) -> None:
    world.encounters("""
        patient | npi
        ann     | A
        bob     | A
        cyd     | A
        dee     | A
    """)
    world.messages("""
        patient | npi | sent_on
        ann     | A   | 2021-01-01
        bob     | A   | 2021-12-31
        cyd     | A   | 2020-12-31
        dee     | A   | 2022-01-01
    """)
    assert world.count("secure_messaging") == {"A": (2, 4)}
    summer = Period(date(2021, 6, 1), date(2021, 8, 29))
    assert world.count("secure_messaging", window=summer) == {"A": (0, 4)}


def test_an_encounter_of_kind_other_is_seen_unless_visits_only(world: World) -> None:
    world.encounters("""
        patient | npi | kind
        ann     | A   | office_visit
        bob     | A   | telehealth
        cyd     | A   | other
    """)
    assert world.count("secure_messaging") == {"A": (0, 3)}
    assert world.count("secure_messaging", seen="visits_only") == {"A": (0, 2)}


def test_the_example_of_the_maine_clarification(world: World) -> None:
    for number in range(100):
        world.add("encounters", patient=f"p{number}", npi="A", seen_on="2021-07-01")
    for number in range(5):
        world.add("messages", patient=f"p{number}", npi="A", sent_on="2021-07-02")
    period = Period(date(2021, 6, 1), date(2021, 8, 31))
    assert world.count("secure_messaging", period=period) == {"A": (5, 100)}
    world.add("messages", patient="p5", npi="A", sent_on="2021-12-31")
    assert world.count("secure_messaging", period=period) == {"A": (6, 100)}
