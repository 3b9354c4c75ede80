"""How much memory an engine may take, and where it puts what does not fit."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from wellpost.errors import RequestError

UNITS = {"MB": 10**6, "GB": 10**9, "TB": 10**12, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
LEAST = 100 * 10**6
"""Bytes below which nothing can be counted."""


@dataclass(frozen=True)
class Resources:
    """Bytes of memory (None: most of the machine's) and the folder for what does not fit there."""

    memory: int | None = None
    spill: Path | None = None

    @property
    def spill_folder(self) -> Path:
        """Where what does not fit is put: without a folder given, the system's temporary one."""
        return self.spill or Path(tempfile.gettempdir())


USUAL = Resources()

_LIMITS = ContextVar("facts.resources", default=USUAL)


def resources() -> Resources:
    """What holds where this is called."""
    return _LIMITS.get()


@contextmanager
def limited_to(limits: Resources) -> Iterator[None]:
    """Every source opened within the block keeps to these limits."""
    before = _LIMITS.set(limits)
    try:
        yield
    finally:
        _LIMITS.reset(before)


def bytes_of(text: str) -> int:
    """The bytes of `8GB`; RequestError says what would be right."""
    found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?([KMGT]I?B)", text.strip().upper())
    if not found or found[2] not in UNITS:
        raise RequestError(f"memory {text!r} cannot be read; write it like 8GB or 500MB.")
    size = int(float(found[1]) * UNITS[found[2]])
    if size < LEAST:
        raise RequestError(f"memory {text!r} is too little to count with; give at least 100MB.")
    return size


def spill_folder(text: str) -> Path:
    """The folder for what does not fit; RequestError when it is none."""
    path = Path(text)
    if not path.is_dir():
        raise RequestError(f"spill {text!r} is no folder; name one with room for large files.")
    return path


def shown(size: int) -> str:
    """Bytes as people read them: `8 GB`."""
    unit = next(name for name in ("TB", "GB", "MB") if size >= UNITS[name] or name == "MB")
    return f"{size / UNITS[unit]:.3g} {unit}"
