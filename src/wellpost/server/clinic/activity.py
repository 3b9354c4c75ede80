"""What was done at the practice: its rows of the record, by period, sorted as one likes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow
from wellpost.server.audit.queries import page_of, rows_of_practice
from wellpost.server.clock import time
from wellpost.server.people.on_record import named
from wellpost.server.people.permissions import Permission

from .desk import ClinicRequest, Desk, at_desk
from .forms.activity import PeriodForm

COLUMNS = {
    "recorded_at": _("When"),
    "actor_id": _("Who"),
    "deed": _("Did what"),
    "patient_id": _("Patient"),
    "outcome": _("Outcome"),
    "address": _("From"),
}


@at_desk(Permission.READ_AUDIT)
def activity(request: ClinicRequest) -> HttpResponse:
    """Reading the record is itself put on record."""
    form = PeriodForm(_days(request))
    order = _order(request.GET)
    rows = _rows(request.desk, form, order)
    page = page_of(rows, request.GET.get("page"))
    practice_id = request.desk.practice.pk
    record(by=request.user, deed=Deed.AUDIT_READ, practice_id=practice_id)
    context = {
        "form": form,
        "page": page,
        "rows": named(page.object_list),
        "columns": _columns(order),
        "query": _query(request.GET, "page"),
        "sortless": _query(request.GET, "page", "sort"),
        "practice": request.desk.practice,
    }
    return render(request, "clinic/audit.html", context)


def _days(request: ClinicRequest) -> QueryDict | dict[str, date]:
    if "starts_on" in request.GET:
        return request.GET
    today = time.today(request.desk.practice.time_zone)
    return {"starts_on": today - timedelta(days=6), "ends_on": today}


def _rows(desk: Desk, form: PeriodForm, order: str) -> QuerySet[AuditRow]:
    if not form.is_valid():
        return AuditRow.objects.none()
    zone = ZoneInfo(desk.practice.time_zone)
    first, last = form.cleaned_data["starts_on"], form.cleaned_data["ends_on"]
    since = datetime.combine(first, datetime.min.time(), zone)
    until = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)
    held = rows_of_practice(desk.practice.pk, since=since, until=until)
    return held.order_by(order, "-id")


def _order(asked: QueryDict) -> str:
    sort = asked.get("sort", "-recorded_at")
    return sort if sort.removeprefix("-") in COLUMNS else "-recorded_at"


def _columns(order: str) -> list[dict[str, Any]]:
    """Each column with the order its heading leads to, and how it is sorted now."""
    by, falling = order.removeprefix("-"), order.startswith("-")
    return [
        {
            "says": says,
            "sort": f"-{name}" if name == by and not falling else name,
            "sorted": ("descending" if falling else "ascending") if name == by else "none",
        }
        for name, says in COLUMNS.items()
    ]


def _query(asked: QueryDict, *without: str) -> str:
    kept = asked.copy()
    for name in without:
        kept.pop(name, None)
    return kept.urlencode()
