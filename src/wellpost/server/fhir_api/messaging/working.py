"""Claiming, giving back, passing on and settling by the API: a Task sent again, changed, with the
version that it was read in. The deeds are those of the inbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from wellpost.server.clock import time as clock
from wellpost.server.messaging.actions import reopen_thread, resolve_thread
from wellpost.server.messaging.threads import thread_with_parties
from wellpost.server.people.models import Membership
from wellpost.server.routing.models import Pool, Task
from wellpost.server.routing.pools import open_pools
from wellpost.server.routing.tasks import claim, reassign, release

from ..answering import Given
from .asker import Asker
from .asking import key, links
from .coming import body_of
from .references import Directory
from .refusals import misshapen, wrong_at
from .tasks import one, pools_system, status_of, task_resource, told
from .versions import Json, given, require_version

CHANGEABLE = ("owner", "performerType", "status", "note")
TOLD_BY_US = ("meta", "text", "lastModified", "businessStatus")


@transaction.atomic
def change(request: HttpRequest, asker: Asker, resource_id: str) -> Given:
    """PUT with If-Match: 412 where it was changed meanwhile, 428 without; all or nothing of it.

    It is answered as it stands then, even where it went into a pool that the asker is not in.
    """
    came = body_of(request)
    task, directory = one(asker, resource_id), Directory(asker.practice)
    thread_with_parties(task.pk, locked=True)
    task = one(asker, resource_id)
    here = task_resource(task, directory)
    require_version(request, here)
    _check(came, here)
    _apply(came, task, asker, directory)
    return given(task_resource(told().get(pk=task.pk), directory), request)


def _check(came: Mapping[str, Any], here: Json) -> None:
    if came.get("resourceType") != "Task":
        raise misshapen("resourceType", "the resource is no Task.")
    for name, value in came.items():
        if name not in (*CHANGEABLE, *TOLD_BY_US) and value != here.get(name):
            raise wrong_at(
                f"Task.{name[:40]}",
                f"can be changed here: {', '.join(CHANGEABLE)}.",
                "not-supported",
            )


def _apply(came: Mapping[str, Any], task: Task, asker: Asker, directory: Directory) -> None:
    thread, by = task.thread, asker.by
    wanted, here = came.get("status"), status_of(task)
    if wanted not in ("requested", "in-progress", "completed"):
        raise wrong_at("Task.status", "is requested, in-progress or completed.")
    if here == "completed" and wanted != "completed":
        reopen_thread(thread=thread, by=by)
    _owned(came, task, asker, directory)
    if wanted == "completed" and here != "completed":
        resolve_thread(thread=thread, by=by)


def _owned(came: Mapping[str, Any], task: Task, asker: Asker, directory: Directory) -> None:
    """To a colleague or into a pool, with the reason; to oneself, or to nobody, without."""
    owner, pool = _owner(came, directory), _pool(came, asker)
    moved = pool is not None and pool != task.pool
    same = (owner and owner.pk) == task.owner_id
    if moved and not same and owner is not None:
        raise wrong_at("Task.performerType", "pass it to a person or into a pool, not both.")
    if pool and moved:
        reassign(thread=task.thread, by=asker.by, why=_why(came), pool=pool)
    elif owner is None and not same:
        release(thread=task.thread, by=asker.by)
    elif owner is not None and not same:
        _given_to(owner, came, task, asker)


def _given_to(owner: Membership, came: Mapping[str, Any], task: Task, asker: Asker) -> None:
    if owner.account == asker.by and task.owner is None:
        claim(thread=task.thread, by=asker.by)
    else:
        reassign(thread=task.thread, by=asker.by, why=_why(came), to=owner)


def _owner(came: Mapping[str, Any], directory: Directory) -> Membership | None:
    held = came.get("owner")
    if held is None:
        return None
    written = held.get("reference") if isinstance(held, dict) else None
    found = links([written], "Practitioner") if isinstance(written, str) else []
    members = directory.members.get(found[0][1], []) if found else []
    today = clock.today(directory.practice.time_zone)
    for each in members:
        if each.active_on(today):
            return each
    raise wrong_at("Task.owner", "is a Practitioner of the practice who works there today.")


def _pool(came: Mapping[str, Any], asker: Asker) -> Pool | None:
    held = came.get("performerType")
    if held is None:
        return None
    try:
        ((coding,),) = [each["coding"] for each in held]
        code = key(coding["code"]) if coding["system"] == pools_system() else None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise misshapen(
            "Task.performerType", "is one pool, with the coding it is read with."
        ) from None
    found = open_pools(asker.practice).filter(pk=code).first() if code else None
    if found is None:
        raise wrong_at("Task.performerType", f"is a pool of {pools_system()}.", "code-invalid")
    return found


def _why(came: Mapping[str, Any]) -> str:
    """The reason, which staff alone read: the text of the last note."""
    notes = came.get("note")
    last = notes[-1] if isinstance(notes, list) and notes else None
    text = last.get("text") if isinstance(last, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise wrong_at("Task.note", "say why it is passed on, in the text of a note.", "required")
    return text
