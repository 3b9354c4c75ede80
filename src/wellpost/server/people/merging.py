"""Two records of one patient become one, by a person's decision."""

from __future__ import annotations

from django.db import transaction

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed

from .models import Patient, User
from .permissions import Permission, require
from .signals import patients_merged


@transaction.atomic
def merge_patients(*, keep: Patient, merge: Patient, by: User | None) -> Patient:
    """Point `merge` (and all merged into it) at `keep`; nothing else is moved or lost.

    An account that only `merge` has is `keep`'s from now on as well. RequestError for a record
    with itself, of another practice, already merged, or when each has an account of its own.
    """
    require(by, Permission.MERGE_PATIENTS, keep)
    require(by, Permission.MERGE_PATIENTS, merge)
    kept, merged = _locked(keep, merge)
    _check_mergeable(kept, merged)
    Patient.objects.filter(merged_into=merged).update(merged_into=kept)
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    _share_account(kept, merged)
    details = {"merged": str(merged.pk)}
    record(by=by, deed=Deed.PATIENTS_MERGED, target=kept, patient_id=kept.pk, details=details)
    patients_merged.send(sender=Patient, kept=kept, merged=merged)
    return kept


def _locked(*patients: Patient) -> list[Patient]:
    """In one order: of two merges that cross, one waits for the other."""
    keys = [each.pk for each in patients]
    held = Patient.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    found = {each.pk: each for each in held}
    return [found[key] for key in keys]


def _check_mergeable(keep: Patient, merge: Patient) -> None:
    if keep.pk == merge.pk:
        raise RequestError("Both are the same record; choose another one to merge.")
    if keep.practice_id != merge.practice_id:
        raise RequestError("The records belong to different practices and stay apart.")
    if keep.merged_into_id or merge.merged_into_id:
        raise RequestError("One of the records was merged already; choose the one it went into.")
    if keep.user_id and merge.user_id and keep.user_id != merge.user_id:
        raise RequestError(
            "Each record has an account of its own. Ask the patient which account stays, have "
            "the other one closed by an administrator, then merge."
        )


def _share_account(keep: Patient, merge: Patient) -> None:
    days = [each.account_opened_on for each in (keep, merge) if each.account_opened_on]
    keep.user_id = keep.user_id or merge.user_id
    keep.account_opened_on = min(days) if days else None
    keep.save(update_fields=["user", "account_opened_on"])
