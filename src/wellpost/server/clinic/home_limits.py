"""From when on a reading from home is dangerous: for the practice, or one patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.from_home.kinds import PARTS, Kind, Part
from wellpost.server.from_home.limits import (
    Limit,
    drop_limit,
    grown_from,
    limits_at,
    limits_of,
    set_limit,
)
from wellpost.server.people.models import Patient
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.people.queries import patient_for

from .desk import ClinicRequest, at_desk
from .forms.home import LimitForm


@dataclass(frozen=True)
class Watched:
    """A number, and what is watched for."""

    kind: Kind
    part: Part
    limit: Limit | None


@at_desk(Permission.READ_CHART)
def practice(request: ClinicRequest) -> HttpResponse:
    """The limits that hold for everybody nothing else was set for."""
    return _page(request, None)


@at_desk(Permission.READ_CHART)
def patient(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """The limits of one patient."""
    found = patient_for(request.user, patient_id).surviving
    if found.practice_id != request.desk.practice.pk:
        raise NotAllowed("there is no such patient here.")
    return _page(request, found)


def _page(request: ClinicRequest, found: Patient | None) -> HttpResponse:
    form = LimitForm(request.POST or None)
    valid = request.method == "POST" and form.is_valid()
    if valid and form.attempt(lambda: _set(request, found, form)):
        messages.success(request, _("The limits are kept."))
        return redirect(request.path)
    if found:
        record(by=request.user, deed=Deed.HOME_DATA_READ, target=found, patient_id=found.pk)
    limits = limits_of(found) if found else limits_at(request.desk.practice)
    context = {
        "form": form,
        "patient": found,
        "watched": _watched(limits),
        "desk": request.desk,
        "from_age": grown_from(),
        "may_set": request.desk.may(Permission.INCORPORATE),
    }
    return render(request, "clinic/home_limits.html", context)


def _set(request: ClinicRequest, found: Patient | None, form: LimitForm) -> bool:
    given, by, practice = form.cleaned_data, request.user, request.desk.practice
    if request.POST.get("deed") == "drop":
        drop_limit(practice=practice, by=by, part=given["part"], patient=found)
    else:
        set_limit(
            practice=practice, by=by, part=given["part"], low=given["low"], high=given["high"],
            patient=found,
        )  # fmt: skip
    return True


def _watched(limits: Mapping[str, Limit]) -> list[Watched]:
    return [Watched(kind, part, limits.get(name)) for name, (kind, part) in PARTS.items()]
