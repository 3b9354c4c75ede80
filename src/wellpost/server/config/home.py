"""Where a server keeps what is not in its database, and the settings of the machine it runs on.

Everything is read from environment variables named WELLPOST_…; docs/reference/settings.md lists
them.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from wellpost.errors import RequestError


def home() -> Path:
    """The folder of the database, keys and mail; WELLPOST_HOME, else `var` where one stands."""
    place = Path(os.environ.get("WELLPOST_HOME", "var")).resolve()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def switched_on(name: str) -> bool:
    """Whether the environment variable says yes."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def hosts(address: str) -> list[str]:
    """The host names answered to: WELLPOST_HOSTS, else the one of the server's address."""
    given = os.environ.get("WELLPOST_HOSTS") or urlsplit(address).hostname or "localhost"
    return [host.strip() for host in given.split(",")]


def number(name: str, default: int, *, least: int = 1) -> int:
    """The environment variable as a whole number."""
    given = os.environ.get(name, "").strip() or str(default)
    if not given.isascii() or not given.isdigit() or int(given) < least:
        raise RequestError(
            f"{name} is {given!r}; write a whole number like {default}, not below {least}."
        )
    return int(given)


def secret_key() -> str:
    """Django's signing secret: WELLPOST_SECRET_KEY, else one made once and kept in the home."""
    if given := os.environ.get("WELLPOST_SECRET_KEY"):
        return given
    kept = home() / "secret-key"
    if not kept.exists():
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    return kept.read_text().strip()


def database(address: str | None = None) -> dict[str, Any]:
    """Django's description of the database: a postgresql:// address, else SQLite in the home."""
    address = address or os.environ.get("WELLPOST_DATABASE", "")
    if address.startswith(("postgresql://", "postgres://")):
        return _postgresql(address)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": address.removeprefix("sqlite:///") or str(home() / "wellpost.sqlite3"),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;",
        },
    }


def _postgresql(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "wellpost.server.config.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # What is prepared is looked up by keys: it need not be planned anew for every value.
        "OPTIONS": {"options": "-c plan_cache_mode=force_generic_plan"},
    }
