"""What somebody has begun to write: kept for its author alone, sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, UUIDField

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.messaging.access import seat_at, seat_to_start
from wellpost.server.messaging.checks import LONGEST_KEY, LONGEST_MESSAGE
from wellpost.server.messaging.exchange import was_sent
from wellpost.server.messaging.keys.parties import Party
from wellpost.server.messaging.models import Thread
from wellpost.server.messaging.seats import Seat, Side
from wellpost.server.people.models import Patient, User
from wellpost.server.prepared import Prepared, Slot

from .models import Draft
from .sealing import open_text, seal_for

KNOWN = "draft_kept"
KEPT = ("to", "for_clinician", "topic", "subject", "body")
SENDING = "client_key"
"""By what the message that it becomes is known: what was sent meanwhile is no draft."""


@dataclass(frozen=True)
class KeptDraft:
    """A draft opened for its author."""

    fields: dict[str, str]
    saved_at: datetime


def keep_draft(
    *,
    where: Thread | Patient,
    by: User,
    fields: Mapping[str, str],
    side: Side = Side.PRACTICE,
) -> Draft | None:
    """Keep what was typed so far, over what was kept before; nothing typed, or sent: no draft.

    `where`: the thread that is answered, or the patient who is written to. At most twice the
    longest message is kept. NotAllowed for who may not write there.
    """
    party = _seat(where, by, side).party
    said = {name: str(fields.get(name, ""))[: 2 * LONGEST_MESSAGE] for name in KEPT}
    sending = said[SENDING] = str(fields.get(SENDING, ""))[:LONGEST_KEY]
    if not said["body"].strip() and not said["subject"].strip():
        discard_draft(where=where, by=by)
        return None
    if sending and was_sent(by, sending):  # late; what another window keeps there stays
        return None
    try:
        return _keep(where, by, party, json.dumps(said, ensure_ascii=False))
    except IntegrityError:  # two windows began one together: the later text is kept
        return _keep(where, by, party, json.dumps(said, ensure_ascii=False))


def draft_of(where: Thread | Patient, by: User) -> KeptDraft | None:
    """The draft of `by` there; TamperedError when it was changed. One that was sent before its
    page knew that it was kept is none any more.
    """
    kept = _TO_THREAD if isinstance(where, Thread) else _TO_PATIENT
    held = next(iter(kept(author=by.pk, where=where.pk)), None)
    if held is None:
        return None
    fields = json.loads(open_text(held))
    sending = fields.pop(SENDING, "")
    if sending and was_sent(by, sending):
        discard_draft(where=where, by=by)
        return None
    return KeptDraft(fields, held.saved_at)


def _drafts(**where: object) -> QuerySet[Draft]:
    return Draft.objects.filter(author=Slot("author", UUIDField()), **where).select_related(
        "party_key"
    )


_TO_THREAD = Prepared(lambda: _drafts(thread=Slot("where", UUIDField())))
_TO_PATIENT = Prepared(lambda: _drafts(patient=Slot("where", UUIDField())))


def discard_draft(*, where: Thread | Patient, by: User) -> bool:
    """It is no longer kept; whether there was one."""
    return bool(Draft.objects.filter(author=by, **_at(where)).delete()[0])


def end_draft(*, where: Thread | Patient, by: User, fields: Mapping[str, str]) -> None:
    """What was sent is no draft any more. The form says `draft_kept` where it knows of one, so
    that a sending without any asks the database nothing.
    """
    if fields.get(KNOWN):
        discard_draft(where=where, by=by)


@transaction.atomic
def _keep(where: Thread | Patient, by: User, party: Party, text: str) -> Draft:
    held = Draft.objects.select_for_update().filter(author=by, **_at(where)).first()
    draft = held or Draft(author=by, practice=where.practice, **_at(where))
    draft.saved_at = clock.now()
    seal_for(draft, party, text)
    draft.save()
    if held is None:
        record(by=by, deed=Deed.DRAFT_BEGUN, target=where, practice_id=where.practice_id)
    return draft


def _seat(where: Thread | Patient, by: User, side: Side) -> Seat:
    if isinstance(where, Thread):
        return seat_at(by, where, side)
    return seat_to_start(by, where.practice, where, side)


def _at(where: Thread | Patient) -> dict[str, object]:
    return {"thread": where} if isinstance(where, Thread) else {"patient": where}
