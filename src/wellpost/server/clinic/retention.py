"""How long the practice keeps messages, legal holds, and the end of what need not be kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from wellpost.server.clock import time
from wellpost.server.messaging.models import LegalHold, RetentionPolicy
from wellpost.server.messaging.retention.destroying import apply, planned
from wellpost.server.messaging.retention.holds import holds_at, lift_hold, set_hold
from wellpost.server.messaging.retention.policy import policy_of, set_policy
from wellpost.server.messaging.sealed_words import reason_of
from wellpost.server.people.models import Patient
from wellpost.server.people.permissions import Permission
from wellpost.server.people.queries import patient_for
from wellpost.server.people.step_up import still_you

from .desk import ClinicRequest, at_desk
from .forms.retention import DestroyForm, HoldForm, PolicyForm

SHOWN = 200
HOLDS_A_PAGE = 25


@at_desk(Permission.MANAGE_RETENTION)
def retention(request: ClinicRequest) -> HttpResponse:
    """The policy, and by POST a new one; holds; what was destroyed."""
    practice, by = request.desk.practice, request.user
    held = policy_of(practice)
    form = PolicyForm(request.POST if request.method == "POST" else None, initial=_known(held))
    if form.is_valid():
        said = form.cleaned_data
        if form.attempt(lambda: set_policy(practice=practice, by=by, **said)):
            messages.success(request, _("This is kept. Nothing is destroyed by it."))
            return redirect("clinic:retention")
    page = Paginator(holds_at(practice, by), HOLDS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "policy": held,
        "page": page,
        "holds": [(each, reason_of(each)) for each in page.object_list],
        "destructions": practice.destructions.select_related("patient").order_by("-destroyed_at")[
            :SHOWN
        ],
        "today": time.today(practice.time_zone),
        "time_zone": practice.time_zone,
    }
    return render(request, "clinic/retention.html", context)


@at_desk(Permission.MANAGE_RETENTION)
@still_you
def destroy(request: ClinicRequest) -> HttpResponse:
    """What is due; by POST its end, where it still is what was seen."""
    practice, by = request.desk.practice, request.user
    if policy_of(practice) is None:
        messages.error(request, _("Set first how long messages are kept."))
        return redirect("clinic:retention")
    posted = DestroyForm(request.POST) if request.method == "POST" else None
    if posted and posted.is_valid():
        code = posted.cleaned_data["plan"]
        done = posted.attempt(lambda: apply(practice=practice, by=by, code=code))
        if done is not None:
            messages.success(request, _said(len(done)))
            return redirect("clinic:retention")
    return render(request, "clinic/destroy.html", _plan(request, posted))


@at_desk(Permission.MANAGE_RETENTION)
def hold(request: ClinicRequest) -> HttpResponse:
    """Put a hold on everything of the practice."""
    return _hold(request, None)


@at_desk(Permission.MANAGE_RETENTION)
def hold_patient(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Put a hold on what was written with one patient."""
    return _hold(request, patient_for(request.user, patient_id).surviving)


@require_POST
@at_desk(Permission.MANAGE_RETENTION)
def lift(request: ClinicRequest, hold_id: UUID) -> HttpResponse:
    """The hold is over."""
    held = get_object_or_404(LegalHold, pk=hold_id, practice=request.desk.practice)
    lift_hold(hold=held, by=request.user)
    messages.success(request, _("The hold is lifted."))
    return redirect("clinic:retention")


def _known(held: RetentionPolicy | None) -> dict[str, Any] | None:
    """What the form begins with; without a rule, what is offered first."""
    names = ("years", "minors_until", "source")
    return {name: getattr(held, name) for name in names} if held else None


def _hold(request: ClinicRequest, patient: Patient | None) -> HttpResponse:
    practice, by = request.desk.practice, request.user
    today = {"starts_on": time.today(practice.time_zone)}
    form = HoldForm(request.POST if request.method == "POST" else None, initial=today)
    if form.is_valid():
        asked = {"practice": practice, "by": by, "patient": patient, **form.cleaned_data}
        if form.attempt(lambda: set_hold(**asked)):
            messages.success(request, _("The hold is on. Nothing of it is destroyed."))
            return redirect("clinic:retention")
    return render(request, "clinic/legal_hold.html", {"form": form, "patient": patient})


def _plan(request: ClinicRequest, posted: DestroyForm | None) -> dict[str, Any]:
    found = planned(practice=request.desk.practice, by=request.user)
    return {
        "plan": found,
        "due": found.due[:SHOWN],
        "form": posted or DestroyForm(initial={"plan": found.code}),
        "time_zone": request.desk.practice.time_zone,
    }


def _said(patients: int) -> str:
    said = ngettext(
        "Done: what was written with %(patients)s patient is destroyed.",
        "Done: what was written with %(patients)s patients is destroyed.",
        patients,
    )
    return said % {"patients": patients}
