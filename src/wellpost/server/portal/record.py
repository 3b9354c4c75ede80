"""The health record as the patient's side reads it. Each page looked at is a use of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from wellpost.server.records.book import Book
from wellpost.server.records.sight import patients_side
from wellpost.server.records.uses import use_in_sight
from wellpost.server.records.visits import look

from .acting import Acting, PortalRequest, acting_for
from .choosing import one_of


@require_safe
@login_required
def start(request: PortalRequest) -> HttpResponse:
    """To the record where there is one, to the choice where there are several."""
    return one_of(request, "portal:record")


@require_safe
@login_required
def overview(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """Every part, and what is new since the last visit."""
    acting, book = _opened(request, patient_id, "overview")
    return _page(request, acting, "overview", book.overview())


@require_safe
@login_required
def section(request: PortalRequest, patient_id: UUID, section: str) -> HttpResponse:
    """One part of it."""
    acting, book = _opened(request, patient_id, section)
    return _page(request, acting, "section", book.section(section))


@require_safe
@login_required
def series(request: PortalRequest, patient_id: UUID, section: str) -> HttpResponse:
    """One thing measured over time; without its name the part it is in."""
    acting, book = _opened(request, patient_id, section)
    if "of" not in request.GET:
        return redirect(book.addresses.section(section))
    return _page(request, acting, "series", book.series(section))


@require_safe
@login_required
def entry(request: PortalRequest, patient_id: UUID, entry_id: UUID) -> HttpResponse:
    """One entry in full."""
    acting, book = _opened(request, patient_id, "entry")
    return _page(request, acting, "entry", book.entry(entry_id))


@require_safe
@login_required
def file(request: PortalRequest, patient_id: UUID, entry_id: UUID, number: int) -> HttpResponse:
    """A file of an entry, to keep: a download."""
    acting = acting_for(request.user, patient_id)
    sight = patients_side(acting.patient, request.user)
    name, kind, content = Book(sight, "portal:record", {}).file(entry_id, number)
    use_in_sight(sight, acting.patient, "download", "documents")
    answer = HttpResponse(content, content_type=kind or "application/octet-stream")
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    return answer


def _opened(request: PortalRequest, patient_id: UUID, what: str) -> tuple[Acting, Book]:
    """The record in the user's sight; that it is looked at is put on record."""
    acting = acting_for(request.user, patient_id)
    sight = patients_side(acting.patient, request.user)
    with transaction.atomic():
        since = look(request.user, acting.patient)
        use_in_sight(sight, acting.patient, "view", what)
    return acting, Book(sight, "portal:record", request.GET.dict(), since)


def _page(
    request: PortalRequest, acting: Acting, page: str, context: dict[str, Any]
) -> HttpResponse:
    context |= {"acting": acting, "here": "record"}
    return render(request, f"portal/record_{page}.html", context)
