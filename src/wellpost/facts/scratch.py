"""A folder for what is not finished: gone when it is closed, swept by the next one when killed."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
import weakref
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

UNFINISHED = ".part-"
"""What stands in the name of a folder while facts are written to it."""

JUST_MADE = 60
"""Seconds within which a folder may not have its lock yet."""


@dataclass(eq=False)
class Scratch:
    """A folder that only its owner may read, locked for as long as its process lives."""

    path: Path
    lock: int

    def __post_init__(self) -> None:
        # also when the process ends by an interruption that came before anybody could close it
        self._remove = weakref.finalize(self, _remove, self.path, self.lock)

    def become(self, folder: Path) -> None:
        """Take the place of `folder`, which is not there or is empty; OSError when it is not."""
        self.path.rename(folder)

    def close(self) -> None:
        """Remove what is still there."""
        self._remove()


def scratch(parent: Path, prefix: str) -> Scratch:
    """A new folder in `parent`; those of the same prefix whose process was killed are removed.

    OSError when nothing can be made there.
    """
    for left in parent.glob(f"{_literal(prefix)}*"):
        _sweep(left)
    path = parent / f"{prefix}{uuid4().hex}"
    try:  # an interruption can come at any moment, also while it is made
        path.mkdir(mode=0o700)
        return Scratch(path, _locked(path))
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise


def _remove(path: Path, lock: int) -> None:
    shutil.rmtree(path, ignore_errors=True)
    os.close(lock)


def _literal(prefix: str) -> str:
    return "".join(f"[{one}]" if one in "[*?" else one for one in prefix)


def _locked(path: Path) -> int:
    """A handle on the folder that nobody else has; BlockingIOError when somebody does."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def _sweep(path: Path) -> None:
    """Remove the folder unless its process lives, or is just making it, or it is another user's."""
    try:
        if time.time() - path.stat().st_mtime < JUST_MADE:
            return
        Scratch(path, _locked(path)).close()
    except OSError:
        return
