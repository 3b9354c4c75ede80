"""The switch for those who work at several practices."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellpost.server.people.queries import practices_of
from wellpost.server.people.working_at import choose_practice

from .desk import ClinicRequest, at_desk


@at_desk()
def practices(request: ClinicRequest) -> HttpResponse:
    """Every practice the user works at today."""
    context = {"practices": practices_of(request.user), "here": request.desk.practice}
    return render(request, "clinic/practices.html", context)


@at_desk()
def choose(request: ClinicRequest, practice_id: UUID) -> HttpResponse:
    """Work at that one from now on; who comes by a link is led to the list."""
    if request.method != "POST":
        return redirect("clinic:practices")
    chosen = choose_practice(request, practice_id)
    messages.success(request, _("You now work at %(practice)s.") % {"practice": chosen.name})
    return redirect("clinic:inbox")
