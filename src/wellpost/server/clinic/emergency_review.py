"""Every emergency access of the practice, for those who review it; and who is told of one."""

from __future__ import annotations

from dataclasses import dataclass
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
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time
from wellpost.server.messaging.emergency import emergencies_at, reason_of, review_emergency
from wellpost.server.notices.actions import acted
from wellpost.server.people.models import EmergencyAccess
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.people.practices import choose_privacy_officer, possible_privacy_officers

from .desk import ClinicRequest, at_desk
from .forms.emergency import OfficerForm

ROWS_A_PAGE = 25


@dataclass(frozen=True)
class Emergency:
    """One access: why, how much was read under it, whether it is still open."""

    access: EmergencyAccess
    reason: str
    readings: int
    is_open: bool
    own: bool


@at_desk(Permission.READ_AUDIT)
def emergencies(request: ClinicRequest) -> HttpResponse:
    """Those to be reviewed and those that were, the latest first."""
    practice = request.desk.practice
    page = Paginator(emergencies_at(practice, request.user), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    details = {"shown": len(page.object_list)}
    record(by=request.user, deed=Deed.EMERGENCIES_LISTED, practice_id=practice.pk, details=details)
    acted(request.user)
    context = {
        "page": page,
        "emergencies": [_told(each, request) for each in page.object_list],
        "form": _officer_form(request),
        "practice": practice,
    }
    return render(request, "clinic/emergencies.html", context)


@require_POST
@at_desk(Permission.READ_AUDIT)
def review(request: ClinicRequest, emergency_id: UUID) -> HttpResponse:
    """Mark one as looked into."""
    found = emergencies_at(request.desk.practice, request.user).filter(pk=emergency_id).first()
    if found is None:
        raise NotAllowed("there is no such emergency access here.")
    try:
        review_emergency(access=found, by=request.user)
        messages.success(request, _("Marked as reviewed."))
    except RequestError as refused:
        messages.error(request, str(refused))
    return redirect("clinic:emergencies")


@require_POST
@at_desk(Permission.MANAGE_PEOPLE)
def officer(request: ClinicRequest) -> HttpResponse:
    """Choose who is told at once."""
    form, practice = _officer_form(request, request.POST), request.desk.practice
    if form.is_valid():
        choose_privacy_officer(practice=practice, by=request.user, officer=form.chosen)
        messages.success(request, _("The choice is kept."))
    else:
        messages.error(request, _("Choose somebody of the list."))
    return redirect("clinic:emergencies")


def _officer_form(request: ClinicRequest, data: object = None) -> OfficerForm:
    practice = request.desk.practice
    initial = {"officer": str(practice.privacy_officer_id or "")}
    officers = possible_privacy_officers(practice)
    return OfficerForm(data, officers=officers, initial=initial)


def _told(access: EmergencyAccess, request: ClinicRequest) -> Emergency:
    return Emergency(
        access,
        reason=reason_of(access),
        readings=_readings(access),
        is_open=access.ends_at > time.now(),
        own=access.user_id == request.user.pk,
    )


def _readings(access: EmergencyAccess) -> int:
    """Rows under it: what the user did with emergency access to the patient in its time."""
    rows = AuditRow.objects.filter(
        patient_id=str(access.patient_id), actor_id=str(access.user_id), category="emergency"
    ).exclude(deed__in=[Deed.EMERGENCY_BEGUN, Deed.EMERGENCY_ENDED])
    return rows.filter(recorded_at__gte=access.begun_at, recorded_at__lte=access.ends_at).count()
