"""What every page may show besides its own: where one can go, and the demo's clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellpost.server.audit.context import current_trace
from wellpost.server.clock import time as clock
from wellpost.server.config.idleness import idle_seconds
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import Permission, may
from wellpost.server.people.queries import practices_of
from wellpost.server.people.working_at import practice_at

CLINIC_PLACES = (
    (gettext_lazy("Messages"), "clinic:inbox", Permission.READ_MESSAGES),
    (gettext_lazy("Patients"), "clinic:patients", Permission.LIST_PATIENTS),
    (gettext_lazy("From home"), "home_data:start", Permission.READ_CHART),
    (gettext_lazy("Visits"), "intake:start", Permission.RECORD_VISIT),
    (gettext_lazy("Measures"), "measures:practice", Permission.READ_MEASURES),
    (gettext_lazy("Reports"), "reports:start", Permission.READ_MEASURES),
    (gettext_lazy("People"), "clinic:people", Permission.MANAGE_PEOPLE),
    (gettext_lazy("Apps"), "clinic:apps", Permission.APPROVE_APPS),
    (gettext_lazy("Activity"), "clinic:audit", Permission.READ_AUDIT),
    (gettext_lazy("Server"), "upkeep:condition", Permission.RUN_SERVER),
)


@dataclass(frozen=True)
class Place:
    """One entry of the navigation; `here` when the page is in it, `exact` when it is the page."""

    name: str
    address: str
    here: bool
    exact: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """The names the base templates use; each is looked up only where it is shown."""
    working_at = SimpleLazyObject(lambda: _practice(request))
    trace = current_trace()
    return {
        "demo_clock": _demo_clock(),
        "request_id": trace.request_id if trace else "",
        "idle_seconds": SimpleLazyObject(lambda: idle_seconds(request)),
        "working_at": working_at,
        "single_sign_on": _single_sign_on(),
        "works_at_several": SimpleLazyObject(lambda: _works_at_several(request)),
        "clinic_places": SimpleLazyObject(lambda: _marked(request, _clinic(request))),
        "portal_places": SimpleLazyObject(
            lambda: _marked(request, [(_("Messages"), reverse("portal:inbox"))])
        ),
    }


def _demo_clock() -> datetime | None:
    return clock.now() if settings.DEMO else None


def _single_sign_on() -> str:
    """What the button of the practice's own sign-in says; empty where there is none."""
    if not settings.SINGLE_SIGN_ON.issuer:
        return ""
    return settings.SINGLE_SIGN_ON.name or _("Sign in with your practice's account")


def _practice(request: HttpRequest) -> Practice | None:
    return practice_at(request) if request.user.is_authenticated else None


def _works_at_several(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and len(practices_of(request.user)) > 1


def _clinic(request: HttpRequest) -> Iterator[tuple[str, str]]:
    practice = _practice(request)
    for name, page, permission in CLINIC_PLACES:
        if may(request.user, permission, practice):
            yield str(name), reverse(page)


def _marked(
    request: HttpRequest, places: Iterator[tuple[str, str]] | list[tuple[str, str]]
) -> list[Place]:
    found = list(places)
    holding = [address for _, address in found if request.path.startswith(address)]
    nearest = max(holding, key=len, default="")
    return [
        Place(name, address, address == nearest, address == request.path) for name, address in found
    ]
