"""The inbox of one who works at the practice."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from wellpost.server.messaging import queries
from wellpost.server.messaging.models import ThreadState
from wellpost.server.messaging.paging import page_asked
from wellpost.server.people.models import Role
from wellpost.server.people.permissions import Permission

from .desk import ClinicRequest, at_desk

EMPTY = {
    "open": gettext_lazy("Nothing is open. What patients write is shown here."),
    "unread": gettext_lazy("Everything is read."),
    "resolved": gettext_lazy("Nothing is marked as resolved yet."),
    "all": gettext_lazy("There are no conversations yet."),
}
SHOWN = {
    "open": gettext_lazy("Open"),
    "unread": gettext_lazy("Unread"),
    "resolved": gettext_lazy("Resolved"),
    "all": gettext_lazy("All"),
}


@at_desk()
def inbox(request: ClinicRequest) -> HttpResponse:
    """The conversations of staff: the practice's; of clinicians: those they take part in.

    Who reads no messages is led to where they have something to do.
    """
    if not request.desk.may(Permission.READ_MESSAGES):
        people = request.desk.may(Permission.MANAGE_PEOPLE)
        return redirect("clinic:people" if people else "measures:practice")
    show = request.GET.get("show", "open")
    page = page_asked(request.GET)
    rows = queries.inbox(request.user, request.desk.practice, page=page, **_asked(show))
    context = {
        "desk": request.desk,
        "rows": rows,
        "show": show,
        "shown": SHOWN,
        "empty": EMPTY.get(show, EMPTY["all"]),
        "page": page,
        "has_more": len(rows) == queries.PAGE_SIZE,
        "query": f"show={show}" if show in SHOWN else "",
        "whole_practice": any(each.role == Role.STAFF for each in request.desk.memberships),
    }
    return render(request, "clinic/inbox.html", context)


@at_desk(Permission.READ_MESSAGES)
def unread(request: ClinicRequest) -> HttpResponse:
    """How many messages wait; asked for by the open inbox every minute."""
    waiting = queries.unread_count(request.user, request.desk.practice)
    return render(request, "messaging/unread.html", {"waiting": waiting})


def _asked(show: str) -> dict[str, Any]:
    if show == "unread":
        return {"unread_only": True}
    return {"state": show if show in ThreadState.values else None}
