"""How the server is, and the notices it could not send: for the administrator."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.notices.dead_letters import dead_letters, discard, try_again
from wellpost.server.notices.models import Notice
from wellpost.server.people.permissions import Permission
from wellpost.server.upkeep.condition import conditions

from .desk import ClinicRequest, at_desk

A_PAGE = 25


@at_desk(Permission.RUN_SERVER)
def condition(request: ClinicRequest) -> HttpResponse:
    """Look at everything; that one looked is on record."""
    practice = request.desk.practice
    page = Paginator(dead_letters(practice), A_PAGE).get_page(request.GET.get("page"))
    record(by=request.user, deed=Deed.CONDITION_READ, practice_id=practice.pk)
    context = {"conditions": conditions(), "page": page, "practice": practice}
    return render(request, "clinic/condition.html", context)


@require_POST
@at_desk(Permission.RUN_SERVER)
def again(request: ClinicRequest, notice_id: UUID) -> HttpResponse:
    """Send one again."""
    return _handle(request, notice_id, try_again, _("It is sent again within a minute."))


@require_POST
@at_desk(Permission.RUN_SERVER)
def give_up(request: ClinicRequest, notice_id: UUID) -> HttpResponse:
    """Give one up."""
    return _handle(request, notice_id, discard, _("It is given up."))


def _handle(
    request: ClinicRequest, notice_id: UUID, deed: Callable[..., None], done: str
) -> HttpResponse:
    try:
        deed(notice=Notice(pk=notice_id), practice=request.desk.practice, by=request.user)
        messages.success(request, done)
    except RequestError as refused:
        messages.error(request, str(refused))
    return redirect("upkeep:condition")
