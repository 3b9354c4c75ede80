"""Data from the patient or a non-clinical setting."""

import pytest

from tests.worlds.world import World

MEASURE = "patient_generated_data"


@pytest.mark.parametrize("source", ["patient", "device", "non_clinical_setting"])
def test_incorporated_data_counts(world: World, source: str) -> None:
    world.add("encounters", patient="ann", npi="A")
    world.add("patient_data", patient="ann", npi="A", source=source)
    assert world.count(MEASURE) == {"A": (1, 1)}


def test_sent_but_not_incorporated_does_not_count(world: World) -> None:
    world.add("encounters", patient="ann", npi="A")
    world.add("patient_data", patient="ann", npi="A", incorporated_on="")
    assert world.count(MEASURE) == {"A": (0, 1)}
    found = world.reasons(MEASURE, npi="A", patient_id="ann")
    assert ("incorporated_data", "not_incorporated") in found


def test_the_day_of_incorporation_decides_not_the_day_of_receipt(world: World) -> None:
    world.add("encounters", patient="ann", npi="A")
    world.add("encounters", patient="bob", npi="A")
    told = {"npi": "A", "received_on": "2020-12-30"}
    world.add("patient_data", patient="ann", incorporated_on="2021-01-01", **told)
    world.add("patient_data", patient="bob", incorporated_on="2022-01-01", **told)
    assert world.count(MEASURE) == {"A": (1, 2)}


def test_the_clinician_who_incorporated_it_is_credited(world: World) -> None:
    world.encounters("""
        patient | npi
        ann     | A
        ann     | B
    """)
    world.add("patient_data", patient="ann", npi="B")
    assert world.count(MEASURE) == {"A": (0, 1), "B": (1, 1)}
