"""Sending by the API: a message into a conversation, or the first one of a new conversation."""

from __future__ import annotations

import uuid
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

import orjson
from django.http import HttpRequest

from wellpost.server.messaging import actions
from wellpost.server.messaging.errors import MessageRefusedError
from wellpost.server.messaging.exchange import just_sent, was_sent
from wellpost.server.messaging.models import Message, Thread
from wellpost.server.messaging.repeats import USED
from wellpost.server.messaging.sight import Sight
from wellpost.server.messaging.threads import with_people
from wellpost.server.routing.models import Reason
from wellpost.server.routing.signals import about
from wellpost.server.smart import scopes

from ..answering import Given
from ..library import base
from ..outcomes import Refused, outcome, wrong
from .addressing import Addressed, addressed, answered, check_sender, reason_of, sight_for
from .asker import Asker
from .asking import links
from .choices import notices
from .coming import Coming, body_of, coming
from .on_record import used
from .references import Directory
from .refusals import wrong_at
from .resources import message_resource
from .versions import Json, given, tag

LONGEST_KEY = 200


def create(request: HttpRequest, asker: Asker) -> Given:
    """Send it: 201, or 200 where the same was sent before with the same key, once and no more."""
    asker.may("Communication", scopes.CREATE)
    came = coming(body_of(request))
    sight = sight_for(came, asker)
    check_sender(came, asker, sight)
    key = _client_key(request, asker, came)
    repeated = bool(key) and was_sent(asker.by, key)
    message, reason, to = _sent(came, asker, sight, key or uuid.uuid4().hex)
    used(asker)
    return _answer(request, asker, sight, message, 200 if repeated else 201, reason, to)


def _sent(
    came: Coming, asker: Asker, sight: Sight, key: str
) -> tuple[Message, Reason | None, Addressed]:
    to = addressed(came, asker, sight)
    said: dict[str, Any] = {
        "by": asker.by,
        "body": came.text,
        "client_key": key,
        "attachments": came.files,
        "for_clinician": to.for_clinician,
        "to_colleague": to.colleague,
        "representative": to.representative,
        "side": sight.seat.side,
    }
    try:
        if came.part_of:
            return _added(came, sight, said), None, to
        reason = reason_of(came.category, asker)
        return _begun(came, sight, said, reason, to), reason, to
    except MessageRefusedError as refusal:
        if str(refusal) == USED:
            raise Refused(409, "duplicate", f"{USED} By the API: take another key.") from None
        raise


def _added(came: Coming, sight: Sight, said: dict[str, Any]) -> Message:
    found = links([came.part_of], "Communication")
    thread = sight.threads.filter(pk__in=[each for _, each in found]).first()
    if thread is None:
        raise wrong_at("Communication.partOf", "there is no such conversation with this patient.")
    if came.topic or came.category:
        where = "Communication.topic" if came.topic else "Communication.category"
        raise wrong_at(where, "belongs to the conversation, which has one; leave it out.")
    return actions.send_message(
        thread=Thread(pk=thread.pk), in_reply_to=answered(came, sight), **said
    )


def _begun(
    came: Coming, sight: Sight, said: dict[str, Any], reason: Reason | None, to: Addressed
) -> Message:
    if came.in_response_to:
        raise wrong_at("Communication.partOf", "an answer is part of its conversation.", "required")
    if not came.topic:
        raise wrong_at(
            "Communication.topic",
            "a new conversation says in its text what it is about; an answer has partOf.",
            "required",
        )
    if sight.patient is None:
        raise wrong_at("Communication.subject", "is the patient it is about.", "required")
    with about(reason):
        return actions.start_thread(
            practice=sight.practice,
            patient=sight.patient,
            subject=came.topic,
            participants=[to.clinician] if to.clinician else [],
            **said,
        )


def _client_key(request: HttpRequest, asker: Asker, came: Coming) -> str:
    """The key by which the same sending is known again, of this user through this app alone; from
    Idempotency-Key, If-None-Exist, or the message's own identifier. Empty: none was given.
    """
    named = request.headers.get("Idempotency-Key", "") or _none_exist(request, came)
    named = named or came.identifier
    if len(named) > LONGEST_KEY:
        raise wrong(f"The key of a sending has at most {LONGEST_KEY} characters.", "too-long")
    whose = asker.reader.connection.app_id if asker.reader else ""
    text = f"fhir\n{whose}\n{named}".encode("utf-8", "surrogatepass")
    return sha256(text).hexdigest() if named else ""


def _none_exist(request: HttpRequest, came: Coming) -> str:
    asked = request.headers.get("If-None-Exist", "")
    if not asked:
        return ""
    if parse_qsl(asked.lstrip("?")) != [("identifier", came.identifier)]:
        raise wrong(
            "If-None-Exist is identifier= with the system and value of the message's own "
            "identifier, a bar between them.",
            "not-supported",
        )
    return came.identifier


def _answer(
    request: HttpRequest,
    asker: Asker,
    sight: Sight,
    message: Message,
    status: int,
    reason: Reason | None,
    to: Addressed,
) -> Given:
    resource = _resource(asker, sight, message)
    where = {"Location": f"{base()}/Communication/{message.pk}"}
    wished = request.headers.get("Prefer", "")
    if "return=minimal" in wished:
        return Given(b"", {**where, "ETag": tag(resource)}, status=status)
    if "return=OperationOutcome" in wished:
        said = _told(asker, to, reason)
        return Given(orjson.dumps(said), {**where, "ETag": tag(resource)}, status=status)
    return given(resource, request, status, **where)


def _resource(asker: Asker, sight: Sight, message: Message) -> Json:
    held = with_people(sight.messages).get(pk=message.pk)
    return message_resource(held, just_sent(sight, held), Directory(asker.practice))


def _told(asker: Asker, to: Addressed, reason: Reason | None) -> Json:
    """That it was sent, and what follows: who answers instead, when, and whether automatically."""
    members = [to.clinician] if to.clinician else []
    said = notices(asker.practice, members, reason) if asker.reader else []
    issues = [outcome("informational", each)["issue"][0] for each in ("Sent.", *said)]
    return {
        "resourceType": "OperationOutcome",
        "issue": [each | {"severity": "information"} for each in issues],
    }
