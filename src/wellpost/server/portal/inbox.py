"""The patient's inbox."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from wellpost.server.messaging import queries
from wellpost.server.messaging.paging import page_asked

from .acting import PortalRequest, acting_for
from .choosing import one_of


@login_required
def start(request: PortalRequest) -> HttpResponse:
    """To the inbox where there is one record, to the choice where there are several."""
    return one_of(request, "portal:patient")


@login_required
def inbox(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """The threads of one record, the latest first."""
    acting = acting_for(request.user, patient_id)
    if not acting.writes:
        return redirect("portal:record", acting.patient.pk)
    page = page_asked(request.GET)
    rows = queries.inbox(request.user, patient=acting.patient, page=page)
    has_more = len(rows) == queries.PAGE_SIZE
    context = {"acting": acting, "rows": rows, "page": page, "has_more": has_more, "here": "inbox"}
    return render(request, "portal/inbox.html", context)


@login_required
def unread(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """How many messages wait; asked for by the open inbox every minute."""
    acting = acting_for(request.user, patient_id)
    waiting = queries.unread_count(request.user, patient=acting.patient)
    return render(request, "messaging/unread.html", {"waiting": waiting})
