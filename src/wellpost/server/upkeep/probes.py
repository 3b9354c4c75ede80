"""`/health/`: what a load balancer asks. A word and a status; nothing that helps anybody else."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from .condition import faults

FRESH_SECONDS = 2.0
"""However often it is asked, the database is asked no more often than this."""

Answer = Callable[[HttpRequest], HttpResponse]
_last: list[tuple[float, bool]] = []


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. One that does not is to be started again."""
    return JsonResponse({"status": "live"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and is up to date, the keys are there; else 503: send people
    elsewhere, but leave the process alone.
    """
    if _is_ready():
        return JsonResponse({"status": "ready"})
    return JsonResponse({"status": "not ready"}, status=503)


PROBES: Mapping[str, Answer] = {"/health/": ready, "/health/live/": live}


def answer_probes(answer: Answer) -> Answer:
    """Middleware: answers before sessions and host names are looked at, since a load balancer
    has no session and asks by the machine's address.
    """

    def answered(request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path)
        return probe(request) if probe else answer(request)

    return answered


def _is_ready() -> bool:
    if not _last or time.monotonic() - _last[-1][0] > FRESH_SECONDS:
        _last[:] = [(time.monotonic(), next(faults(), "") == "")]
    return _last[-1][1]
