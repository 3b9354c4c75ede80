"""Taking the record home: choose, see what is inside, download."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from wellpost.server.people.permissions import Permission, require
from wellpost.server.sharing.contents import Contents
from wellpost.server.sharing.downloading import download
from wellpost.server.sharing.files import Form
from wellpost.server.sharing.making import File

from .acting import Acting, PortalRequest, acting_for
from .record_forms import FileForm

USUAL = {"file": Form.PDF.value}
"""What is shown before anything was chosen."""


@login_required
@require_http_methods(["GET", "POST"])
def start(request: PortalRequest, patient_id: UUID) -> HttpResponseBase:
    """The choice with what is inside; by POST the file."""
    acting = acting_for(request.user, patient_id)
    require(request.user, Permission.READ_RECORD, acting.patient)
    chosen = request.POST if request.method == "POST" else request.GET
    form = FileForm(chosen if "file" in chosen else USUAL, time_zone=acting.practice.time_zone)
    file = None
    if request.method == "POST" and form.is_valid():
        file = form.attempt(lambda: _download(request, acting, form))
    return _answer(file) if file else _page(request, acting, form)


def _download(request: PortalRequest, acting: Acting, form: FileForm) -> File:
    start, end = form.days
    return download(by=request.user, patient=acting.patient, form=form.form, start=start, end=end)


def _answer(file: File) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(file.pieces, content_type=file.media_type)
    answer["Content-Disposition"] = str(content_disposition_header(True, file.name))
    return answer


def _page(request: PortalRequest, acting: Acting, form: FileForm) -> HttpResponse:
    context = {"acting": acting, "form": form, "here": "share"}
    if form.is_valid():
        contents = Contents(acting.patient, request.user, *form.days)
        context |= {"sections": contents.sections(), "chosen": form.cleaned_data}
    return render(request, "portal/download.html", context)
