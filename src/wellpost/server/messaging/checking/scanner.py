"""The virus scanner: ClamAV's daemon, asked over its socket (clamd(8), INSTREAM)."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterable
from contextlib import closing
from urllib.parse import urlsplit

from django.conf import settings

from wellpost.errors import RequestError

from .errors import FileRefusedError, ScannerAwayError

SECONDS = 60.0
SECONDS_TO_SHOW = 5.0
"""In which a scanner that is there has said so."""
PORT = 3310
LONGEST_ANSWER = 4096
logger = logging.getLogger("wellpost.scanner")


def address() -> str:
    """Where clamd listens (WELLPOST_CLAMD): `unix:/run/clamav/clamd.ctl` or `tcp://host:3310`;
    empty where files are not scanned.
    """
    return str(getattr(settings, "CLAMD", ""))


def scan(pieces: Iterable[bytes]) -> None:
    """FileRefusedError where a virus was found; ScannerAwayError without a clear answer.

    Nothing is done where no scanner is configured.
    """
    if not address():
        return
    answer = _asked(b"INSTREAM", pieces)
    if answer.endswith(" FOUND"):
        logger.warning("an attached file was refused: %s", answer)
        raise FileRefusedError(
            "was found by the virus scanner to be harmful, so it was not sent. Have the device it "
            "comes from checked."
        )
    if answer != "stream: OK":
        logger.error("the virus scanner answered %r", answer)
        raise _away()


def answers() -> bool:
    """Whether the scanner is there; also True where none is configured."""
    try:
        return not address() or _asked(b"PING", (), SECONDS_TO_SHOW) == "PONG"
    except ScannerAwayError:
        return False


def _asked(command: bytes, pieces: Iterable[bytes], seconds: float = SECONDS) -> str:
    try:
        with closing(_connection(seconds)) as line:
            line.sendall(b"z" + command + b"\x00")
            if command == b"INSTREAM":
                _send(line, pieces)
            return _answer(line)
    except OSError as error:
        logger.error("the virus scanner does not answer: %s", type(error).__name__)
        raise _away() from None


def _connection(seconds: float) -> socket.socket:
    parts = urlsplit(address())
    if parts.scheme == "unix" and parts.path:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(seconds)
        line.connect(parts.path)
        return line
    if parts.scheme == "tcp" and parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or PORT), seconds)
    raise RequestError(
        f"WELLPOST_CLAMD is {address()!r}; write unix:/run/clamav/clamd.ctl or tcp://host:{PORT}."
    )


def _send(line: socket.socket, pieces: Iterable[bytes]) -> None:
    """Each piece after its length, then an empty one. A scanner that has enough hangs up: what it
    said is still to be read.
    """
    try:
        for piece in pieces:
            line.sendall(len(piece).to_bytes(4, "big") + piece)
        line.sendall(b"\x00\x00\x00\x00")
    except (BrokenPipeError, ConnectionResetError):
        logger.warning("the virus scanner stopped listening")


def _answer(line: socket.socket) -> str:
    answer = b""
    while len(answer) < LONGEST_ANSWER and (more := line.recv(LONGEST_ANSWER)):
        answer += more
    return answer.rstrip(b"\x00\n").decode("utf-8", "replace")


def _away() -> ScannerAwayError:
    return ScannerAwayError(
        "Files cannot be checked for viruses at the moment, so nothing was sent. Try again in a "
        "few minutes, or send your message without files."
    )
