"""The chart of a patient as the practice reads it: all that stands, released or not.

What is read here is never a use by the patient (45 CFR 170.315(e)(1); ONC deck RT4).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import Patient
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.records.book import Book
from wellpost.server.records.sight import practices_side

from .desk import ClinicRequest, at_desk

NAMES = "clinic:chart"


@require_safe
@at_desk(Permission.READ_CHART)
def chart(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Every part of it."""
    patient, book = _opened(request, patient_id, "overview")
    return _page(request, patient, "overview", book.overview())


@require_safe
@at_desk(Permission.READ_CHART)
def section(request: ClinicRequest, patient_id: UUID, section: str) -> HttpResponse:
    """One part."""
    patient, book = _opened(request, patient_id, section)
    return _page(request, patient, "section", book.section(section))


@require_safe
@at_desk(Permission.READ_CHART)
def series(request: ClinicRequest, patient_id: UUID, section: str) -> HttpResponse:
    """One thing measured over time; without its name the part it is in."""
    patient, book = _opened(request, patient_id, section)
    if "of" not in request.GET:
        return redirect(book.addresses.section(section))
    return _page(request, patient, "series", book.series(section))


@require_safe
@at_desk(Permission.READ_CHART)
def entry(request: ClinicRequest, patient_id: UUID, entry_id: UUID) -> HttpResponse:
    """One entry in full."""
    patient, book = _opened(request, patient_id, "entry")
    return _page(request, patient, "entry", book.entry(entry_id))


@require_safe
@at_desk(Permission.READ_CHART)
def file(request: ClinicRequest, patient_id: UUID, entry_id: UUID, number: int) -> HttpResponse:
    """A file of an entry, to be opened outside the browser."""
    _, book = _opened(request, patient_id, "documents")
    name, kind, content = book.file(entry_id, number)
    answer = HttpResponse(content, content_type=kind or "application/octet-stream")
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    return answer


def _opened(request: ClinicRequest, patient_id: UUID, what: str) -> tuple[Patient, Book]:
    """The chart in the user's sight; that it is looked at is put on record."""
    patient = Patient.objects.select_related("practice", "merged_into__practice").filter(
        pk=patient_id
    )
    found = patient.first()
    if found is None:
        raise NotAllowed("there is no such patient here.")
    sight = practices_side(found, request.user)
    details = {"what": what, "side": "practice"}
    record(
        by=request.user,
        deed=Deed.RECORD_READ,
        target=sight.patient,
        patient_id=sight.patient.pk,
        category="record",
        details=details,
    )
    return sight.patient, Book(sight, NAMES, request.GET.dict())


def _page(
    request: ClinicRequest, patient: Patient, page: str, context: dict[str, Any]
) -> HttpResponse:
    context |= {"patient": patient, "desk": request.desk, "chart": True}
    return render(request, f"clinic/chart_{page}.html", context)
