"""Writes docs/reference/permissions.md: `python -m wellpost.server.people.reference`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from .rights import GROUPS, STANDINGS, Right

NAME = "permissions.md"
MADE = "<!-- Made by `python -m wellpost.server.people.reference`; change people/rights.py. -->"
HEADING = "| permission | lets one | who may |"


def permissions_page() -> str:
    """The text of the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from ("# Permissions", "", MADE, "")
    yield "Who may do what. A right follows from a role at a practice, from being the patient, or"
    yield "from an authority to act for the patient, while that holds; nobody is given a single"
    yield "right. The clinic shows the same table under *Who may do what*. What somebody may not"
    yield "see is answered as if it were not there."
    for group in GROUPS:
        yield from ("", f"## {group.subject}", "", HEADING, "|---|---|---|")
        yield from (_row(each) for each in group.rights)


def _row(right: Right) -> str:
    who = ", ".join(str(says) for each, says in STANDINGS.items() if each in right.held_by)
    return f"| `{right.permission}` | {right.says} | {who} |"


if __name__ == "__main__":
    settings.configure(USE_I18N=False)
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference")
    (folder / NAME).write_text(permissions_page(), encoding="utf-8")
