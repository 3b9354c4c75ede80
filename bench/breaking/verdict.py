"""What the clients were told, held against what is there when all is over."""

from __future__ import annotations

import json

from .journal import Journal
from .site import Site


def judge(site: Site, journal: Journal) -> Journal:
    """Adds to the journal's faults what the database and the audit do not hold as they should."""
    try:
        told = json.loads(site.run("-m", "breaking.kept"))
    except RuntimeError as fault:
        journal.fault("nothing can be opened", str(fault)[-300:])
        return journal
    for thread in {where for where, _ in journal.sent} | journal.closed:
        held = told["threads"].get(thread)
        if held is None:
            journal.fault("lost", f"conversation {thread}")
            continue
        journal.hold_against("\n".join(held["texts"]), journal.known_of(thread), "kept")
        if held["sequences"] != list(range(1, len(held["sequences"]) + 1)):
            journal.fault("out of order", f"{thread}: {held['sequences']}")
        if held["tampered"]:
            journal.fault("does not open", thread)
        if thread in journal.closed and held["state"] != "locked":
            journal.fault("accepted after the end", f"{thread} is {held['state']}")
    if told["audit"]:
        journal.fault("the audit is not as it was written", told["audit"][-300:])
    return journal
