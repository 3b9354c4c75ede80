"""What was done with my record: the log, on a page and as a file."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.permissions import Permission, require
from wellpost.server.records.models import PortalAction
from wellpost.server.sharing.history import lines, uses_of
from wellpost.server.sharing.history_file import as_csv

from .acting import Acting, PortalRequest, acting_for
from .record_forms import LogForm

LINES_A_PAGE = 50


@login_required
def log(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """The log, by what was done and when; reading it is put on record."""
    acting, form = _asked(request, patient_id)
    page = Paginator(_found(request, acting, form), LINES_A_PAGE).get_page(request.GET.get("page"))
    record(by=request.user, deed=Deed.AUDIT_READ, patient_id=acting.patient.pk)
    context = {
        "acting": acting,
        "form": form,
        "page": page,
        "lines": list(lines(page.object_list, acting.patient, request.user)),
        "query": _query(request),
        "here": "log",
    }
    return render(request, "portal/log.html", context)


@login_required
def file(request: PortalRequest, patient_id: UUID) -> StreamingHttpResponse:
    """The same lines, all of them, as CSV."""
    acting, form = _asked(request, patient_id)
    told = lines(_found(request, acting, form).iterator(), acting.patient, request.user)
    record(by=request.user, deed=Deed.AUDIT_READ, patient_id=acting.patient.pk)
    answer = StreamingHttpResponse(
        as_csv(told, acting.practice.time_zone), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="record-log.csv"'
    return answer


def _asked(request: PortalRequest, patient_id: UUID) -> tuple[Acting, LogForm]:
    acting = acting_for(request.user, patient_id)
    require(request.user, Permission.READ_RECORD, acting.patient)
    return acting, LogForm(request.GET, time_zone=acting.practice.time_zone)


def _found(request: PortalRequest, acting: Acting, form: LogForm) -> QuerySet[PortalAction]:
    """What was asked for; nothing where the question is wrong (the form says why)."""
    if not form.is_valid():
        return PortalAction.objects.none()
    start, end = form.days
    action = form.cleaned_data["action"]
    return uses_of(acting.patient, request.user, action=action, start=start, end=end)


def _query(request: PortalRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()
