"""Rights that follow from a child's age: at which birthdays, and whose change soon."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellpost.server.people.actions import set_ages
from wellpost.server.people.ages import ages_at, reminder_days
from wellpost.server.people.parents import changes_soon
from wellpost.server.people.permissions import Permission

from .desk import ClinicRequest, at_desk
from .forms.ages import AgesForm


@at_desk(Permission.MANAGE_PEOPLE)
def ages(request: ClinicRequest) -> HttpResponse:
    """See and set the birthdays."""
    here, by = request.desk.practice, request.user
    held = ages_at(here)
    form = AgesForm(request.POST or None, held=held)
    if request.method == "POST" and form.is_valid():
        set_ages(practice=here, by=by, ages=form.ages)
        messages.success(request, _("The ages are kept. Parents' rights follow them now."))
        return redirect("clinic:ages")
    context = {"form": form, "held": held.values(), "days": reminder_days()}
    return render(request, "clinic/ages.html", context)


@at_desk(Permission.MANAGE_REPRESENTATIVES)
def changes(request: ClinicRequest) -> HttpResponse:
    """Which rights of parents a birthday ends soon: to be looked after before."""
    rows = changes_soon(request.user, request.desk.practice)
    context = {"rows": rows, "days": reminder_days()}
    return render(request, "clinic/age_changes.html", context)
