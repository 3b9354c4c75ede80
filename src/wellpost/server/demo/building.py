"""Making the demo once: its database, its story, its clock. A demo half made is made again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from wellpost.server.config import serving

MADE = "demo-made"
"""A file in the home that says the story was told to its end."""

KEPT_THERE = ("wellpost.sqlite3", "wellpost.sqlite3-wal", "wellpost.sqlite3-shm", MADE)
FOLDERS = ("mail", "keys", "static", "checkpoints")
FIRST_MORNING = datetime(2021, 9, 15, 14, 0, tzinfo=UTC)
"""Ten in the morning in Maine; the demo's clock goes on from there."""

Say = Callable[[str], None]


def clear(home: Path) -> None:
    """Take away what a demo keeps in its home, and nothing else that lies there."""
    for name in KEPT_THERE:
        (home / name).unlink(missing_ok=True)
    for name in FOLDERS:
        shutil.rmtree(home / name, ignore_errors=True)


def is_made(home: Path) -> bool:
    """Whether the demo in this home was made to its end."""
    return (home / MADE).exists() and (home / "wellpost.sqlite3").exists()


def bring_up_to_date(home: Path, say: Say) -> None:
    """Migrate, and make the practice if it is not there. Django is set up, the home is right."""
    new = not is_made(home)
    if new:
        say("Making the demo's database")
    serving.prepare()
    if new:
        _make(say)
        (home / MADE).write_text("The demo's story was told to its end.\n")


def _make(say: Say) -> None:
    from wellpost.server.clock import time as clock

    from .story import tell

    tell(say)
    clock.set_to(FIRST_MORNING)
