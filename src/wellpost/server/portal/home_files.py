"""Files from home: a device's file read in, with how far it is; documents opened again."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render

from wellpost.adapters.meters import KNOWN
from wellpost.server.from_home import importing, queries
from wellpost.server.from_home.models import BatchState, ImportBatch
from wellpost.server.from_home.sealing import open_file
from wellpost.server.messaging import downloads
from wellpost.server.people.models import User
from wellpost.server.people.permissions import NotAllowed

from .acting import Acting, PortalRequest
from .home import at_home, one_at_home
from .home_forms import DeviceFileForm


@login_required
def bring(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """Choose a device's file and send it."""
    acting = at_home(request.user, patient_id)
    form = DeviceFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        by, patient, file = request.user, acting.patient, form.cleaned_data["file"]
        batch = form.attempt(lambda: importing.begin_import(by=by, patient=patient, file=file))
        if batch:
            return redirect("portal:home_import", acting.patient.pk, batch.pk)
    context = {"acting": acting, "form": form, "known": KNOWN, "here": "home"}
    return render(request, "portal/home_file.html", context)


@login_required
def progress(request: PortalRequest, patient_id: UUID, batch_id: UUID) -> HttpResponse:
    """How far an import is. One that was stopped goes on when somebody looks."""
    acting = at_home(request.user, patient_id)
    batch = _import(request.user, acting, batch_id)
    if importing.is_stopped(batch):
        importing.read_soon(batch.pk)
        batch.refresh_from_db()
    page = "portal/home_progress.html" if request.GET.get("part") else "portal/home_import.html"
    context = {
        "acting": acting,
        "batch": batch,
        "running": batch.state in (BatchState.WAITING, BatchState.RUNNING),
        "percent": min(99, 100 * batch.bytes_read // max(1, batch.bytes_in_all)),
        "megabytes": batch.bytes_in_all / 1e6,
        "faults": batch.says.splitlines(),
        "here": "home",
    }
    return render(request, page, context)


@login_required
def file(request: PortalRequest, patient_id: UUID, datum_id: UUID) -> StreamingHttpResponse:
    """The photo or document, saved by the browser."""
    held = one_at_home(request.user, at_home(request.user, patient_id), datum_id)
    return saved(held.file_id, request.user)


def saved(file_id: UUID | None, by: User) -> StreamingHttpResponse:
    """The file as a download; NotAllowed where there is none."""
    if file_id is None:
        raise NotAllowed("there is no file here.")
    opened = open_file(file_id, by)
    return downloads.saved(opened._replace(name=opened.name or "note.txt"))


def _import(user: User, acting: Acting, batch_id: UUID) -> ImportBatch:
    batch = queries.import_for(user, batch_id)
    if batch.patient.surviving.pk != acting.patient.pk:
        raise NotAllowed("there is no such import here.")
    return batch
