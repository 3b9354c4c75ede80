"""Headers that keep what a page shows from staying behind."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

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
        if request.method == "POST" and request.path == reverse("account_logout"):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return guarded
