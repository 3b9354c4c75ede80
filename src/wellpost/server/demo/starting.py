"""`wellpost demo`: makes the practice the first time, then serves it on this machine."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

from wellpost.errors import RequestError
from wellpost.server.config.serving import APPLICATION, set_up

from . import building

LOOPBACK = "127.0.0.1"


def start(port: int, *, reset: bool) -> None:
    """Make what is missing, say how to sign in, and serve until Ctrl-C.

    RequestError when the port is taken.
    """
    begun = time.monotonic()
    home = _home()
    _refuse_taken(port)
    if reset or not building.is_made(home):
        building.clear(home)
    _set_up(home, port)
    building.bring_up_to_date(home, lambda what: print(f"  {what} …", flush=True))
    _say_how(port, time.monotonic() - begun)
    _serve(port)


def _home() -> Path:
    home = Path(os.environ.get("WELLPOST_HOME") or Path("var") / "demo").resolve()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home


def _set_up(home: Path, port: int) -> None:
    """The environment is how the settings, here and in the server's worker, know of the demo."""
    os.environ |= {
        "WELLPOST_DEMO": "1",
        "WELLPOST_HOME": str(home),
        "WELLPOST_ADDRESS": f"http://localhost:{port}",
        "DJANGO_SETTINGS_MODULE": "wellpost.server.config.settings",
    }
    for name in ("WELLPOST_DATABASE", "WELLPOST_HOSTS"):
        os.environ.pop(name, None)
    set_up()


def _refuse_taken(port: int) -> None:
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind((LOOPBACK, port))
        except OSError:
            raise RequestError(
                f"port {port} is taken by another program; stop it, or ask for another one: "
                f"wellpost demo --port {port + 1}."
            ) from None


def _say_how(port: int, seconds: float) -> None:
    from .cast import CAST, PASSWORD
    from .people import shown_name

    place = f"http://localhost:{port}"
    print(f"\nThe demo is ready ({seconds:.1f} s). Open {place}/demo/")
    print(f"Everybody's password is {PASSWORD}; the six digits of the day are on that page.\n")
    for person in CAST:
        print(f"  {person.email:<28} {shown_name(person)}: {person.role}")
    print(f"\nThe story: {place}/clinic/measures/ as Dr. Alden. Stop with Ctrl-C.", flush=True)


def _serve(port: int) -> None:
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces

    # The worker is a fork: an SQLite connection carried into it finds the database locked.
    connections.close_all()
    server = Granian(
        APPLICATION,
        address=LOOPBACK,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=8,
        log_enabled=False,
    )
    server.serve()
    print("\nStopped. What was done is kept; wellpost demo goes on from there.")
