"""What the database holds at the end, opened as the practice opens it: `python -m breaking.kept`.

Prints, as JSON, each conversation's texts in order, whether anything did not open, and what
`wellpost audit` says of the record of it all.
"""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import django

django.setup()

from wellpost.cli.main import main  # noqa: E402 - Django is set up before its models
from wellpost.server.messaging import queries  # noqa: E402 - Django is set up first
from wellpost.server.messaging.models import Thread  # noqa: E402 - Django is set up first
from wellpost.server.people.models import Membership, Role  # noqa: E402 - Django is set up first


def opened() -> dict[str, dict[str, Any]]:
    """By conversation: its texts, its sequences, and whether an alarm stands in it."""
    membership = Membership.objects.filter(role=Role.STAFF).first()
    if membership is None or membership.user is None:
        raise SystemExit("nobody of the staff is left in the database")
    found = {}
    for (thread,) in Thread.objects.values_list("pk"):
        held = queries.open_thread(thread, membership.user)
        found[str(thread)] = {
            "texts": [each.text for each in held.messages],
            "sequences": [each.sequence for each in held.messages],
            "tampered": held.tampered,
            "state": held.state,
        }
    return found


def audited() -> str:
    """Empty when the audit is as it was written, else what the command says."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        statuses = [main(["audit", each]) for each in ("checkpoint", "verify")]
    return "" if statuses == [0, 0] else said.getvalue()


if __name__ == "__main__":
    print(json.dumps({"threads": opened(), "audit": audited()}))
