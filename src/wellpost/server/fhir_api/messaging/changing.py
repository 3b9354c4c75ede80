"""What can be changed of a message once it is sent: nothing but that its writer takes it back."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest

from wellpost.server.messaging.actions import retract_message
from wellpost.server.messaging.exchange import just_sent
from wellpost.server.messaging.models import Message
from wellpost.server.messaging.threads import thread_with_parties, with_people
from wellpost.server.smart import scopes

from ..answering import Given
from ..outcomes import Refused, not_here
from .asker import Asker
from .coming import body_of
from .communications import find
from .on_record import used
from .references import Directory
from .refusals import misshapen, wrong_at
from .resources import message_resource
from .versions import Json, given, require_version

ONLY = (
    "A message is never edited. Its writer takes it back by sending status entered-in-error, and "
    "sends another in its place."
)


@transaction.atomic
def take_back(request: HttpRequest, asker: Asker, resource_id: str) -> Given:
    """PUT with status entered-in-error and If-Match: taken back, and kept as it was."""
    asker.may("Communication", scopes.UPDATE)
    came = body_of(request)
    found = find(asker.sight, resource_id)
    if not isinstance(found, Message):
        raise Refused(405, "not-supported", "A conversation is settled by its Task.", ALLOWED)
    if found.sender_id != asker.by.pk:
        raise not_here()
    thread_with_parties(found.thread_id, locked=True)
    here = _resource(asker, found)
    require_version(request, here)
    _check(came, here)
    retract_message(message=found, by=asker.by)
    used(asker)
    return given(_resource(asker, found), request)


ALLOWED = {"Allow": "GET, HEAD"}


def _resource(asker: Asker, message: Message) -> Json:
    held = with_people(asker.sight.messages).get(pk=message.pk)
    return message_resource(held, just_sent(asker.sight, held), Directory(asker.practice))


def _check(came: object, here: Json) -> None:
    """Nothing else of it differs: what is left out stays as it is."""
    if not isinstance(came, dict) or came.get("resourceType") != "Communication":
        raise misshapen("resourceType", "the resource is no Communication.")
    if came.get("status") != "entered-in-error":
        raise wrong_at("Communication.status", ONLY, "not-supported")
    for name, value in came.items():
        if name not in ("status", "meta", "text") and value != here.get(name):
            raise wrong_at(f"Communication.{name[:40]}", ONLY, "not-supported")
