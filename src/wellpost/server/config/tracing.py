"""Each request gets an identifier, for the log and the audit rows, and shows it in its answer."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wellpost.server.audit.context import traced

Answer = Callable[[HttpRequest], HttpResponse]


def trace_request(answer: Answer) -> Answer:
    """Middleware: everything done inside one request carries its identifier and address."""

    def traced_answer(request: HttpRequest) -> HttpResponse:
        request_id = uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]  # read by the log's filter
        with traced(request_id, client_address(request)):
            response = answer(request)
        response["X-Request-ID"] = request_id
        return response

    return traced_answer


def client_address(request: HttpRequest) -> str | None:
    """The address of the client: what the outermost trusted proxy saw, else the connection's."""
    seen = request.headers.get("X-Forwarded-For", "").split(",")
    proxies = settings.PROXIES
    found = seen[-proxies] if 0 < proxies <= len(seen) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(found.strip()))
    except ValueError:
        return None
