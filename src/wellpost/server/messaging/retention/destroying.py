"""The end of the time something had to be kept: its keys are destroyed, and nobody opens it again.

Who wrote to whom, and when, stays: measures count as before, and the record of deeds tells what
was destroyed, when, by whom, under which policy. Backups made before still hold the keys: they must
be let go of in their own time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import Permission, require

from ..happenings import content_destroyed
from ..keys.opened import opened_keys
from ..models import (
    AttachmentChunk,
    AttachmentThumbnail,
    Destruction,
    Finding,
    IndexedMessage,
    KeyWrap,
    Message,
    Thread,
    ThreadState,
)
from .planning import Plan, Record, plan


def planned(*, practice: Practice, by: User | None) -> Plan:
    """What is due, for who may destroy it; that it was looked at is on record."""
    require(by, Permission.MANAGE_RETENTION, practice)
    found = plan(practice)
    details = {"due": len(found.due), "held": len(found.held), "code": found.code}
    record(
        by=by, deed=Deed.RETENTION_PLANNED, target=found.policy, practice_id=practice.pk,
        details=details,
    )  # fmt: skip
    return found


def apply(
    *,
    practice: Practice,
    by: User | None,
    code: str,
    said: Callable[[int, int], None] = lambda done, of: None,
) -> list[Destruction]:
    """Destroy what the plan of that code says; a patient at a time, each whole.

    NotAllowed for who may not; RequestError, and nothing done, where the plan is not that one any
    more. A run that was cut off is finished by a new plan.
    """
    require(by, Permission.MANAGE_RETENTION, practice)
    found = plan(practice)
    if not found.due:
        raise RequestError("Nothing is due; everything must still be kept.")
    if found.code != code.strip().lower():
        raise RequestError(
            f"What is due is not what you saw (plan {code}); look at it again, and give the code "
            "that stands there now."
        )
    done = []
    for number, each in enumerate(found.due, 1):
        done += destroy(each.patient, by)
        said(number, len(found.due))
    opened_keys.forget()
    return done


@transaction.atomic
def destroy(patient: Patient, by: User | None) -> list[Destruction]:
    """Destroy the keys of the patient's conversations, if that is still due: somebody may have
    written, or set a hold, since the plan was made. Empty where it is not.
    """
    of_patient = Q(patient=patient) | Q(patient__merged_into=patient)
    held = Thread.objects.filter(of_patient, destruction=None).select_for_update(of=("self",))
    threads = list(held.order_by("pk"))
    now = plan(patient.practice, patient)
    return [_destroyed(each, now, threads, by) for each in now.due]


def _destroyed(due: Record, now: Plan, threads: list[Thread], by: User | None) -> Destruction:
    done = Destruction.objects.create(
        practice=now.practice, patient=due.patient, policy=now.policy,
        last_contact_on=due.last_contact_on, due_on=due.due_on or now.on,
        destroyed_by=by, destroyed_at=clock.now(), threads=len(threads),
        messages=Message.objects.filter(thread__in=threads).count(),
        keys=_deleted(KeyWrap.objects.filter(epoch__thread__in=threads)),
        files=_delete_files(threads),
    )  # fmt: skip
    _delete_what_finds(threads)
    content_destroyed.send(Destruction, threads=threads, destruction=done)
    Thread.objects.filter(pk__in=[each.pk for each in threads]).update(
        destruction=done, state=ThreadState.LOCKED
    )
    _record(done, threads, by)
    return done


def _delete_files(threads: Iterable[Thread]) -> int:
    """The files' sealed bytes; that there were files, and how large, stays. How many they were."""
    chunks = AttachmentChunk.objects.filter(attachment__message__thread__in=threads)
    files = chunks.order_by().values("attachment").distinct().count()
    chunks.delete()
    AttachmentThumbnail.objects.filter(attachment__message__thread__in=threads).delete()
    return files


def _delete_what_finds(threads: Iterable[Thread]) -> None:
    IndexedMessage.objects.filter(message__thread__in=threads).delete()
    Finding.objects.filter(message__thread__in=threads).delete()


def _deleted(wraps: QuerySet[KeyWrap]) -> int:
    many, _ = wraps.delete()
    return many


def _record(done: Destruction, threads: Iterable[Thread], by: User | None) -> None:
    details = {
        "policy": str(done.policy_id),
        "years": done.policy.years,
        "minors_until": done.policy.minors_until,
        "last_contact_on": str(done.last_contact_on),
        "due_on": str(done.due_on),
        "threads": [str(each.pk) for each in threads],
        "messages": done.messages,
        "keys": done.keys,
        "files": done.files,
    }
    record(by=by, deed=Deed.CONTENT_DESTROYED, target=done, details=details)
