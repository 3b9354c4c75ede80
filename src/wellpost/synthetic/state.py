"""A made-up state in a folder of its own: whole, or not there at all."""

from __future__ import annotations

import shutil
from pathlib import Path

from wellpost.errors import RequestError
from wellpost.facts.scratch import UNFINISHED, scratch
from wellpost.synthetic.make import Told, make_facts
from wellpost.synthetic.scale import Scale

BYTES = {"encounters": 24, "messages": 24, "portal_actions": 10}
"""About how much a row takes on the disk, with what goes with it (access, data, plans)."""


def make_state(folder: Path, scale: Scale, told: Told | None = None) -> None:
    """Write the facts under another name beside the folder, which they get when all are written.

    RequestError when the folder holds something, cannot be written, or has too little room.
    """
    folder = folder.resolve()
    _refuse_what_is_there(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _refuse_little_room(folder.parent, scale)
        _make(folder, scale, told)
    except OSError as error:
        raise RequestError(f"{folder} cannot be written: {error.strerror}.") from None


def _make(folder: Path, scale: Scale, told: Told | None) -> None:
    begun = scratch(folder.parent, f".{folder.name}{UNFINISHED}")
    try:
        for _table in make_facts(begun.path, scale, told):
            pass
        begun.become(folder)
    finally:
        begun.close()


def _refuse_what_is_there(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise RequestError(f"{folder} is a file; give a folder that is empty or not there yet.")
    if folder.is_dir() and any(folder.iterdir()):
        raise RequestError(f"{folder} is not empty; give a folder that is empty or not there yet.")


def _refuse_little_room(place: Path, scale: Scale) -> None:
    needed = sum((scale.rows(table) or 0) * each for table, each in BYTES.items())
    free = shutil.disk_usage(place).free
    if needed > free:
        raise RequestError(
            f"{place} has {free / 1e9:,.1f} GB free; the facts need about {needed / 1e9:,.1f} GB."
        )
