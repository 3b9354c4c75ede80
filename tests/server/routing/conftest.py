"""Conversations to be looked after, and who does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from wellpost.server.messaging import actions
from wellpost.server.messaging.keys.opened import opened_keys
from wellpost.server.messaging.models import Message, Thread
from wellpost.server.people.models import Clinician, Membership, Patient, User

_keys = count(1)


@pytest.fixture(autouse=True)
def nothing_held() -> Iterator[None]:
    opened_keys.forget()
    yield
    opened_keys.forget()


@pytest.fixture
def ask(alice: Patient, dr_chen: Clinician) -> Callable[..., Thread]:
    """Alice begins a conversation with Dr Chen."""

    def ask(subject="My knee", body="It hurts.", patient=alice, **choices):
        choices = {"for_clinician": dr_chen, **choices}
        return actions.start_thread(
            practice=patient.practice, patient=patient, by=patient.user, subject=subject,
            body=body, client_key=f"asking-{next(_keys)}", **choices,
        ).thread  # fmt: skip

    return ask


@pytest.fixture
def say() -> Callable[..., Message]:
    """Somebody adds a message to a conversation."""

    def say(thread: Thread, by: User, body: str = "Come on Monday.", **choices):
        key = f"saying-{next(_keys)}"
        return actions.send_message(thread=thread, by=by, body=body, client_key=key, **choices)

    return say


@pytest.fixture
def member() -> Callable[[Clinician | User], Membership]:
    """By which somebody works at the practice."""

    def member(who):
        held = {"clinician": who} if isinstance(who, Clinician) else {"user": who}
        return Membership.objects.get(**held)

    return member
