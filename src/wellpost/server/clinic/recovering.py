"""A patient's account is lost: take it off the record and invite anew, in one step."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from wellpost.errors import RequestError
from wellpost.server.people import actions
from wellpost.server.people.models import Invitation, Patient
from wellpost.server.people.permissions import Permission
from wellpost.server.people.queries import patient_for
from wellpost.server.people.recovery import Loss
from wellpost.server.people.step_up import still_you_to_open

from .desk import ClinicRequest, at_desk
from .forms.recovering import RecoveryForm
from .invitations import send, show_letter

Invited = tuple[Invitation, str]


@at_desk(Permission.RECOVER_ACCOUNT)
@still_you_to_open
def recover(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """Say what happened and who asks; nothing is done before."""
    found = patient_for(request.user, patient_id).surviving
    form = RecoveryForm(request.POST if request.method == "POST" else None)
    invited = form.attempt(lambda: _recovered(request, found, form)) if form.is_valid() else None
    if invited is None:
        return render(request, "clinic/recover.html", {"form": form, "patient": found})
    found.refresh_from_db()
    if form.cleaned_data["sent_by"] == "letter":
        return show_letter(request, found, str(found), lambda: invited)
    return send(request, found, lambda: invited)


@transaction.atomic
def _recovered(request: ClinicRequest, found: Patient, form: RecoveryForm) -> Invited:
    """Both or neither: who cannot be invited again keeps the account."""
    said = form.cleaned_data
    _check_address(found, said["loss"], said["sent_by"])
    by = request.user
    kept = actions.recover_account(patient=found, by=by, loss=said["loss"], proof=said["proof"])
    return actions.invite_patient(patient=kept, by=by, sent_by=said["sent_by"], proof=said["proof"])


def _check_address(found: Patient, loss: str, sent_by: str) -> None:
    """The invitation must not go to a mailbox that somebody else may read."""
    old = found.user.email.lower() if found.user else ""
    if sent_by == "email" and loss != Loss.CANNOT_SIGN_IN and found.email.lower() == old:
        raise RequestError(
            _(
                "The record still has the email address of the lost account, which somebody else "
                "may read. Print a letter, or write down another address first."
            )
        )
