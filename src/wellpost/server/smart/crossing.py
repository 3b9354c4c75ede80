"""Answers that an app in a browser may read from another site (CORS).

Open to every site: what is asked here is let in by a token that the app holds, never by a cookie,
and a site cannot make a browser send the one or read an answer to the other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]

ASKED = (
    "Authorization, Content-Type, Accept, Prefer, If-None-Match, If-Match, If-None-Exist, "
    "Idempotency-Key"
)
TOLD = "ETag, Last-Modified, Location, WWW-Authenticate, X-Request-ID"


def from_anywhere(*methods: str) -> Callable[[View], View]:
    """A view that answers those methods to every site, and what a browser asks before (OPTIONS)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def crossed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            asks_first = request.method == "OPTIONS"
            answer = HttpResponse(status=204) if asks_first else view(request, *args, **kwargs)
            if asks_first:
                answer["Access-Control-Allow-Methods"] = ", ".join(methods)
                answer["Access-Control-Allow-Headers"] = ASKED
                answer["Access-Control-Max-Age"] = "600"
            answer["Access-Control-Allow-Origin"] = "*"
            answer["Access-Control-Expose-Headers"] = TOLD
            return answer

        return crossed

    return decorate
