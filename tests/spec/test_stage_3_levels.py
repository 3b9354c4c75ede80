"""Who reports: the NPI over all its TINs, the pair, the group and the virtual group."""

from __future__ import annotations

from tests.spec.judging import judged, patients, stage_3_messaging, written_to
from tests.worlds.world import World


def test_without_a_level_it_is_the_clinician_over_all_practices(world: World):
    world.encounters("""
        patient | npi | tin
        ann     | A   | T
        bob     | A   | U
        ann     | A   | U
    """)
    world.messages("patient | npi\nann | A")
    assert judged(world, stage_3_messaging()).of("secure_messaging") == (1, 2, "met", 0)


def test_a_group_counts_a_patient_of_two_clinicians_once(world: World):
    world.encounters("""
        patient | npi | tin
        ann     | A   | T
        ann     | B   | T
        bob     | B   | T
    """)
    world.messages("patient | npi\nann | A")
    card = judged(world, stage_3_messaging(levels=["group", "practice-clinician"]))
    assert card.of("secure_messaging", "T") == (1, 2, "met", 0)
    assert card.of("secure_messaging", "T/A") == (1, 1, "met", 0)
    assert card.of("secure_messaging", "T/B") == (0, 2, "not_met", 1)


def test_an_act_counts_in_every_practice_of_its_clinician(world: World):
    world.encounters("patient | npi | tin\nann | A | T\nann | A | U")
    world.messages("patient | npi | tin\nann | A | T")
    card = judged(world, stage_3_messaging(levels=["practice-clinician"]))
    assert card.of("secure_messaging", "T/A")[0] == 1
    assert card.of("secure_messaging", "U/A")[0] == 1


def test_a_virtual_group_counts_over_its_practices(world: World):
    world.encounters("patient | npi | tin\nann | A | T\nann | B | U\nbob | B | U")
    world.messages("patient | npi\nann | A")
    world.virtual_groups("virtual_group | tin\nVG1 | T\nVG1 | U")
    card = judged(world, stage_3_messaging(levels=["virtual-group"]))
    assert card.of("secure_messaging", "VG1") == (1, 2, "met", 0)


def test_a_threshold_is_that_of_the_group_not_of_its_clinicians(world: World):
    world.encounters(patients(10) + "\n" + patients(90, of="B", first=11).partition("\n")[2])
    world.messages(written_to(5))
    card = judged(world, stage_3_messaging(levels=["group", "practice-clinician"]))
    assert card.of("secure_messaging", "T") == (5, 100, "not_met", 1)
    assert card.of("secure_messaging", "T/A") == (5, 10, "met", 0)
