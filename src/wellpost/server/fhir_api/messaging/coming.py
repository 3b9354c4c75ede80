"""A Communication as somebody else's program sends it: each element known, of its shape, and kept.

What could not be kept is refused, with the place of it, and never left out in silence.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.http import HttpRequest

from wellpost.server.messaging.files import most_bytes, most_files

from ..formats import FHIR_JSON, PLAIN_JSON, object_of
from ..outcomes import Refused
from .refusals import misshapen, wrong_at

SLACK = 256 * 1024
"""Bytes for all that is no file."""
IGNORED = ("resourceType", "id", "meta", "text", "language", "sent", "status", "implicitRules")
"""Ours to say (`sent`, `id`, `meta`), or of no matter to what is sent."""
TAKEN = ("identifier", "category", "priority", "subject", "topic", "partOf", "inResponseTo")
PEOPLE = ("sender", "recipient", "payload")
STATES = ("in-progress", "completed")


@dataclass(frozen=True)
class Coming:
    """What is asked to be sent: references as they were written, empty where there is none."""

    subject: str
    sender: str
    recipients: tuple[str, ...]
    part_of: str
    in_response_to: str
    topic: str
    category: Mapping[str, Any] | None
    text: str
    files: tuple[ContentFile[bytes], ...]
    identifier: str
    """System and value of the first identifier."""


def body_of(request: HttpRequest) -> Mapping[str, Any]:
    """The resource sent: 415 when it is not JSON, 413 when larger than its files may make it."""
    if request.content_type not in (FHIR_JSON, PLAIN_JSON):
        raise Refused(415, "not-supported", f"Send the resource as {FHIR_JSON}.")
    most = most_bytes() * 4 // 3 + SLACK
    text = request.read(most + 1)
    if len(text) > most:
        megabytes = most_bytes() // (1024 * 1024)
        sentence = f"The resource is too large: its files may have {megabytes} MB in all."
        raise Refused(413, "too-long", sentence)
    return object_of(text)


def coming(resource: Mapping[str, Any]) -> Coming:
    """What the resource asks; RefusedAt with the element that is wrong."""
    _check_elements(resource)
    texts, files = _payload(resource.get("payload"))
    return Coming(
        subject=_reference(resource, "subject"),
        sender=_reference(resource, "sender"),
        recipients=tuple(_references(resource, "recipient")),
        part_of=_one_reference(resource, "partOf"),
        in_response_to=_one_reference(resource, "inResponseTo"),
        topic=_topic(resource),
        category=_category(resource),
        text=texts[0],
        files=tuple(files),
        identifier=_identifier(resource),
    )


def _check_elements(resource: Mapping[str, Any]) -> None:
    if resource.get("resourceType") != "Communication":
        raise misshapen("resourceType", "the resource is no Communication.")
    known = {*IGNORED, *TAKEN, *PEOPLE}
    for name in resource:
        if name not in known:
            raise wrong_at(
                f"Communication.{name[:40]}",
                f"this cannot be kept here; send {', '.join((*TAKEN, *PEOPLE))} alone.",
                "not-supported",
            )
    if resource.get("status") not in STATES:
        raise wrong_at("Communication.status", "is completed (or in-progress) for a new message.")
    if resource.get("priority", "routine") != "routine":
        raise wrong_at(
            "Communication.priority",
            "only routine messages are taken; in an emergency one calls 911.",
        )


def _payload(given: object) -> tuple[list[str], list[ContentFile[bytes]]]:
    where = "Communication.payload"
    if not isinstance(given, list) or not given:
        raise wrong_at(where, "a message has one contentString; send it.", "required")
    texts: list[str] = []
    files: list[ContentFile[bytes]] = []
    for place, each in enumerate(given):
        here = f"{where}[{place}]"
        if not isinstance(each, dict) or len(each) != 1:
            raise misshapen(here, "holds one of contentString and contentAttachment.")
        ((name, value),) = each.items()
        if name == "contentString":
            texts.append(_text(value, here))
        elif name == "contentAttachment":
            files.append(_file(value, here, len(files)))
        else:
            raise wrong_at(here, "send contentString or contentAttachment.", "not-supported")
    if len(texts) != 1:
        raise wrong_at(where, f"has {len(texts)} texts; a message has one contentString.")
    return texts, files


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise misshapen(f"{where}.contentString", "is a text.")
    return value


def _file(value: object, where: str, place: int) -> ContentFile[bytes]:
    where = f"{where}.contentAttachment"
    if not isinstance(value, dict):
        raise misshapen(where, "is an object with contentType, title and data.")
    if "data" not in value or "url" in value:
        raise wrong_at(
            where, "send the file in data; nothing is fetched from an address.", "required"
        )
    if place >= most_files():
        raise wrong_at(where, f"at most {most_files()} files go with one message.", "too-long")
    title = value.get("title", f"file-{place + 1}")
    if not isinstance(title, str):
        raise misshapen(f"{where}.title", "is a text.")
    try:
        data = base64.b64decode(value["data"], validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise misshapen(f"{where}.data", "is base64.") from None
    return ContentFile(data, name=title)


def _reference(resource: Mapping[str, Any], name: str) -> str:
    held = resource.get(name)
    if held is None:
        return ""
    if isinstance(held, list):
        raise misshapen(f"Communication.{name}", "is one reference, not several.")
    return _referred(held, f"Communication.{name}")


def _references(resource: Mapping[str, Any], name: str) -> list[str]:
    held = resource.get(name, [])
    if not isinstance(held, list):
        raise misshapen(f"Communication.{name}", "is a list of references.")
    return [_referred(each, f"Communication.{name}[{n}]") for n, each in enumerate(held)]


def _one_reference(resource: Mapping[str, Any], name: str) -> str:
    held = _references(resource, name)
    if len(held) > 1:
        raise wrong_at(f"Communication.{name}", "names one Communication.")
    return held[0] if held else ""


def _referred(held: object, where: str) -> str:
    written = held.get("reference") if isinstance(held, dict) else None
    if not isinstance(written, str) or not written:
        raise misshapen(where, "is a reference, like Patient/ and an id.")
    return written


def _topic(resource: Mapping[str, Any]) -> str:
    held = resource.get("topic")
    if held is None:
        return ""
    text = held.get("text") if isinstance(held, dict) else None
    if not isinstance(text, str):
        raise misshapen("Communication.topic", "has a text: what the conversation is about.")
    return text


def _category(resource: Mapping[str, Any]) -> Mapping[str, Any] | None:
    held = resource.get("category", [])
    if not isinstance(held, list) or len(held) > 1 or not all(isinstance(x, dict) for x in held):
        raise misshapen("Communication.category", "is a list of at most one reason.")
    return held[0] if held else None


def _identifier(resource: Mapping[str, Any]) -> str:
    held = resource.get("identifier", [])
    if not isinstance(held, list) or len(held) > 1 or not all(isinstance(x, dict) for x in held):
        raise misshapen("Communication.identifier", "is a list of at most one identifier.")
    if not held:
        return ""
    system, value = held[0].get("system", ""), held[0].get("value")
    if not isinstance(system, str) or not isinstance(value, str) or not value:
        raise misshapen("Communication.identifier[0]", "has a system and a value.")
    return f"{system}|{value}"
