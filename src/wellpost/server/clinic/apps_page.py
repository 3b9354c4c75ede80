"""The apps that registered: the administrator says which of them patients may connect."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from wellpost.server.people.permissions import Permission
from wellpost.server.people.step_up import still_you
from wellpost.server.smart.actions import decide
from wellpost.server.smart.models import App, Decision
from wellpost.server.smart.queries import apps_of, at_practice

from .desk import ClinicRequest, at_desk
from .forms.apps import DecisionForm


@at_desk(Permission.APPROVE_APPS)
def apps(request: ClinicRequest) -> HttpResponse:
    """Every app, those that wait for a decision first."""
    rows = apps_of(request.desk.practice, request.user)
    return render(request, "clinic/apps.html", {"rows": rows})


@at_desk(Permission.APPROVE_APPS)
@still_you
def app(request: ClinicRequest, app_id: int) -> HttpResponse:
    """What one app says of itself, and what the practice decides of it."""
    found = get_object_or_404(App, pk=app_id)
    row = at_practice(found, request.desk.practice, request.user)
    form = DecisionForm(request.POST or None, decision=row.decision)
    if request.method == "POST" and form.is_valid():
        practice, by = request.desk.practice, request.user
        said = {"decision": form.cleaned_data["decision"], "reason": form.cleaned_data["reason"]}
        if form.attempt(lambda: decide(app=found, practice=practice, by=by, **said)):
            messages.success(request, _said(said["decision"], found.name))
            return redirect("clinic:apps")
    return render(request, "clinic/app.html", {"row": row, "app": found, "form": form})


def _said(decision: str, name: str) -> str:
    said = {
        Decision.APPROVED.value: _("Patients can connect %(app)s from now on."),
        Decision.REFUSED.value: _("%(app)s stays out."),
        Decision.WITHDRAWN.value: _("%(app)s can read nothing more from this moment."),
    }
    return said[decision] % {"app": name}
