"""The pages on which visits come in: the CSV of the day, one by hand, and what came last."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from wellpost.errors import DataRefusedError, RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient
from wellpost.server.people.permissions import Permission, may
from wellpost.server.people.queries import patient_for

from . import actions
from .daily import Day, read_day
from .desk import PracticeRequest, for_those_who_may
from .forms import DayFileForm, ExportForm, VisitForm
from .queries import clinicians_to_choose, latest_visits, registration, visit_for
from .report import ImportReport
from .uploads import folder_of

FAULTS_SHOWN = 100


@require_GET
@for_those_who_may(Permission.RECORD_VISIT, Permission.IMPORT_VISITS)
def start(request: PracticeRequest) -> HttpResponse:
    """Where a file is dropped, and what came in last."""
    return _start(request, DayFileForm())


@require_POST
@for_those_who_may(Permission.IMPORT_VISITS)
def check_day(request: PracticeRequest) -> HttpResponse:
    """The file read: what is wrong with which line, and what would be imported. Nothing is yet."""
    form = DayFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _start(request, form)
    content = form.cleaned_data["file"].read()
    try:
        day = read_day(content, request.practice)
    except DataRefusedError as refused:
        for fault in refused.faults:
            form.add_error("file", fault)
        return _start(request, form)
    return render(request, "intake/day.html", _preview(day, content))


@require_POST
@for_those_who_may(Permission.IMPORT_VISITS)
def import_day(request: PracticeRequest) -> HttpResponse:
    """The good lines of the file just checked, imported."""
    try:
        day = read_day(request.POST.get("content", "").encode(), request.practice)
        report = actions.import_day(day, practice=request.practice, by=request.user)
    except (DataRefusedError, RequestError) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _said(report))
    return redirect("intake:start")


@require_POST
@for_those_who_may(Permission.IMPORT_VISITS)
def import_export(request: PracticeRequest) -> HttpResponse:
    """The files of a medical record, imported; and what became of everything in them."""
    form = ExportForm(request.POST, request.FILES)
    report = form.attempt(lambda: _imported(request, form)) if form.is_valid() else None
    if report is None:
        return _start(request, DayFileForm(), form)
    return render(request, "intake/imported.html", {"sentences": list(report.sentences())})


def _imported(request: PracticeRequest, form: ExportForm) -> ImportReport:
    with folder_of(form.cleaned_data["export"]) as folder:
        return actions.import_fhir(folder, by=request.user, practice=request.practice)


@for_those_who_may(Permission.RECORD_VISIT)
def visit(request: PracticeRequest) -> HttpResponse:
    """One visit of a patient of the practice, by hand."""
    patient = _patient(request)
    form = VisitForm(
        request.POST or None,
        clinicians=clinicians_to_choose(patient.practice),
        initial={"seen_on": clock.today(patient.practice.time_zone)},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if form.attempt(lambda: actions.record_visit(patient=patient, by=request.user, **values)):
            messages.success(request, _("The visit is recorded."))
            return redirect("clinic:patient", patient.pk)
    record(by=request.user, deed=Deed.PATIENT_READ, target=patient, patient_id=patient.pk)
    return render(request, "intake/visit.html", {"form": form, "patient": patient})


@require_POST
@for_those_who_may(Permission.RECORD_VISIT)
def take_back(request: PracticeRequest, visit_id: UUID) -> HttpResponse:
    """A visit that was none."""
    try:
        actions.take_back_visit(visit=visit_for(request.user, visit_id), by=request.user)
    except RequestError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The visit is taken back and no longer counts."))
    return redirect("intake:start")


def _start(
    request: PracticeRequest, form: DayFileForm, export: ExportForm | None = None
) -> HttpResponse:
    visits = []
    if may(request.user, Permission.RECORD_VISIT, request.practice):
        visits = latest_visits(request.user, request.practice)
        details = {"shown": len(visits)}
        practice_id = request.practice.pk
        record(by=request.user, deed=Deed.VISITS_LISTED, practice_id=practice_id, details=details)
    may_import = may(request.user, Permission.IMPORT_VISITS, request.practice)
    wrong = form if export is None else export
    context = {
        "form": form,
        "export": export or ExportForm(),
        "wrong": wrong,
        "visits": visits,
        "may_import": may_import,
        "registration": registration(request.user, request.practice) if may_import else None,
    }
    return render(request, "intake/start.html", context, status=422 if wrong.errors else 200)


def _preview(day: Day, content: bytes) -> dict[str, object]:
    return {
        "day": day,
        "content": content.decode("utf-8-sig"),
        "faults": day.faults[:FAULTS_SHOWN],
        "more_faults": max(0, len(day.faults) - FAULTS_SHOWN),
        "good": len(day.batch.visits),
        "new_patients": day.new_patients,
        "alike": day.alike,
    }


def _patient(request: PracticeRequest) -> Patient:
    """The patient that the address names; NotAllowed when it names none of this practice."""
    try:
        patient_id = UUID(request.GET.get("patient", ""))
    except ValueError:
        patient_id = UUID(int=0)
    return patient_for(request.user, patient_id)


def _said(report: ImportReport) -> str:
    visits, patients = report.of("visits"), report.of("patients")
    made = ngettext("%(n)d new patient", "%(n)d new patients", patients.new) % {"n": patients.new}
    return _("Visits: %(visits)s. %(made)s.") % {"visits": visits, "made": made}
