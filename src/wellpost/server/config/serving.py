"""From settings to a running server: what must be right, what is made ready, what is run."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from wellpost.errors import RequestError

APPLICATION = "wellpost.server.config.wsgi:application"
SECRET_LENGTH = 50
"""Characters below which Django itself calls a secret weak."""


@dataclass(frozen=True)
class Listening:
    """Where and how the server listens."""

    host: str
    port: int
    workers: int = 1
    threads: int = 4
    certificate: Path | None = None
    key: Path | None = None

    @classmethod
    def at(cls, address: str, workers: int, certificate: str | None, key: str | None) -> Listening:
        """Read `127.0.0.1:8000`; RequestError says what would be right."""
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise RequestError(f"address {address!r} cannot be read; write it like 127.0.0.1:8000.")
        if bool(certificate) != bool(key):
            raise RequestError("a certificate needs its key and a key its certificate; give both.")
        files = [Path(each) if each else None for each in (certificate, key)]
        return cls(host.strip("[]"), int(port), workers, certificate=files[0], key=files[1])


def set_up() -> None:
    """Load Django with the server's settings."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellpost.server.config.settings")
    django.setup()


def check() -> None:
    """RequestError with a line for everything in the settings that is not safe to serve with."""
    asked = (_secret, _address, _hosts, _breached, _files)
    faults = [fault for found in asked if (fault := found())]
    if faults:
        raise RequestError("\n".join(faults))


def prepare(say: Callable[[str], None] = lambda what: None) -> None:
    """Bring the database up to date and put the static files together."""
    from django.core.management import call_command
    from django.db import connections

    say("bringing the database up to date")
    prepare_database()
    connections.close_all()  # the workers are forks, and a forked SQLite connection breaks
    say("putting the static files together")
    call_command("collectstatic", verbosity=0, interactive=False)


def prepare_database() -> None:
    """Bring the database up to date."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def database_in_words() -> str:
    """Which database this is, without its password."""
    from django.conf import settings

    held = settings.DATABASES["default"]
    if "sqlite3" in held["ENGINE"]:
        return str(held["NAME"])
    return f"the database {held['NAME']} at {held['HOST'] or 'this machine'}"


def run(listening: Listening) -> None:
    """Serve until told to stop (SIGINT, SIGTERM); requests under way are finished first."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        APPLICATION,
        address=listening.host,
        port=listening.port,
        interface=Interfaces.WSGI,
        workers=listening.workers,
        blocking_threads=listening.threads,
        websockets=False,
        respawn_failed_workers=listening.workers > 1,
        workers_kill_timeout=30,
        ssl_cert=listening.certificate,
        ssl_key=listening.key,
    ).serve()


def _secret() -> str:
    from django.conf import settings

    if len(settings.SECRET_KEY) >= SECRET_LENGTH:
        return ""
    return (
        f"WELLPOST_SECRET_KEY has {len(settings.SECRET_KEY)} characters; give at least "
        f"{SECRET_LENGTH} random ones, or leave it out and one is made and kept in the home."
    )


def _address() -> str:
    from django.conf import settings

    parts = urlsplit(settings.SITE_ADDRESS)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "localhost"):
        return ""
    return (
        f"WELLPOST_ADDRESS is {settings.SITE_ADDRESS}; sign-in needs https://, or "
        "http://localhost on this machine alone."
    )


def _hosts() -> str:
    from django.conf import settings

    named = urlsplit(settings.SITE_ADDRESS).hostname or ""
    if named in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        return ""
    return f"WELLPOST_HOSTS must hold {named}, the host of WELLPOST_ADDRESS, and never a star."


def _breached() -> str:
    from django.conf import settings

    place = settings.BREACHED_PASSWORDS
    if not place or Path(place).is_file():
        return ""
    return f"WELLPOST_BREACHED_PASSWORDS is {place}, and there is no such file."


def _files() -> str:
    from django.conf import settings

    if settings.DEBUG and not settings.DEMO:
        return "WELLPOST_DEBUG shows data in its error pages; leave it out to serve."
    return ""
