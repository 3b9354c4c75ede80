"""Views of the inbox kept under a name, and the keys that work on it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wellpost.errors import RequestError
from wellpost.server.people.permissions import Permission
from wellpost.server.routing import views
from wellpost.server.routing.filters import Filters

from .desk import ClinicRequest, at_desk

KEYS = (
    ("j", gettext_lazy("go to the next conversation of the list")),
    ("k", gettext_lazy("go to the one before")),
    ("Enter", gettext_lazy("open it")),
    ("u", gettext_lazy("back to the list, from a conversation")),
    ("r", gettext_lazy("go to the answer")),
    ("n", gettext_lazy("go to the note for staff")),
    ("/", gettext_lazy("go to the filters")),
    ("?", gettext_lazy("show this page")),
)


@require_POST
@at_desk(Permission.READ_MESSAGES)
def save(request: ClinicRequest) -> HttpResponse:
    """Keep what is shown under a name."""
    asked = Filters.parse(QueryDict(request.POST.get("query", "")[:500]))
    practice, name = request.desk.practice, request.POST.get("name", "")
    try:
        views.save_view(by=request.user, practice=practice, name=name, filters=asked)
        messages.success(request, _("The view is kept."))
    except RequestError as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('clinic:inbox')}?{asked.query}")


@require_POST
@at_desk(Permission.READ_MESSAGES)
def delete(request: ClinicRequest, view_id: UUID) -> HttpResponse:
    """Forget one."""
    if views.delete_view(by=request.user, practice=request.desk.practice, view_id=view_id):
        messages.success(request, _("The view is deleted."))
    return redirect("clinic:inbox")


@at_desk(Permission.READ_MESSAGES)
def keyboard(request: ClinicRequest) -> HttpResponse:
    """Which keys do what; switch them on or off (WCAG 2.1.4)."""
    if request.method == "POST":
        on = request.POST.get("shortcuts") == "on"
        views.set_shortcuts(by=request.user, on=on)
        said = _("The keys are switched on.") if on else _("The keys are switched off.")
        messages.success(request, said)
        return redirect("clinic:keyboard")
    context = {"keys": KEYS, "shortcuts": views.shortcuts_on(request.user)}
    return render(request, "clinic/keyboard.html", context)
