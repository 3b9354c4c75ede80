"""Which messages count, and for whom."""

import pytest

from tests.worlds.world import World

SEEN = """
    patient | npi
    ann     | A
"""


def one_message(world: World, **told: str) -> World:
    """Ann was seen by A; there is this one message about her."""
    world.encounters(SEEN)
    world.add("messages", **{"patient": "ann", "npi": "A", **told})
    return world


@pytest.mark.parametrize("sent_to", ["patient", "representative"])
def test_the_clinician_writes_to_the_patient_or_representative(world: World, sent_to: str) -> None:
    assert one_message(world, sent_to=sent_to).count("secure_messaging") == {"A": (1, 1)}


@pytest.mark.parametrize("sent_by", ["patient", "representative"])
def test_the_patient_writes_and_nobody_answers(world: World, sent_by: str) -> None:
    world = one_message(world, sent_by=sent_by, sent_to="clinician")
    assert world.count("secure_messaging") == {"A": (0, 1)}


def test_the_clinician_replies(world: World) -> None:
    one_message(world, sent_by="patient", sent_to="clinician", message_id="first")
    world.add("messages", patient="ann", npi="A", in_reply_to="first")
    assert world.count("secure_messaging") == {"A": (1, 1)}


def test_a_clinician_writes_to_another_and_the_patient_is_included(world: World) -> None:
    one_message(world, sent_to="clinician")
    assert world.count("secure_messaging") == {"A": (1, 1)}
    assert world.count("secure_messaging", copied_patients="do_not_count") == {"A": (0, 1)}


def test_clinicians_among_themselves_without_the_patient(world: World) -> None:
    world = one_message(world, sent_to="clinician", patient_included="false")
    assert world.count("secure_messaging") == {"A": (0, 1)}


def test_a_message_that_the_patient_cannot_read_never_counts(world: World) -> None:
    assert one_message(world, patient_included="false").count("secure_messaging") == {"A": (0, 1)}


def test_among_clinicians_only_the_author_is_credited(world: World) -> None:
    world.encounters("""
        patient | npi
        ann     | A
        ann     | B
    """)
    world.messages("""
        patient | npi | sent_to
        ann     | B   | clinician
    """)
    assert world.count("secure_messaging") == {"A": (0, 1), "B": (1, 1)}


def test_another_clinicians_message_does_not_count(world: World) -> None:
    world = one_message(world, npi="B")
    assert world.count("secure_messaging") == {"A": (0, 1), "B": (0, 0)}


@pytest.mark.parametrize(
    ("policy", "numerator"),
    [("author_only", 0), ("on_behalf_of_clinician", 1), ("any_in_practice", 1)],
)
def test_staff_write_for_a_clinician(world: World, policy: str, numerator: int) -> None:
    world = one_message(world, sent_by="staff")
    assert world.count("secure_messaging", staff_messages=policy) == {"A": (numerator, 1)}


@pytest.mark.parametrize(
    ("policy", "numerator"),
    [("author_only", 0), ("on_behalf_of_clinician", 0), ("any_in_practice", 1)],
)
def test_staff_write_for_no_clinician_in_particular(
    world: World, policy: str, numerator: int
) -> None:
    world.encounters("""
        patient | npi | tin
        ann     | A   | T
        ann     | B   | T
        bob     | B   | T
        ann     | C   | U
    """)
    world.messages("""
        patient | npi | tin | sent_by
        ann     |     | T   | staff
    """)
    expected = {"A": (numerator, 1), "B": (numerator, 2), "C": (0, 1)}
    assert world.count("secure_messaging", staff_messages=policy) == expected


def test_a_staff_message_for_a_clinician_is_not_everyones(world: World) -> None:
    world.encounters("""
        patient | npi
        ann     | A
        ann     | B
    """)
    world.messages("""
        patient | npi | tin | sent_by
        ann     | A   | T   | staff
    """)
    found = world.count("secure_messaging", staff_messages="any_in_practice")
    assert found == {"A": (1, 1), "B": (0, 1)}


@pytest.mark.parametrize(("policy", "numerator"), [("count", 1), ("do_not_count", 0)])
def test_automated_messages(world: World, policy: str, numerator: int) -> None:
    world = one_message(world, sent_by="automated")
    assert world.count("secure_messaging", automated_messages=policy) == {"A": (numerator, 1)}


@pytest.mark.parametrize(
    ("available_on", "policy", "numerator"),
    [
        ("2021-12-31", "count_when_available", 1),
        ("2022-01-01", "count_when_available", 0),
        ("9999-12-31", "count_when_available", 0),
        ("9999-12-31", "count_when_sent", 1),
        ("2021-06-11", "do_not_count", 0),
        ("2021-06-10", "do_not_count", 1),
        ("", "do_not_count", 1),
        ("2021-06-01", "count_when_available", 1),
    ],
)
def test_a_patient_without_an_account_cannot_read_yet(
    world: World, available_on: str, policy: str, numerator: int
) -> None:
    world = one_message(world, sent_on="2021-06-10", available_on=available_on)
    found = world.count("secure_messaging", unreachable_patients=policy)
    assert found == {"A": (numerator, 1)}


def test_a_message_counts_from_the_day_it_can_be_opened(world: World) -> None:
    one_message(world, sent_on="2020-12-30", available_on="2021-02-03")
    (member,) = world.members("secure_messaging")
    assert (member.in_numerator, str(member.acted_on)) == (True, "2021-02-03")
    assert world.count("secure_messaging", unreachable_patients="count_when_sent") == {"A": (0, 1)}


def test_the_first_message_is_the_evidence(world: World) -> None:
    world.encounters(SEEN)
    world.messages("""
        message_id | patient | npi | sent_on
        later      | ann     | A   | 2021-06-12
        earlier    | ann     | A   | 2021-06-11
    """)
    (member,) = world.members("secure_messaging")
    assert (member.act, member.act_id, str(member.acted_on)) == ("message", "earlier", "2021-06-11")
    assert world.called(member.reporter) == "A"
