"""What a message must be before it is sealed. Each refusal says what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Clinician, Membership, Practice, Representative, Role

from .errors import MessageRefusedError
from .models import Message, Thread, ThreadState

LONGEST_MESSAGE = 20_000
LONGEST_SUBJECT = 150
LONGEST_KEY = 64
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def checked_body(body: str) -> str:
    """The text as it is kept: plain, with plain line ends, not empty and not too long."""
    text = _plain(body.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise MessageRefusedError("The message is empty. Write something, then send it.")
    if len(text) > LONGEST_MESSAGE:
        raise MessageRefusedError(
            f"The message has {len(text):,} characters; at most {LONGEST_MESSAGE:,} can be sent. "
            "Shorten it, or attach the text as a file."
        )
    return text


def checked_subject(subject: str) -> str:
    """The subject on one line, not empty and not too long."""
    text = _plain(" ".join(subject.split()))
    if not text:
        raise MessageRefusedError("The subject is empty. Say in a few words what it is about.")
    if len(text) > LONGEST_SUBJECT:
        raise MessageRefusedError(
            f"The subject has {len(text):,} characters; at most {LONGEST_SUBJECT} can be kept. "
            "Shorten it; the rest belongs into the message."
        )
    return text


def checked_key(client_key: object) -> str:
    """The client's key for this one sending."""
    key = str(client_key or "").strip()
    if not 0 < len(key) <= LONGEST_KEY:
        raise MessageRefusedError(
            f"The sending's key has {len(key)} characters; it needs 1 to {LONGEST_KEY}. "
            "Open the page again and send from there."
        )
    return key


def check_state(thread: Thread) -> None:
    """Refuse to add to a locked thread."""
    if thread.state == ThreadState.LOCKED:
        raise MessageRefusedError(
            "This conversation is closed; nothing can be added to it. "
            "Write about a new matter in a new message."
        )


def check_reply(in_reply_to: Message | None, thread: Thread) -> None:
    """An answer belongs to the thread of what it answers."""
    if in_reply_to is not None and in_reply_to.thread_id != thread.pk:
        raise MessageRefusedError("An answer must stand in the conversation that it answers.")


def check_members(memberships: Iterable[Membership], practice: Practice) -> None:
    """Whoever is to take part works at the practice today, in a role that reads messages."""
    today = clock.today(practice.time_zone)
    for each in memberships:
        carries = each.role in {Role.CLINICIAN, Role.STAFF}
        if each.practice_id != practice.pk or not each.active_on(today) or not carries:
            raise MessageRefusedError(
                "One of those chosen does not answer messages at this practice today. "
                "Choose a clinician or a member of staff of the practice."
            )


def membership_of(clinician: Clinician, practice: Practice) -> Membership:
    """The clinician's membership of the practice today."""
    today = clock.today(practice.time_zone)
    for each in clinician.memberships.filter(practice=practice).select_related("clinician"):
        if each.active_on(today):
            return each
    raise MessageRefusedError(
        "The clinician chosen does not work at this practice today. Choose another one."
    )


def check_representative(
    representative: Representative | None, among: list[Representative]
) -> None:
    """Who is written to in the patient's place must be able to read it today."""
    if representative is not None and representative not in among:
        raise MessageRefusedError(
            "The representative chosen has no authority for messages today. "
            "Write to the patient, or choose another representative."
        )


def _plain(text: str) -> str:
    """Without control characters, which no keyboard writes and no page can show."""
    return CONTROL.sub("", text)
