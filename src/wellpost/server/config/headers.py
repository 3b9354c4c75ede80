"""Headers that keep what a page shows from staying behind."""

from __future__ import annotations

from collections.abc import Callable

from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

FEATURES = (
    "camera",
    "display-capture",
    "geolocation",
    "microphone",
    "payment",
    "usb",
    "browsing-topics",
)
PERMISSIONS = ", ".join(
    [
        *(f"{feature}=()" for feature in FEATURES),
        "publickey-credentials-get=(self)",
        "publickey-credentials-create=(self)",
    ]
)


def guard_pages(answer: Answer) -> Answer:
    """Middleware: nothing is stored by browsers or caches; signing out clears what was. The
    session's cookie ends with the session; the one that knows the browser again stays.
    """

    def guarded(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response["Cache-Control"] = "no-store"
        response["Permissions-Policy"] = PERMISSIONS
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if request.method == "POST" and _page(request) == "account_logout":
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return guarded


def limit_content(answer: Answer) -> Answer:
    """Middleware: what a page may load and run (CSP 3), as django-csp words it. It is worded once,
    and anew only for a page that asks for more of its own (`_csp_update`, as of
    csp.decorators); a file that came with its own, stricter one keeps it.
    """
    of_every_page = build_policy()

    def limited(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        more = getattr(response, "_csp_update", None)
        policy = build_policy(update=more) if more else of_every_page
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return limited


def _page(request: HttpRequest) -> str:
    """The name of what answered; empty where nothing did."""
    return request.resolver_match.view_name if request.resolver_match else ""
