"""Individuals, groups and virtual groups."""

import pytest

from tests.worlds.world import World


@pytest.fixture
def two_practices(world: World) -> World:
    """A works in T and U, B in T; ann is seen by both, cyd by C of V."""
    world.encounters("""
        patient | npi | tin
        ann     | A   | T
        ann     | B   | T
        bob     | A   | U
        dee     | A   | T
        cyd     | C   | V
    """)
    world.messages("""
        patient | npi
        ann     | A
        cyd     | C
    """)
    return world


def test_a_clinician_is_the_npi_over_all_tins(two_practices: World) -> None:
    assert two_practices.count("secure_messaging") == {"A": (1, 3), "B": (0, 1), "C": (1, 1)}


def test_an_individual_is_the_npi_under_one_tin(two_practices: World) -> None:
    found = two_practices.count("secure_messaging", level="practice_clinician")
    assert found == {"T/A": (1, 2), "T/B": (0, 1), "U/A": (0, 1), "V/C": (1, 1)}


def test_a_group_is_distinct_patients_never_a_sum(two_practices: World) -> None:
    found = two_practices.count("secure_messaging", level="group")
    assert found == {"T": (1, 2), "U": (0, 1), "V": (1, 1)}


def test_a_patient_of_the_group_counts_if_any_of_its_clinicians_qualifies(world: World) -> None:
    world.encounters("""
        patient | npi
        ann     | A
        ann     | B
    """)
    world.add("messages", patient="ann", npi="B")
    assert world.count("secure_messaging", level="group") == {"T": (1, 1)}
    (member,) = world.members("secure_messaging", level="group")
    assert world.names[str(member.act_npi)] == "B"


def test_an_act_counts_in_all_tins_of_the_npi(world: World) -> None:
    world.encounters("""
        patient | npi | tin
        ann     | A   | T
        ann     | A   | U
    """)
    world.add("messages", patient="ann", npi="A", tin="T")
    world.add("patient_data", patient="ann", npi="A")
    for measure in ("secure_messaging", "patient_generated_data"):
        assert world.count(measure, level="practice_clinician") == {"T/A": (1, 1), "U/A": (1, 1)}
        assert world.count(measure, level="group") == {"T": (1, 1), "U": (1, 1)}


def test_a_virtual_group_is_distinct_patients_over_its_tins(two_practices: World) -> None:
    two_practices.encounters("""
        patient | npi | tin
        ann     | D   | U
    """)
    two_practices.virtual_groups("""
        virtual_group | tin
        east          | T
        east          | U
        west          | V
        none          | W
    """)
    found = two_practices.count("secure_messaging", level="virtual_group")
    assert found == {"east": (1, 3), "west": (1, 1), "none": (0, 0)}


def test_without_virtual_groups_there_is_no_row(two_practices: World) -> None:
    assert two_practices.count("secure_messaging", level="virtual_group") == {}


def test_an_answer_can_be_narrowed(two_practices: World) -> None:
    def counted(**how: str) -> dict[str, tuple[int, int]]:
        return two_practices.count("secure_messaging", **how)

    assert counted(npi="A") == {"A": (1, 3)}
    assert counted(tin="T") == {"A": (1, 3), "B": (0, 1)}
    assert counted(level="practice_clinician", npi="A", tin="U") == {"U/A": (0, 1)}
    assert counted(level="group", npi="A") == {"T": (1, 2), "U": (0, 1)}
    assert counted(level="group", tin="V") == {"V": (1, 1)}
    two_practices.virtual_groups("""
        virtual_group | tin
        east          | T
        west          | V
    """)
    assert counted(level="virtual_group", npi="C") == {"west": (1, 1)}
    assert counted(level="virtual_group", tin="T") == {"east": (1, 2)}


@pytest.mark.parametrize("measure", ["secure_messaging", "patient_generated_data"])
def test_what_one_clinician_did_counts_in_every_tin_and_for_nobody_else(
    world: World, measure: str
) -> None:
    world.encounters("""
        patient | npi | tin
        ann     | A   | T
        ann     | A   | U
        ann     | B   | U
    """)
    world.messages("patient | npi | tin\nann | A | T")
    world.patient_data("patient | npi\nann | A")
    counted = world.count(measure, level="practice_clinician")
    assert counted == {"T/A": (1, 1), "U/A": (1, 1), "U/B": (0, 1)}
