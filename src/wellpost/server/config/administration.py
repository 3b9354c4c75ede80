"""From where a practice may be administered: WELLPOST_ADMIN_NETWORKS (OWASP ASVS 5.0, 8.2.4)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from wellpost.server.config.tracing import client_address
from wellpost.server.fhir_api.outcomes import outcome
from wellpost.server.people.refused import refused
from wellpost.server.people.working_at import works

_PAGES = {
    "clinic": (
        "people add_clinician add_staff invite_member end_membership end_member_sign_ins "
        "practice ages closed_days close_holidays reopen_day holds apps app "
        "answering topics add_topic change_topic open_again pools pool close_pool leave_pool "
        "retention destroy legal_hold legal_hold_patient lift_legal_hold "
        "audit export_audit emergencies review_emergency privacy_officer"
    ),
    "upkeep": "condition again discard",
    "fhir": "events events_by_form event",
}
ADMINISTRATION = frozenset(f"{room}:{each}" for room in _PAGES for each in _PAGES[room].split())
"""Every page that only an administrator opens, and the audit by FHIR; a test holds it against the
table of all pages.
"""


class HoldToNetworks:
    """Middleware: asks at each request, so who leaves the network loses the pages at once."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """A page that says what would be right, to who works here; others find none in any case."""
        asked = request.resolver_match
        if asked is None or asked.view_name not in ADMINISTRATION or is_inside(request):
            return None
        if not request.user.is_authenticated or not works(request):
            return None
        refused(request, why="network")
        return _to_a_program(request) if request.path.startswith("/fhir/") else _page(request)


def _page(request: HttpRequest) -> HttpResponse:
    told = {"networks": settings.ADMIN_NETWORKS, "here": client_address(request)}
    return render(request, "config/other_network.html", told, status=403)


def _to_a_program(request: HttpRequest) -> HttpResponse:
    networks = ", ".join(str(each) for each in settings.ADMIN_NETWORKS)
    said = outcome("forbidden", f"Administration is open from {networks} only.")
    return JsonResponse(said, status=403, content_type="application/fhir+json")


def is_inside(request: HttpRequest) -> bool:
    """Whether administration is open to where the request comes from."""
    if not settings.ADMIN_NETWORKS:
        return True
    found = client_address(request)
    if found is None:
        return False
    address = ip_address(found)
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in each for each in settings.ADMIN_NETWORKS)
