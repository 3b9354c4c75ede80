"""In which form an answer goes out and a question comes in: FHIR's JSON, by either of its names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import MediaType

from .outcomes import Refused, wrong

FHIR_JSON, PLAIN_JSON = "application/fhir+json", "application/json"
FORMS = {FHIR_JSON: FHIR_JSON, "json": FHIR_JSON, PLAIN_JSON: PLAIN_JSON, "text/json": PLAIN_JSON}
"""What `_format` may say, and what is answered (FHIR R4, 3.1.0.1.11)."""
VERSIONS = ("4.0", "4.0.1")


def answered_as(request: HttpRequest) -> str:
    """The content type the client wants, of those there are; 406 when it wants another."""
    asked = request.GET.get("_format")
    if asked is not None:
        found = FORMS.get(asked.split(";")[0].strip().replace(" ", "+"))  # + may come as a space
    else:
        found = next(filter(None, map(_of_accepted, request.accepted_types)), None)
    if found is None:
        raise Refused(406, "not-supported", f"Answers are {FHIR_JSON} of FHIR 4.0.1 and no other.")
    return found


def _of_accepted(accepted: MediaType) -> str | None:
    if str(accepted.params.get("fhirversion", "4.0")) not in VERSIONS:
        return None
    return next((form for form in (FHIR_JSON, PLAIN_JSON) if _covers(accepted, form)), None)


def _covers(accepted: MediaType, form: str) -> bool:
    main_type, sub_type = form.split("/")
    return accepted.main_type in (main_type, "*") and accepted.sub_type in (sub_type, "*")


def read_body(request: HttpRequest, *, what: str = "a Parameters resource") -> Mapping[str, Any]:
    """The resource posted: 415 when it is not JSON, 413 when too large, 400 when no object."""
    if request.content_type not in (FHIR_JSON, PLAIN_JSON):
        raise Refused(415, "not-supported", f"Send {what} as {FHIR_JSON}.")
    try:
        body = request.body
    except RequestDataTooBig:
        raise Refused(413, "too-long", "The body is larger than any question needs.") from None
    return object_of(body)


def object_of(text: bytes) -> Mapping[str, Any]:
    """The resource that a body holds: 400 when it is not JSON as FHIR has it (UTF-8, whole
    characters, numbers that are numbers), or JSON of something else.
    """
    try:
        found = orjson.loads(text)
    except ValueError:
        raise wrong("The body is not JSON.", "structure") from None
    if not isinstance(found, dict):
        raise wrong("The body is JSON but no resource: it must be an object.", "structure")
    return found
