"""What was done at the practice: its rows of the record, narrowed, sorted, taken away as a file.

45 CFR 170.315(d)(3): for a period of the user's choice, sorted by each field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow
from wellpost.server.audit.queries import page_of, rows_of_practice
from wellpost.server.clock import time
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.on_record import named, named_in_parts
from wellpost.server.people.permissions import Permission
from wellpost.server.people.queries import patients_of
from wellpost.server.people.sorting import sorted_by

from .activity_files import FORMS
from .desk import ClinicRequest, Desk, at_desk
from .forms.activity import ActivityForm, PatientWordsForm

COLUMNS = {
    "recorded_at": _("When"),
    "actor_id": _("Who"),
    "deed": _("Did what"),
    "patient_id": _("Patient"),
    "target_kind": _("With what"),
    "category": _("Access"),
    "outcome": _("Outcome"),
    "address": _("From"),
    "id": _("Row"),
}
FURTHER = {
    "target_id": _("Which one"),
    "on_behalf_of": _("For whom"),
    "actor_kind": _("Kind of user"),
    "request_id": _("Request"),
    "event_id": _("Event"),
    "details": _("Details"),
}
"""What a row holds besides; it stands in the file, and can be sorted by."""
MOST_FOUND = 20


@at_desk(Permission.READ_AUDIT)
def activity(request: ClinicRequest) -> HttpResponse:
    """Reading the record is itself put on record. A name is looked for by POST alone."""
    looked_for = PatientWordsForm(request.POST if request.method == "POST" else None)
    form = _form(request)
    order = _order(request.GET)
    page = page_of(_rows(request.desk, form, order), request.GET.get("page"))
    record(by=request.user, deed=Deed.AUDIT_READ, practice_id=request.desk.practice.pk)
    context = {
        "form": form,
        "looked_for": looked_for,
        "found": _found(request.desk, looked_for),
        "patient": _patient(request.desk, form),
        "page": page,
        "rows": named(page.object_list),
        "columns": _columns(COLUMNS, order),
        "further": _columns(FURTHER, order),
        "query": _query(request.GET, "page"),
        "sortless": _query(request.GET, "page", "sort"),
        "patientless": _query(request.GET, "page", "patient_id"),
        "practice": request.desk.practice,
    }
    return render(request, "clinic/audit.html", context)


@at_desk(Permission.READ_AUDIT)
def export(request: ClinicRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """The same rows, all of them, as a file, written as it is read; that is put on record too."""
    if kind not in FORMS:
        raise Http404(f"rows are given as {' or '.join(FORMS)}.")
    form = _form(request)
    if not form.is_valid():
        return redirect("clinic:audit")
    practice = request.desk.practice
    rows = _rows(request.desk, form, _order(request.GET))
    record(
        by=request.user,
        deed=Deed.AUDIT_EXPORTED,
        practice_id=practice.pk,
        patient_id=form.cleaned_data["patient_id"],
        details={"kind": kind, "rows": rows.count()},
    )
    content_type, written = FORMS[kind]
    pieces = written(named_in_parts(rows.iterator(chunk_size=500)))
    answer = StreamingHttpResponse(pieces, content_type=content_type)
    first, last = form.cleaned_data["starts_on"], form.cleaned_data["ends_on"]
    answer["Content-Disposition"] = f'attachment; filename="activity-{first}-{last}.{kind}"'
    return answer


def _form(request: ClinicRequest) -> ActivityForm:
    members = _everybody(request.desk.practice)
    return ActivityForm(_asked(request), members=members)


def _asked(request: ClinicRequest) -> QueryDict | dict[str, Any]:
    """What is in the address; without a period, the last seven days."""
    if "starts_on" in request.GET:
        return request.GET
    today = time.today(request.desk.practice.time_zone)
    week = {"starts_on": today - timedelta(days=6), "ends_on": today}
    return {**request.GET.dict(), **week}


def _everybody(practice: Practice) -> set[User]:
    """Who works or ever worked here, with an account."""
    held = practice.memberships.select_related("clinician__user", "user")
    return {each.account for each in held if each.account}


def _rows(desk: Desk, form: ActivityForm, order: str) -> QuerySet[AuditRow]:
    if not form.is_valid():
        return AuditRow.objects.none()
    asked = form.cleaned_data
    first, last = asked["starts_on"], asked["ends_on"]
    held = rows_of_practice(
        desk.practice.pk,
        since=_midnight(first, desk),
        until=_midnight(last + timedelta(days=1), desk),
        patient_id=str(asked["patient_id"] or ""),
        **{name: asked[name] for name in ("deed", "actor_id", "outcome", "category")},
    )
    return sorted_by(held, order)


def _midnight(day: date, desk: Desk) -> datetime:
    return datetime.combine(day, datetime.min.time(), ZoneInfo(desk.practice.time_zone))


def _found(desk: Desk, form: PatientWordsForm) -> list[Patient] | None:
    """The patients of that name; None where none was looked for."""
    if not form.is_bound or not form.is_valid():
        return None
    found = list(patients_of(desk.user, desk.practice, form.cleaned_data["words"])[:MOST_FOUND])
    details = {"shown": len(found)}
    record(by=desk.user, deed=Deed.PATIENTS_LISTED, practice_id=desk.practice.pk, details=details)
    return found


def _patient(desk: Desk, form: ActivityForm) -> Patient | None:
    wanted: UUID | None = form.cleaned_data.get("patient_id") if form.is_valid() else None
    return desk.practice.patients.filter(pk=wanted).first() if wanted else None


def _order(asked: QueryDict) -> str:
    sort = asked.get("sort", "-recorded_at")
    return sort if sort.removeprefix("-") in {**COLUMNS, **FURTHER} else "-recorded_at"


def _columns(offered: Mapping[str, Any], order: str) -> list[dict[str, Any]]:
    """Each column with the order its heading leads to, and how it is sorted now."""
    by, falling = order.removeprefix("-"), order.startswith("-")
    return [
        {
            "says": says,
            "sort": f"-{name}" if name == by and not falling else name,
            "sorted": ("descending" if falling else "ascending") if name == by else "none",
        }
        for name, says in offered.items()
    ]


def _query(asked: QueryDict, *without: str) -> str:
    kept = asked.copy()
    for name in without:
        kept.pop(name, None)
    return kept.urlencode()
