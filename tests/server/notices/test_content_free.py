"""No notice says what waits: every one that can be rendered is searched for every field."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from django.core.files.base import ContentFile
from django.db import models

from wellpost.server.messaging.actions import start_thread
from wellpost.server.notices import delivery
from wellpost.server.notices.actions import Kind, tell
from wellpost.server.notices.models import Channel, Notice
from wellpost.server.notices.texts import letter

pytestmark = pytest.mark.django_db


def rendered():
    """Every letter: each set of kinds, by each channel, and of a kind of a later version."""
    kinds = [*Kind.values, "unheard_of"]
    sets = chain.from_iterable(combinations(kinds, size) for size in range(1, len(kinds) + 1))
    return [letter(some, channel) for some in sets for channel in Channel.values]


def words(instance: models.Model) -> set[str]:
    """Every value of the row as it may be written, dates in three ways."""
    found = set()
    for field in instance._meta.concrete_fields:
        value = getattr(instance, field.attname)
        if hasattr(value, "strftime"):
            found |= {value.strftime(form) for form in ("%Y-%m-%d", "%B", "%m/%d/%Y")}
        elif isinstance(value, str):
            found |= set(value.split())
        elif value is not None and not isinstance(value, bool | int | bytes | memoryview):
            found.add(str(value))
    return {each.lower() for each in found if len(each) > 3}


@pytest.fixture
def everything(practice, alice, amir, dr_chen):
    """Each row and text that a notice could give away."""
    practice.phone = "207 555 0100"
    practice.save()
    message = start_thread(
        practice=practice, patient=alice, by=dr_chen.user, subject="Xylophone fracture",
        body="Quicksilver zeppelin.", client_key="first",
        attachments=[ContentFile(b"All is well.", name="radiograph.txt")],
    )  # fmt: skip
    rows = [message, message.thread, alice, alice.user, amir, amir.user, dr_chen, dr_chen.user]
    held = set().union(*(words(each) for each in (*rows, practice)))
    return held | {"xylophone", "fracture", "quicksilver", "zeppelin", "radiograph", "february"}


SAID_ANYWAY = {"message", "patient", "practice"}
"""Words of fields that say nothing of anybody: what kind of thing it is."""


def test_no_letter_holds_a_word_of_any_field(everything):
    for each in rendered():
        shown = f"{each.subject} {each.text}".lower()
        assert not [word for word in everything - SAID_ANYWAY if word in shown]


def test_the_search_would_find_a_name(everything, monkeypatch):
    from wellpost.server.notices import texts

    monkeypatch.setattr(texts, "_sms", lambda kinds: "Alice Arden has mail: %(place)s")
    shown = " ".join(each.text.lower() for each in rendered())
    assert {"alice", "arden"} <= {word for word in everything if word in shown}


def test_what_is_sent_is_what_the_one_builder_made(alice, amir, mailoutbox):
    for kind in Kind:
        tell(users=[alice.user.pk, amir.user.pk], kind=kind)
    delivery.deliver()
    assert len(mailoutbox) == 2 * len(Kind)
    built = {(each.subject, each.text) for each in (letter([kind]) for kind in Kind)}
    assert {(each.subject, each.body) for each in mailoutbox} == built


def test_a_notice_keeps_no_more_than_whom_by_which_way_and_when():
    kept = {each.name for each in Notice._meta.concrete_fields}
    assert kept == {
        "id", "user", "channel", "address", "kind", "follows", "created_at", "due_at", "together",
        "claimed_until", "sent_at", "attempts", "last_error", "acted_at", "stopped_at",
        "stopped_as",
    }  # fmt: skip
