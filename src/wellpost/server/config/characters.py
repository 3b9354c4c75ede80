"""No request holds a NUL character: no database keeps one in a text, and nobody means one.

Refused in front, so that no page and no address of programs must think of it: in the address, in
cookies (whose quoted values can write it as three digits), in what says who asks, and in forms.
JSON is looked through by whoever reads it.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.defaults import bad_request

from wellpost.server.fhir_api.formats import FHIR_JSON
from wellpost.server.fhir_api.outcomes import outcome

Answer = Callable[[HttpRequest], HttpResponse]

NUL = "\x00"
FORM = "application/x-www-form-urlencoded"
REFUSED = (
    "The request holds a NUL character (%00), which no name, word or number has. Leave it out."
)


def refuse_nul(answer: Answer) -> Answer:
    """Middleware: 400 for one in the address, a cookie or a name and password in a header."""

    def answered(request: HttpRequest) -> HttpResponse:
        return refusal(request) if _in_front(request) else answer(request)

    return answered


class RefuseNulInForms:
    """Middleware: the same for one in a form; behind what reads forms in any case."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """A form with files is looked through if it was read already: whoever keeps files in a
        way of their own says so before that.
        """
        is_read = hasattr(request, "_post") or request.content_type == FORM
        if request.method == "POST" and is_read and _held(_words(request)):
            return refusal(request)
        return None


def refusal(request: HttpRequest) -> HttpResponse:
    """400, in the manner of the address that was asked."""
    place = request.path_info.lstrip("/")
    if place.startswith("fhir/"):
        return JsonResponse(outcome("invalid", REFUSED), status=400, content_type=FHIR_JSON)
    if re.search(settings.PROGRAMS, place):
        told = {"error": "invalid_request", "error_description": REFUSED}
        return JsonResponse(told, status=400)
    return bad_request(request, ValueError(REFUSED))


def _in_front(request: HttpRequest) -> bool:
    if NUL in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    if r"\000" in request.META.get("HTTP_COOKIE", "") and _held(request.COOKIES.values()):
        return True
    return _in_name_and_password(request.META.get("HTTP_AUTHORIZATION", ""))


def _in_name_and_password(header: str) -> bool:
    kind, _, held = header.partition(" ")
    if kind.casefold() != "basic":
        return False
    try:
        decoded = b64decode(held)
    except (NotBase64, ValueError):
        return False  # whoever asks for it says so
    return b"\x00" in decoded or b"%00" in decoded


def _words(request: HttpRequest) -> Iterable[str]:
    for name, values in request.POST.lists():
        yield name
        yield from values


def _held(texts: Iterable[str]) -> bool:
    return any(NUL in each for each in texts)
