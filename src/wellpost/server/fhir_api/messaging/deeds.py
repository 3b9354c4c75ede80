"""What kind of action each deed on record is, as FHIR's AuditEvent tells it."""

from __future__ import annotations

from collections.abc import Mapping

from wellpost.server.audit.deeds import Deed

READ, CREATE, UPDATE, DELETE, EXECUTE = "R", "C", "U", "D", "E"
LAST_WORDS: Mapping[str, str] = {
    "read": READ,
    "listed": READ,
    "searched": READ,
    "downloaded": READ,
    "exported": READ,
    "opened": READ,
    "read_by_app": READ,
    "added": CREATE,
    "made": CREATE,
    "kept": CREATE,
    "started": CREATE,
    "sent": CREATE,
    "imported": CREATE,
    "written": CREATE,
    "begun": CREATE,
    "registered": CREATE,
    "recorded": CREATE,
    "changed": UPDATE,
    "set": UPDATE,
    "chosen": UPDATE,
    "arranged": UPDATE,
    "claimed": UPDATE,
    "released": UPDATE,
    "reassigned": UPDATE,
    "resolved": UPDATE,
    "reopened": UPDATE,
    "locked": UPDATE,
    "retracted": UPDATE,
    "merged": UPDATE,
    "marked_read": UPDATE,
    "incorporated": UPDATE,
    "ended": UPDATE,
    "withdrawn": UPDATE,
    "taken_back": UPDATE,
    "removed": DELETE,
    "destroyed": DELETE,
}
"""By the words that a deed's name ends with. What begins or ends a session, and whatever else is
done, is an execution."""
OF_THEIR_OWN: Mapping[str, str] = {
    "record_not_sent": EXECUTE,
    "account_opened": CREATE,
    "emergency_begun": EXECUTE,
    "emergency_ended": EXECUTE,
}


def action_of(deed: str) -> str:
    """C, R, U, D or E; E too for a deed that this version does not know."""
    if deed in OF_THEIR_OWN:
        return OF_THEIR_OWN[deed]
    words = deed.split("_")
    for start in range(1, len(words)):
        found = LAST_WORDS.get("_".join(words[start:]))
        if found:
            return found
    return EXECUTE


ACTIONS: Mapping[str, tuple[str, ...]] = {
    action: tuple(deed for deed in Deed.values if action_of(deed) == action)
    for action in (CREATE, READ, UPDATE, DELETE, EXECUTE)
}
"""The deeds of each action."""
