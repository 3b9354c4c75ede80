"""Who looked at the patient's messages and record, and the proof that a row of it stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from wellpost.errors import WellpostError
from wellpost.ledger.notes import Checkpoint, fingerprint, public_pem
from wellpost.ledger.proofs import Proof, check_proof
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow
from wellpost.server.audit.proving import proof_of
from wellpost.server.audit.queries import page_of, rows_of_patient
from wellpost.server.audit.signer import signer
from wellpost.server.people.models import Patient
from wellpost.server.people.on_record import EMERGENCY, named
from wellpost.server.people.permissions import NotAllowed, Permission, require, same_person

from .acting import Acting, PortalRequest, acting_for

SHOWN = {
    "all": _("Everybody"),
    "others": _("Others, not me"),
    "emergency": _("Emergency access"),
}


@login_required
def activity(request: PortalRequest, patient_id: UUID) -> HttpResponse:
    """What was done with the patient's messages and record; looking is put on record as well."""
    acting = _acting(request, patient_id)
    show = request.GET.get("show", "all")
    show = show if show in SHOWN else "all"
    rows = rows_of_patient(
        _records(acting),
        not_by=[str(request.user.pk)] if show == "others" else [],
        category=EMERGENCY if show == "emergency" else "",
    )
    page = page_of(rows, request.GET.get("page"))
    _record(request, Deed.AUDIT_READ, acting)
    context: dict[str, Any] = {"acting": acting, "page": page, "rows": named(page.object_list)}
    shown = {"shown": SHOWN, "show": show, "query": f"show={show}", "here": "activity"}
    return render(request, "portal/activity.html", {**context, **shown})


@login_required
def row(request: PortalRequest, patient_id: UUID, event_id: UUID) -> HttpResponse:
    """One row, and whether it is still what was sealed, checked this moment."""
    acting = _acting(request, patient_id)
    found = _row(acting, event_id)
    proof = proof_of(found.pk)
    _record(request, Deed.AUDIT_READ, acting, row=found.pk)
    context = {
        "acting": acting,
        "each": named([found])[0],
        "proof": proof,
        "place": proof.index + 1 if proof else None,
        "sealed": _checked(proof) if proof else None,
        "fingerprint": fingerprint(signer().public_key()),
        "here": "activity",
    }
    return render(request, "portal/activity_row.html", context)


@login_required
def proof(request: PortalRequest, patient_id: UUID, event_id: UUID) -> HttpResponse:
    """The proof as a file that can be checked on any machine; 404 while there is none yet."""
    acting = _acting(request, patient_id)
    found = _row(acting, event_id)
    made = proof_of(found.pk)
    if made is None:
        raise NotAllowed("no checkpoint covers the row yet.")
    _record(request, Deed.PROOF_DOWNLOADED, acting, row=found.pk)
    answer = HttpResponse(made.as_json(), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="proof-{found.pk}.json"'
    return answer


@login_required
def public_key(request: PortalRequest) -> HttpResponse:
    """The key that every proof is checked with."""
    pem = public_pem(signer().public_key())
    answer = HttpResponse(pem, content_type="application/x-pem-file")
    answer["Content-Disposition"] = 'attachment; filename="public-key.pem"'
    return answer


def _acting(request: PortalRequest, patient_id: UUID) -> Acting:
    acting = acting_for(request.user, patient_id)
    require(request.user, Permission.READ_RECORD, acting.patient)
    return acting


def _records(acting: Acting) -> list[UUID]:
    held = Patient.objects.filter(same_person(acting.patient.pk))
    return list(held.values_list("pk", flat=True))


def _row(acting: Acting, event_id: UUID) -> AuditRow:
    found = rows_of_patient(_records(acting)).filter(event_id=event_id).first()
    if found is None:
        raise NotAllowed("there is no such row here.")
    return found


def _checked(made: Proof) -> Checkpoint | None:
    """The signed checkpoint the row stands under; None: it is not what was sealed."""
    try:
        return check_proof(made, [signer().public_key()])
    except WellpostError:
        return None


def _record(request: PortalRequest, deed: Deed, acting: Acting, **details: int) -> None:
    patient = acting.patient
    record(by=request.user, deed=deed, patient_id=patient.pk, practice_id=patient.practice_id,
           details=details)  # fmt: skip
