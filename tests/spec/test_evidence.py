"""Every encounter and act of a patient says why it counts or does not."""

from tests.worlds.world import World


def test_each_encounter_and_message_has_its_reason(world: World) -> None:
    world.encounters("""
        patient | npi | tin | seen_on    | kind
        ann     | A   | T   | 2021-02-01 | office_visit
        ann     | A   | T   | 2021-06-01 | office_visit
        ann     | B   | T   | 2021-06-02 | office_visit
        ann     | A   | T   | 2021-06-03 | other
    """)
    world.messages("""
        patient | npi | sent_on    | sent_by   | sent_to   | patient_included | available_on
        ann     | A   | 2020-12-01 | clinician | patient   | true             |
        ann     | A   | 2021-07-01 | patient   | clinician | true             |
        ann     | A   | 2021-07-02 | automated | patient   | true             |
        ann     | A   | 2021-07-03 | clinician | clinician | false            |
        ann     | B   | 2021-07-04 | clinician | patient   | true             |
        ann     |     | 2021-07-05 | staff     | patient   | true             |
        ann     | A   | 2021-07-06 | clinician | patient   | true             | 9999-12-31
        ann     | A   | 2021-07-07 | clinician | patient   | true             |
    """)
    found = world.reasons("secure_messaging", npi="A", patient_id="ann", seen="visits_only")
    assert found == [
        ("message", "outside_window"),
        ("encounter", "outside_period"),
        ("encounter", None),
        ("encounter", "other_clinician"),
        ("encounter", "not_a_visit"),
        ("message", "sent_by_patient"),
        ("message", "automated"),
        ("message", "not_included"),
        ("message", "other_clinician"),
        ("message", "for_no_clinician"),
        ("message", "not_available_yet"),
        ("message", None),
    ]


def test_a_patient_not_seen_in_the_period(world: World) -> None:
    world.add("encounters", patient="ann", npi="A", seen_on="2021-02-01")
    world.add("messages", patient="ann", npi="A")
    world.add("portal_actions", patient="ann", tin="T")
    found = world.reasons("secure_messaging", npi="A", patient_id="ann")
    assert found == [("encounter", "outside_period"), ("message", "not_seen_in_period")]
    found = world.reasons("view_download_transmit", npi="A", patient_id="ann")
    assert found[-1] == ("view", "not_seen_in_period")


def test_for_a_group_every_clinician_of_it_is_its_own(world: World) -> None:
    world.encounters("""
        patient | npi | tin
        ann     | A   | T
        ann     | C   | U
    """)
    world.messages("""
        patient | npi | sent_on
        ann     | A   | 2021-07-01
        ann     | C   | 2021-07-02
    """)
    found = world.reasons("secure_messaging", level="group", tin="T", patient_id="ann")
    assert sorted(found, key=str) == [
        ("encounter", "other_practice"),
        ("encounter", None),
        ("message", "other_clinician"),
        ("message", None),
    ]
