"""Whatever people do, in whatever order: everybody sees what they may, and nothing else."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.server.conftest import make_clinician, make_user

from .cast import People
from .machine import Conversations

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
RUN = settings(max_examples=400 if DEEP else 8, stateful_step_count=40 if DEEP else 25)


@pytest.fixture
def people(practice, alice, carol, bob, dr_chen, dr_diaz, dr_evans, sam_staff, ada_admin):
    dr_eden = make_clinician(practice, "Dr Eden")
    clinicians = {"chen": dr_chen, "diaz": dr_diaz, "eden": dr_eden}
    users = {
        "alice": alice.user, "carol": make_user("Carol Cove"), "bob": bob.user, "sam": sam_staff,
        "ada": ada_admin, "evans": dr_evans.user, "amir": make_user("Amir Arden"),
        "dora": make_user("Dora Dale"), **{name: each.user for name, each in clinicians.items()},
    }  # fmt: skip
    members = {name: each.memberships.get() for name, each in clinicians.items()}
    return People(practice, users, {"alice": alice, "carol": carol}, members)


@pytest.fixture(autouse=True)
def keys_of_its_own(settings, tmp_path):
    """The key-encryption key is made anew in here, often."""
    settings.HOME = tmp_path


@pytest.mark.timeout(3600 if DEEP else 900)
def test_everybody_sees_what_they_may_and_nothing_else(people):
    run_state_machine_as_test(lambda: Conversations(people), settings=RUN)
