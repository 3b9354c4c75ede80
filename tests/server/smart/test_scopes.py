"""Scopes as SMART writes them, in both forms."""

from __future__ import annotations

import pytest

from wellpost.server.records.parameters import PARAMETERS
from wellpost.server.smart import scopes, words

VITALS = "category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs"


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("patient/*.rs", "patient/*.rs"),
        ("patient/*.read", "patient/*.read"),
        ("patient/Condition.cruds", "patient/Condition.rs"),
        ("patient/Observation.cruds", "patient/Observation.crs"),
        ("patient/Observation.write", "patient/Observation.write"),
        (f"patient/Observation.rs?{VITALS}", f"patient/Observation.rs?{VITALS}"),
        ("openid", "openid"),
        ("user/*.rs", ""),
        ("system/*.rs", ""),
        ("launch", ""),
        ("patient/Condition.c", ""),
        ("patient/Unheard.rs", ""),
        ("patient/Observation.sr", ""),
        ("patient/Observation.", ""),
        ("patient/Observation.rs?date=2021", ""),
        ("patient/Observation.rs?secret=1", ""),
        ("patient/Observation.rs?category=", ""),
        ("patient/*.rs?category=a", ""),
        ("patient/Observation.read?category=a", ""),
        ("patient/Communication.cruds", "patient/Communication.crus"),
        ("patient/Communication.read", "patient/Communication.read"),
        ("patient/Communication.rs?category=a", ""),
        ("patient/AuditEvent.cruds", "patient/AuditEvent.rs"),
        ("patient/AuditEvent.c", ""),
        ("patient/Task.rs", ""),
    ],
)
def test_what_cannot_be_given_as_it_is_asked_is_not_given(asked, given):
    assert " ".join(scopes.supported([asked])) == given


def test_a_constraint_is_never_lost():
    text = f"patient/Observation.rs?{VITALS} patient/Condition.r"
    held = scopes.constraints(text, "Observation", "s")
    assert held == ((("category", VITALS.removeprefix("category=")),),)
    assert scopes.constraints(text, "Condition", "r") == ()
    assert scopes.constraints(text, "Condition", "s") is None
    assert scopes.constraints(text, "Goal", "r") is None
    assert scopes.constraints(f"{text} patient/*.rs", "Observation", "s") == ()


def test_reading_never_lets_one_write():
    assert scopes.constraints("patient/*.rs patient/*.read", "Observation", "c") is None
    assert scopes.constraints("patient/*.*", "Observation", "c") == ()
    assert scopes.constraints("patient/*.*", "Condition", "c") is None
    assert scopes.kinds("patient/*.write", "r") == frozenset()


def test_messages_are_given_by_their_name_alone():
    for whole in ("patient/*.rs", "patient/*.*", "patient/*.read"):
        assert scopes.constraints(whole, "Communication", "r") is None
        assert scopes.constraints(whole, "AuditEvent", "s") is None
        assert "patient/Communication.rs" not in scopes.choices([whole])
    assert scopes.constraints("patient/Communication.crus", "Communication", "u") == ()
    assert scopes.constraints("patient/Communication.rs", "Communication", "c") is None
    parts = ["patient/Communication.rs", "patient/Communication.c", "patient/Communication.u"]
    assert scopes.choices(["patient/Communication.crus"]) == parts
    assert scopes.chosen(["patient/Communication.crus"], parts) == ["patient/Communication.crus"]
    assert scopes.chosen(["patient/Communication.crus"], parts[:1]) == parts[:1]
    assert [each for each in parts if scopes.only_writes(each)] == parts[1:]
    assert words.label("patient/Communication.c") == "Write messages to the practice in your name"


def test_everything_can_be_taken_away_kind_by_kind():
    asked = ["openid", "patient/*.read", "offline_access"]
    offered = scopes.choices(asked)
    assert "patient/Goal.read" in offered and "patient/*.read" not in offered
    assert scopes.chosen(asked, offered) == asked
    left = [each for each in offered if each != "patient/Goal.read"]
    given = scopes.chosen(asked, left)
    assert "patient/*.read" not in given and "patient/Goal.read" not in given
    assert scopes.kinds(" ".join(given), "r") == scopes.kinds("patient/*.read", "r") - {"Goal"}


def test_every_kind_has_words():
    assert set(words.KINDS) == {*PARAMETERS, *scopes.BY_NAME}
    assert set(words.BESIDES) == set(scopes.BESIDES)
    assert words.in_order(["patient/Goal.rs", "patient/*.rs", "patient/Patient.r"]) == [
        "patient/*.rs", "patient/Patient.r", "patient/Goal.rs",
    ]  # fmt: skip
    assert words.label("patient/Observation.crs").endswith("Send measurements to the practice")
    assert words.label(f"patient/Observation.rs?{VITALS}").endswith("only vital signs")
    assert words.label("patient/Condition.r?category=urn:a|b").endswith("only b")


def test_nobody_adds_a_scope_that_was_not_asked_for():
    assert scopes.chosen(["patient/Goal.r"], ["patient/*.rs", "patient/Goal.r"]) == [
        "patient/Goal.r"
    ]
