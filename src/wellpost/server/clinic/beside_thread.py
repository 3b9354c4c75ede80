"""What stands beside a conversation: who looks after it, notes, what can be done."""

from __future__ import annotations

from typing import Any

from wellpost.server.messaging.coverage import away_today
from wellpost.server.messaging.models import Thread
from wellpost.server.messaging.showing import OpenThread
from wellpost.server.routing.models import Task
from wellpost.server.routing.not_read import still_not_read
from wellpost.server.routing.notes import notes_on
from wellpost.server.routing.pools import open_pools
from wellpost.server.routing.reasons import offered_for
from wellpost.server.routing.views import shortcuts_on
from wellpost.server.routing.wordings import wordings_for

from .colleagues import colleagues
from .desk import ClinicRequest
from .forms.messages import ParticipantForm
from .forms.routing import ArrangeForm, ForwardForm, NoteForm, ReassignForm

PASS_ID, NOTE_ID = "pass_%s", "note_%s"
"""Of forms that have a field of one name with another of the page."""


def beside(request: ClinicRequest, held: Thread, opened: OpenThread) -> dict[str, Any]:
    """For the template; in an emergency, in which one only reads, nothing of the practice's own."""
    if opened.emergency_until:
        return {}
    task = _task(held)
    taking_part = [each.membership for each in held.participants.select_related("membership")]
    return {
        "task": task,
        "mine": task is not None and task.owner in request.desk.memberships,
        "not_read": bool(still_not_read([task])),
        "notes": notes_on(held, request.user),
        "away": away_today(request.desk.practice, taking_part),
        "shortcuts": shortcuts_on(request.user),
        **(_forms(request, held, task) if opened.may_write else {}),
    }


def _task(held: Thread) -> Task | None:
    joined = Task.objects.select_related("owner__clinician", "owner__user", "pool", "reason")
    return joined.filter(thread=held).first()


def _forms(request: ClinicRequest, held: Thread, task: Task | None) -> dict[str, Any]:
    here, practice = colleagues(request.desk), request.desk.practice
    taking_part = set(held.participants.values_list("membership_id", flat=True))
    others = [each for each in here if each.pk not in taking_part]
    return {
        "participant_form": ParticipantForm(colleagues=others) if others else None,
        "reassign_form": ReassignForm(colleagues=here, pools=open_pools(practice), auto_id=PASS_ID),
        "arrange_form": ArrangeForm(reasons=offered_for(held), initial=_arranged(task)),
        "forward_form": ForwardForm(colleagues=here) if here else None,
        "note_form": NoteForm(auto_id=NOTE_ID),
        "wordings": wordings_for(request.user, practice),
    }


def _arranged(task: Task | None) -> dict[str, Any]:
    if task is None:
        return {"priority": 2}
    return {
        "reason": task.reason_id,
        "priority": task.priority,
        "follow_up_on": task.follow_up_on,
    }
