"""Asking the process of its own (`worker`): one for each question, in an empty environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File

from .errors import DamagedError, FileRefusedError
from .reading import on_disk

WORKER = Path(__file__).with_name("worker.py")
SECONDS = 60
REFUSED = 3
WORDS = {
    "active": "is a PDF that can run programs or send data by itself. Print it into a new PDF, "
    "then send that.",
    "files": "is a PDF with other files inside. Print it into a new PDF, then send that, and the "
    "other files beside it.",
    "locked": "is locked with a password. Save it without one, then send it: what is sent is "
    "encrypted.",
    "objects": "is a PDF of more parts than can be looked through. Send it in parts.",
    "empty": "is a PDF without a page. Choose it again, or leave it out.",
}


def most_pixels() -> int:
    """How many pixels a picture may have (WELLPOST_PICTURE_MEGAPIXELS)."""
    return int(getattr(settings, "PICTURE_PIXELS", 100_000_000))


def asked(way: str, file: File[Any], target: IO[bytes] | None = None) -> None:
    """Have the file read in that way, what it gives written to `target`.

    FileRefusedError in words; DamagedError where it was not read to the end.
    """
    with on_disk(file) as source:
        told = subprocess.Popen(
            [sys.executable, "-I", str(WORKER), way, str(most_pixels())],
            stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={}, cwd="/",
        )  # fmt: skip
        code, word = _heard(told, target)
    if code == REFUSED:
        raise FileRefusedError(WORDS.get(word) or _too_many_pixels())
    if code:
        raise DamagedError


def _heard(told: subprocess.Popen[bytes], target: IO[bytes] | None) -> tuple[int, str]:
    try:
        given, said = told.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        told.kill()
        told.communicate()
        return 1, ""
    if target is not None and told.returncode == 0:
        target.write(given)
    return told.returncode, said.decode("utf-8", "replace").strip()


def _too_many_pixels() -> str:
    return (
        f"is a picture of more than {most_pixels() // 1_000_000} megapixels. Send a smaller copy."
    )
