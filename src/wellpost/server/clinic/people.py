"""Who works at the practice: adding, inviting, ending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellpost.server.clock import time
from wellpost.server.people import actions
from wellpost.server.people.models import Membership
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.server.people.phases import Phase, phase_on
from wellpost.server.people.sign_ins import end_sign_ins_of_member
from wellpost.server.people.step_up import still_you_to_open
from wellpost.server.ui.forms import PlainForm

from .desk import ClinicRequest, at_desk
from .forms.people import ClinicianForm, EndForm, InviteForm, MemberForm, StaffForm
from .invitations import say_whether_sent


@at_desk(Permission.MANAGE_PEOPLE)
def people(request: ClinicRequest) -> HttpResponse:
    """Everybody who works, worked or will work here."""
    today = _today(request)
    held = request.desk.practice.memberships.select_related("clinician__user", "user")
    rows: list[dict[str, Any]] = [{"member": each, "phase": phase_on(today, each)} for each in held]
    rows.sort(key=lambda row: (list(Phase).index(row["phase"]), row["member"].name))
    return render(request, "clinic/people.html", {"rows": rows})


@at_desk(Permission.MANAGE_PEOPLE)
@still_you_to_open
def add_clinician(request: ClinicRequest) -> HttpResponse:
    """A clinician joins, known by the NPI."""
    form = ClinicianForm(request.POST or None, today=_today(request))
    return _add(request, form, actions.add_clinician, _("Add a clinician"))


@at_desk(Permission.MANAGE_PEOPLE)
@still_you_to_open
def add_staff(request: ClinicRequest) -> HttpResponse:
    """Somebody joins with another role."""
    form = StaffForm(request.POST or None, today=_today(request))
    return _add(request, form, actions.add_staff, _("Add a member of staff"))


@at_desk(Permission.MANAGE_PEOPLE)
@still_you_to_open
def end(request: ClinicRequest, membership_id: UUID) -> HttpResponse:
    """Say from which day on somebody no longer works here."""
    member = _member(request, membership_id)
    form = EndForm(request.POST or None, today=_today(request))
    if request.method == "POST" and form.is_valid() and not _own(request, member, form):
        by, on = request.user, form.cleaned_data["on"]
        if form.attempt(lambda: actions.end_membership(membership=member, by=by, on=on)):
            messages.success(request, _("The last day is kept."))
            return redirect("clinic:people")
    return render(request, "clinic/member_end.html", {"form": form, "member": member})


@at_desk(Permission.MANAGE_PEOPLE)
@still_you_to_open
def invite(request: ClinicRequest, membership_id: UUID) -> HttpResponse:
    """Send a code with which the member sets a password."""
    member = _member(request, membership_id)
    form = InviteForm(request.POST if request.method == "POST" else None, member=member)
    if request.method == "POST" and form.is_valid():
        by, email = request.user, form.cleaned_data.get("email", "")
        made = form.attempt(lambda: actions.invite_member(membership=member, by=by, email=email))
        if made:
            say_whether_sent(request, made[0], _("The invitation was sent."))
            return redirect("clinic:people")
    return render(request, "clinic/member_invite.html", {"form": form, "member": member})


@at_desk(Permission.MANAGE_PEOPLE)
@still_you_to_open
def end_sign_ins(request: ClinicRequest, membership_id: UUID) -> HttpResponse:
    """End every sign-in of a member: the very next request with one is refused."""
    member = _member(request, membership_id)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        by = request.user
        ended = form.attempt(lambda: end_sign_ins_of_member(membership=member, by=by))
        if ended is not None:
            messages.success(request, _("They are signed in nowhere now."))
            return redirect("clinic:people")
    return render(request, "clinic/member_sign_ins.html", {"form": form, "member": member})


def _add(
    request: ClinicRequest, form: MemberForm, deed: Callable[..., Membership], title: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        practice, by = request.desk.practice, request.user
        member = form.attempt(lambda: deed(practice=practice, by=by, **form.cleaned_data))
        if member:
            return _on_to_the_invitation(request, member)
    return render(request, "clinic/member_form.html", {"form": form, "page_title": title})


def _on_to_the_invitation(request: ClinicRequest, member: Membership) -> HttpResponse:
    if member.account and member.account.has_usable_password():
        messages.success(request, _("Added. They sign in with the account they have."))
        return redirect("clinic:people")
    messages.success(request, _("Added. Now send the invitation."))
    return redirect("clinic:invite_member", member.pk)


def _own(request: ClinicRequest, member: Membership, form: EndForm) -> bool:
    """Whether somebody ends their own membership, after which nobody might let people in."""
    if member.account == request.user:
        form.add_error(None, _("You cannot end your own membership; ask another administrator."))
        return True
    return False


def _member(request: ClinicRequest, membership_id: UUID) -> Membership:
    held = request.desk.practice.memberships.select_related("practice", "clinician__user", "user")
    found = held.filter(pk=membership_id).first()
    if found is None:
        raise NotAllowed("there is no such member here.")
    return found


def _today(request: ClinicRequest) -> date:
    return time.today(request.desk.practice.time_zone)
