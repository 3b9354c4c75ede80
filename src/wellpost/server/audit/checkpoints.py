"""Signed checkpoints of the trees, in files outside the database that are only added to."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.conf import settings

from wellpost.errors import WellpostError
from wellpost.ledger.notes import Checkpoint, Note, check, public_pem, read_notes, sign

from .actions import record
from .deeds import Deed
from .signer import signer
from .trees import SERVER, root_at, size_of

ENDING = ".checkpoints"
PUBLIC_KEY = "public-key.pem"
TAIL = 4096
"""Bytes in which the last checkpoint of a file surely stands."""

logger = logging.getLogger("wellpost.alarm")


class CheckpointRefusedError(WellpostError):
    """The tree did not grow from what was signed before: something was altered or taken out."""


def folder() -> Path:
    """Where checkpoints are kept (setting CHECKPOINTS)."""
    place = Path(settings.CHECKPOINTS)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def make_checkpoint(tree: str) -> Note | None:
    """Sign the tree as it is; the last checkpoint when it has not grown; None: it is empty.

    What would not continue the last checkpoint is never signed: CheckpointRefusedError, with the
    alarm on record.
    """
    place = _file(tree)
    _show_public_key()
    with place.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = _last(file, place)
        size = size_of(tree)
        if last and _broken(tree, last, size):
            raise _refused(tree, last)
        if not size or (last and last.checkpoint.size == size):
            return last
        made = Checkpoint(tree, size, root_at(tree, size), datetime.now(UTC))
        return _append(file, sign(made, signer()))


def last_checkpoint(tree: str) -> Note | None:
    """The latest checkpoint of the tree, if one was made."""
    place = _file(tree)
    if not place.exists():
        return None
    with place.open("rb") as file:
        return _last(file, place)


def checkpoints(tree: str, place: Path) -> Iterator[Note]:
    """Every checkpoint of the tree in that folder, the oldest first."""
    file = place / f"{tree}{ENDING}"
    if file.exists():
        with file.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            yield from read_notes(lines, str(file))


def trees_in(place: Path) -> list[str]:
    """The trees that the folder has checkpoints of."""
    return sorted(each.name.removesuffix(ENDING) for each in place.glob(f"*{ENDING}"))


def _file(tree: str) -> Path:
    return folder() / f"{tree}{ENDING}"


def _append(file: IO[bytes], note: Note) -> Note:
    file.write(f"{note.text}\n".encode())
    file.flush()
    os.fsync(file.fileno())
    return note


def _last(file: IO[bytes], place: Path) -> Note | None:
    """From the end of the file, which may be long; its first line there may be cut."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - TAIL))
    text = file.read().decode(errors="replace")
    start = text.find("wellpost.audit/") if end <= TAIL else text.find("\n\nwellpost.audit/") + 2
    if end == 0:
        return None
    return list(read_notes(text[start:].splitlines(), str(place)))[-1]


def _broken(tree: str, last: Note, size: int) -> bool:
    """Whether the tree is not one that grew from what was signed."""
    check(last, [signer().public_key()])
    if last.checkpoint.size > size:
        return True
    try:
        return root_at(tree, last.checkpoint.size) != last.checkpoint.root
    except KeyError:
        return True


def _refused(tree: str, last: Note) -> CheckpointRefusedError:
    size = last.checkpoint.size
    logger.critical("the audit of %s is not what its checkpoint at size %s signs", tree, size)
    record(
        by=None,
        deed=Deed.SEAL_BROKEN,
        outcome="alarm",
        category="audit",
        practice_id="" if tree == SERVER else tree,
        target_kind="checkpoint",
        target_id=size,
    )
    return CheckpointRefusedError(
        f"{tree}: the rows on record are not those that the checkpoint at size {size:,} signs; no "
        "new checkpoint is signed. wellpost audit verify says which row differs first."
    )


def _show_public_key() -> None:
    place = folder() / PUBLIC_KEY
    pem = public_pem(signer().public_key())
    if not place.exists() or place.read_bytes() != pem:
        waiting = place.with_suffix(f".{os.getpid()}.new")
        waiting.write_bytes(pem)
        waiting.replace(place)
