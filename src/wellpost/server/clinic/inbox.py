"""The inbox of one who works at the practice."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from wellpost.server.people.models import Role
from wellpost.server.people.permissions import Permission
from wellpost.server.routing import listing, views
from wellpost.server.routing.filters import Filters
from wellpost.server.routing.reasons import offered

from .desk import ClinicRequest, at_desk
from .forms.routing import FilterForm, ViewForm

EMPTY = {
    "open": gettext_lazy("Nothing is open. What patients write is shown here."),
    "unread": gettext_lazy("Everything is read."),
    "resolved": gettext_lazy("Nothing is marked as resolved yet."),
    "all": gettext_lazy("There are no conversations yet."),
}
NOTHING_LEFT = gettext_lazy("No conversation is like that. Take a filter away to see more.")
SHOWN = {
    "open": gettext_lazy("Open"),
    "unread": gettext_lazy("Unread"),
    "resolved": gettext_lazy("Resolved"),
    "all": gettext_lazy("All"),
}


@at_desk()
def inbox(request: ClinicRequest) -> HttpResponse:
    """The conversations of staff: the practice's; of clinicians: those they carry.

    Who reads no messages is led to where they have something to do.
    """
    desk = request.desk
    if not desk.may(Permission.READ_MESSAGES):
        people = desk.may(Permission.MANAGE_PEOPLE)
        return redirect("clinic:people" if people else "measures:practice")
    asked = Filters.parse(request.GET)
    page = listing.page_of(request.user, desk.practice, list(desk.memberships), asked)
    context = {
        "desk": desk,
        "page": page,
        "asked": asked,
        "shown": SHOWN,
        "empty": NOTHING_LEFT if asked.narrowed else EMPTY[asked.show],
        "whole_practice": any(each.role == Role.STAFF for each in desk.memberships),
        **_around(request, asked),
    }
    return render(request, "clinic/inbox.html", context)


@at_desk(Permission.READ_MESSAGES)
def unread(request: ClinicRequest) -> HttpResponse:
    """How many messages wait; asked for by the open inbox every minute."""
    waiting = listing.waiting_count(request.user, request.desk.practice)
    return render(request, "messaging/unread.html", {"waiting": waiting})


def _around(request: ClinicRequest, asked: Filters) -> dict[str, Any]:
    """What stands around the list: filters, kept views, whether keys do something."""
    practice = request.desk.practice
    return {
        "filter_form": FilterForm(asked, offered(practice)),
        "view_form": ViewForm(),
        "views": views.views_of(request.user, practice),
        "shortcuts": views.shortcuts_on(request.user),
    }
