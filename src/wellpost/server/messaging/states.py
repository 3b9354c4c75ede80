"""Whether a thread is open, resolved or locked."""

from __future__ import annotations

from django.db import transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import User

from .access import seat_at
from .checks import check_state
from .happenings import thread_state_changed
from .models import Thread, ThreadState
from .seats import Side
from .threads import thread_with_parties


def resolve_thread(*, thread: Thread, by: User) -> Thread:
    """The practice takes the matter as settled; a new message opens it again."""
    return _become(ThreadState.RESOLVED, Deed.THREAD_RESOLVED, thread, by)


def reopen_thread(*, thread: Thread, by: User) -> Thread:
    """The practice takes the matter up again."""
    return _become(ThreadState.OPEN, Deed.THREAD_REOPENED, thread, by)


def lock_thread(*, thread: Thread, by: User) -> Thread:
    """Nothing can be added any more; a new matter is a new thread."""
    return _become(ThreadState.LOCKED, Deed.THREAD_LOCKED, thread, by)


@transaction.atomic
def _become(state: ThreadState, deed: Deed, thread: Thread, by: User) -> Thread:
    held = thread_with_parties(thread.pk, locked=True)
    seat_at(by, held, Side.PRACTICE)
    check_state(held)
    held.state = state
    held.save(update_fields=["state"])
    record(by=by, deed=deed, target=held)
    thread_state_changed.send(Thread, thread=held)
    return held
