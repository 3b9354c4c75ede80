"""What came from home: looked through, beside the chart, and decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.from_home import queries, reviewing
from wellpost.server.from_home.kinds import LABELS
from wellpost.server.from_home.models import HomeDatum
from wellpost.server.from_home.sealing import open_file
from wellpost.server.people.models import Patient
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.people.queries import patient_for

from .desk import ClinicRequest, at_desk
from .forms.home import ReviewForm
from .home_rows import beside_the_chart, row

ROWS_A_PAGE = 50


@at_desk(Permission.READ_CHART)
def start(request: ClinicRequest) -> HttpResponse:
    """Everything that waits, the dangerous first."""
    series = queries.waiting_at(request.user, request.desk.practice)
    page = Paginator(series, ROWS_A_PAGE).get_page(request.GET.get("page"))
    record(
        by=request.user,
        deed=Deed.HOME_DATA_READ,
        practice_id=request.desk.practice.pk,
        details={"series": len(page.object_list)},
    )
    context = {"page": page, "desk": request.desk}
    return render(request, "clinic/home.html", context)


@at_desk(Permission.READ_CHART)
def review(request: ClinicRequest, patient_id: UUID, series_kind: str) -> HttpResponse:
    """What waits of one kind from one patient: as plot and table, to be decided."""
    patient = _patient(request, patient_id, series_kind)
    waiting = queries.waiting_of(request.user, patient, series_kind)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = form.attempt(lambda: _decide(request, patient, series_kind, waiting, form))
        if done:
            messages.success(request, done)
            return _onward(waiting, patient, series_kind)
    return render(
        request, "clinic/home_review.html", _shown(request, patient, series_kind, waiting, form)
    )


@at_desk(Permission.READ_CHART)
def file(request: ClinicRequest, datum_id: UUID) -> StreamingHttpResponse:
    """A document from home, saved by the browser."""
    held = queries.datum_for(request.user, datum_id)
    if held.practice_id != request.desk.practice.pk or held.file_id is None:
        raise NotAllowed("there is no such file here.")
    opened = open_file(held.file_id, request.user)
    answer = StreamingHttpResponse(opened.pieces, content_type=opened.type)
    answer["Content-Length"] = str(opened.size)
    answer["Content-Disposition"] = str(content_disposition_header(True, opened.name or "note.txt"))
    return answer


def _patient(request: ClinicRequest, patient_id: UUID, kind: str) -> Patient:
    patient = patient_for(request.user, patient_id).surviving
    if patient.practice_id != request.desk.practice.pk or kind not in LABELS:
        raise NotAllowed("there is no such patient here.")
    return patient


def _decide(
    request: ClinicRequest,
    patient: Patient,
    kind: str,
    waiting: QuerySet[HomeDatum],
    form: ReviewForm,
) -> str:
    """Do what was asked with what was chosen; gives what to say of it."""
    given, by, practice = form.cleaned_data, request.user, request.desk.practice
    chosen = _chosen(request, waiting)
    if given["deed"] == "add":
        done = reviewing.incorporate(practice=practice, data=chosen, by=by, comment=given["words"])
        return _added(len(done.data), queries.waiting_of(by, patient, kind).count())
    if given["deed"] == "ask":
        reviewing.ask_back(
            practice=practice, data=chosen, by=by, subject=_subject(kind), body=given["words"],
            client_key=given["client_key"],
        )  # fmt: skip
        return _("Your question was sent to the patient.")
    reviewing.decline(practice=practice, data=chosen, by=by, reason=given["words"])
    return _("It is not added. The patient can read why.")


def _chosen(request: ClinicRequest, waiting: QuerySet[HomeDatum]) -> Sequence[UUID]:
    """The ticked rows; or all there are, as many as can be decided at once."""
    if request.POST.get("all"):
        return list(waiting.values_list("pk", flat=True)[: reviewing.MOST_AT_ONCE])
    held = {str(each): each for each in waiting.values_list("pk", flat=True)}
    ticked = request.POST.getlist("data")
    if any(each not in held for each in ticked):
        raise NotAllowed("there is no such data here.")
    return [held[each] for each in ticked]


def _added(added: int, left: int) -> str:
    said = ngettext(
        "%(added)d entry is in the record now. It counts for you, today.",
        "%(added)d entries are in the record now. They count for you, today.",
        added,
    ) % {"added": added}
    return f"{said} {_('%(left)d more wait.') % {'left': left}}" if left else said


def _subject(kind: str) -> str:
    return _("About what you sent from home: %(kind)s") % {"kind": LABELS[kind]}


def _onward(waiting: QuerySet[HomeDatum], patient: Patient, kind: str) -> HttpResponse:
    if waiting.all().exists():
        return redirect("home_data:review", patient.pk, kind)
    return redirect("home_data:start")


def _shown(
    request: ClinicRequest,
    patient: Patient,
    kind: str,
    waiting: QuerySet[HomeDatum],
    form: ReviewForm,
) -> dict[str, Any]:
    page = Paginator(waiting, ROWS_A_PAGE).get_page(request.GET.get("page"))
    record(
        by=request.user, deed=Deed.HOME_DATA_READ, target=patient, patient_id=patient.pk,
        category=kind, details={"shown": len(page.object_list)},
    )  # fmt: skip
    return {
        "patient": patient,
        "desk": request.desk,
        "kind": kind,
        "label": LABELS[kind],
        "page": page,
        "rows": [row(each) for each in page.object_list],
        "form": form,
        "ticked": set(request.POST.getlist("data")),
        "most": reviewing.MOST_AT_ONCE,
        "may_decide": request.desk.may(Permission.INCORPORATE),
        "beside": beside_the_chart(request.user, patient, kind),
    }
