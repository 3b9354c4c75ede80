"""Every address of the API answers in one manner: a resource, or an OperationOutcome."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from wellpost.adapters.fhir.measure_words import Resource
from wellpost.errors import RequestError, WellpostError
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.people.refused import refused
from wellpost.server.smart.crossing import from_anywhere

from .formats import FHIR_JSON, answered_as
from .outcomes import Refused, not_here, wrong

LOG = logging.getLogger(__name__)

Answer = Callable[..., "Resource | Given | HttpResponseBase"]
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Given:
    """An answer that is text already, with its headers."""

    text: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


def answers(*methods: str, any_form: bool = False) -> Callable[[Answer], View]:
    """A view that gives a resource to those methods (HEAD with GET), whatever happens; or, in
    whatever form was asked for (`any_form`), what is no resource and is streamed.

    Any site may read the answers: see `smart.crossing`. Open to forms of other sites without
    their token: nothing is changed here but by a token, which no form can send, and the session's
    cookie does not come along with another site's POST.
    """

    def decorate(answer: Answer) -> View:
        @csrf_exempt
        @from_anywhere(*methods)
        @wraps(answer)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                form = FHIR_JSON if any_form else answered_as(request)
                _refuse_other(methods, request)
                given = answer(request, *args, **kwargs)
                return _answered(given, form)
            except Exception as error:
                return _refusal(_on_record(_as_refused(error), request))

        return answered

    return decorate


def _answered(given: Resource | Given | HttpResponseBase, form: str) -> HttpResponseBase:
    if isinstance(given, HttpResponseBase):
        return given
    return _given(given, form) if isinstance(given, Given) else _response(200, given, form)


def _refuse_other(methods: tuple[str, ...], request: HttpRequest) -> None:
    allowed = [*methods, *(["HEAD"] if "GET" in methods else [])]
    if request.method not in allowed:
        sentence = f"This address answers {' and '.join(methods)}."
        raise Refused(405, "not-supported", sentence, {"Allow": ", ".join(allowed)})


def _as_refused(error: Exception) -> Refused:
    """What somebody is told of an error: only our own sentences, which name nobody."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, NotAllowed):
        return not_here()
    if isinstance(error, RequestError):
        return wrong(str(error))
    if isinstance(error, WellpostError):
        return Refused(422, "processing", str(error))
    LOG.error("FHIR: an answer failed", exc_info=error)
    return Refused(500, "exception", "Something went wrong here; it is on the server's log.")


FORBIDDEN, NOT_HERE = 403, 404


def _on_record(refusal: Refused, request: HttpRequest) -> Refused:
    """What one may not see or do is put on record, where it is known who asked."""
    if refusal.status in (FORBIDDEN, NOT_HERE):
        refused(request, getattr(request, "asks_for", None), status=refusal.status)
    return refusal


def _refusal(refused: Refused) -> HttpResponse:
    response = _response(refused.status, refused.resource, FHIR_JSON)
    for name, value in refused.headers.items():
        response[name] = value
    return response


def _given(given: Given, form: str) -> HttpResponse:
    return HttpResponse(
        given.text, status=given.status, content_type=form, headers=dict(given.headers)
    )


def _response(status: int, resource: Resource, form: str) -> HttpResponse:
    return HttpResponse(orjson.dumps(resource), status=status, content_type=form)
