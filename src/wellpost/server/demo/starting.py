"""`wellpost demo`: makes the practice the first time, then serves it on this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from wellpost.errors import RequestError, WellpostError
from wellpost.server.config.serving import APPLICATION

from . import building

LOOPBACK = "127.0.0.1"


def start(port: int, *, reset: bool) -> None:
    """Make what is missing, say how to sign in, and serve until Ctrl-C.

    RequestError when the port is taken.
    """
    home = _home()
    _refuse_taken(port)
    if reset or not building.is_made(home):
        building.clear(home)
    _set_environment(home, port)
    _prepare(port)
    _serve(port)


def _home() -> Path:
    home = Path(os.environ.get("WELLPOST_HOME") or Path("var") / "demo").resolve()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home


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


def _set_environment(home: Path, port: int) -> None:
    """How the settings know of the demo, in the processes started from here."""
    os.environ |= {
        "WELLPOST_DEMO": "1",
        "WELLPOST_HOME": str(home),
        "WELLPOST_ADDRESS": f"http://localhost:{port}",
        "DJANGO_SETTINGS_MODULE": "wellpost.server.config.settings",
    }
    for name in ("WELLPOST_DATABASE", "WELLPOST_HOSTS"):
        os.environ.pop(name, None)


def _prepare(port: int) -> None:
    command = [sys.executable, "-m", "wellpost.server.demo.preparing", str(port)]
    if status_of(command) != 0:
        raise WellpostError(
            "The demo could not be made ready; what went wrong stands above. "
            "wellpost demo --reset starts anew."
        )


def status_of(command: Sequence[str]) -> int:
    """Run a process to its end. A stop ends it with us, also one that comes while it is begun:
    then nobody would know it yet, and it would go on alone.
    """
    with _no_stop() as from_here_on, subprocess.Popen(command) as process:
        try:
            from_here_on()
            return process.wait()
        except BaseException:
            process.kill()
            raise


@contextmanager
def _no_stop() -> Iterator[Callable[[], None]]:
    """Ctrl-C waits until what is given is called, or until the end."""
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: came.append(number))

    def again() -> None:
        signal.signal(signal.SIGINT, before)
        if came:
            came.clear()
            raise KeyboardInterrupt

    try:
        yield again
    finally:
        again()


def _serve(port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

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
