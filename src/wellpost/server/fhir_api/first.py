"""Apps are answered before sessions, forms and pages are thought of: a token needs none of them.

So what an app asks never touches a session's cookie, whatever the browser sends along with it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve

Answer = Callable[[HttpRequest], HttpResponseBase]

PLACE = "/fhir"
URLS = "wellpost.server.fhir_api.urls"


def answer_apps(answer: Answer) -> Answer:
    """Middleware: a request to the API that brings a token goes straight to its view."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(f"{PLACE}/") or not _brings_token(request):
            return answer(request)
        request.get_host()  # refuses a host that is not ours, as CommonMiddleware does
        found = request.resolver_match = resolve(request.path_info.removeprefix(PLACE), URLS)
        response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        if isinstance(response, HttpResponse):  # a file is streamed, and says its own length
            response["Content-Length"] = str(len(response.content))
        response["Cache-Control"] = "no-store"
        return response

    return answered


def _brings_token(request: HttpRequest) -> bool:
    held: str = request.META.get("HTTP_AUTHORIZATION", "")
    return held[:7].casefold() == "bearer "
