"""Short ways to write: each test says only what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from wellpost.server.messaging import actions
from wellpost.server.messaging.keys.opened import opened_keys
from wellpost.server.messaging.models import Message
from wellpost.server.people.models import Clinician, Patient

_keys = count(1)


@pytest.fixture
def fresh_key() -> Callable[[], str]:
    """A client key not used before."""
    return lambda: f"sending-{next(_keys)}"


@pytest.fixture(autouse=True)
def nothing_held() -> Iterator[None]:
    """No test finds keys that another one opened."""
    opened_keys.forget()
    yield
    opened_keys.forget()


@pytest.fixture
def first(alice: Patient, dr_chen: Clinician, fresh_key: Callable[[], str]) -> Message:
    """Dr Chen's message to Alice, which begins a thread."""
    return actions.start_thread(
        practice=alice.practice,
        patient=alice,
        by=dr_chen.user,
        subject="Your blood test",
        body="All values are as they should be.",
        client_key=fresh_key(),
    )
