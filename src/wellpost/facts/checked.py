"""Remember which facts were found good, so that unchanged files are not checked again."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from wellpost.facts.source import Source
from wellpost.facts.tables import TABLES

CHECKS = 1
"""Raised when what is checked changes in a way that the descriptions do not show."""


def key(source: Source, name: str) -> str | None:
    """A name for these rows under these descriptions; None when change could not be noticed."""
    marks = [source.held[table].fingerprint for table in ("clinicians", name)]
    if None in marks:
        return None
    said = json.dumps([CHECKS, name, marks, [repr(TABLES[name]), repr(TABLES["clinicians"])]])
    return hashlib.sha256(said.encode()).hexdigest()


def recall(name: str | None) -> int | None:
    """How many rows the check found good, None when it was never done."""
    if name is None:
        return None
    try:
        return int(json.loads((_folder() / f"{name}.json").read_text())["rows"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(name: str | None, rows: int) -> None:
    """Note that the check found no fault. A cache that cannot be written is no fault either."""
    if name is None:
        return
    try:
        _folder().mkdir(parents=True, exist_ok=True)
        (_folder() / f"{name}.json").write_text(json.dumps({"rows": rows}))
    except OSError:
        return


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "wellpost" / "checks"
