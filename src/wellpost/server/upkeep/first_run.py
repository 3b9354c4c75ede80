"""The one-time code with which a fresh server is set up in the browser.

It is printed where the server is started, and only its hash is kept, in the home: who can read
the console is who runs the machine. While the file is there the server shows one page; it goes
with the first practice, however that is made.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from wellpost.errors import RequestError
from wellpost.server.people.actions import set_up_practice
from wellpost.server.people.codes import code_hash, make_code
from wellpost.server.people.models import Practice, User

NAME = "set-up-code"
HOURS = 24
LOCK = 0x57454C4C
"""A number for PostgreSQL's advisory lock, by which two set-ups happen one after another."""
WRONG = "That code is not right. It is printed where the server was started."


def offer() -> str:
    """A new code where no practice is set up yet, in place of one before; else nothing."""
    if Practice.objects.exists():
        _file().unlink(missing_ok=True)
        return ""
    code = make_code()
    waiting = _file().with_suffix(f".{os.getpid()}")
    held = {"hash": code_hash(code), "until": time.time() + HOURS * 3600}
    with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(json.dumps(held))
    waiting.replace(_file())
    return code


def is_open() -> bool:
    """Whether the server waits to be set up. Asks the database only while the file is there."""
    if not _file().exists():
        return False
    if Practice.objects.exists():
        _file().unlink(missing_ok=True)
        return False
    return True


@transaction.atomic
def set_up(
    *, code: str, name: str, tin: str, time_zone: str, email: str, administrator: str, password: str
) -> User:
    """The practice and its first administrator; the code is used up. RequestError for a code
    that is not right or too old, and for what `set_up_practice` refuses.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if Practice.objects.exists() or not _is_right(code):
        raise RequestError(WRONG)
    _, user = set_up_practice(
        name=name,
        tin=tin,
        time_zone=time_zone,
        administrator_email=email,
        administrator_name=administrator,
        password=password,
    )
    transaction.on_commit(lambda: _file().unlink(missing_ok=True))
    return user


def _is_right(code: str) -> bool:
    try:
        held = json.loads(_file().read_text())
        fresh = time.time() < float(held["until"])
        return fresh and secrets.compare_digest(str(held["hash"]), code_hash(code))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _file() -> Path:
    return Path(settings.HOME) / NAME
