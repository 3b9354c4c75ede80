"""Everything that runs: PostgreSQL, the server, and who starts them again when they were killed."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

from .postgres import Postgres
from .power_cut import PowerCut

HERE = Path(__file__).resolve().parent.parent
WELLPOST = "import sys; from wellpost.cli.main import main; sys.exit(main(sys.argv[1:]))"


class Site:
    """As a context: started on the way in, ended on the way out. `schema`: the address of a
    database whose tables are taken over, which is quicker than making them. `people`: the module
    that makes them, and prints them as JSON.
    """

    def __init__(
        self,
        home: Path,
        settings: Mapping[str, str],
        schema: str = "",
        people: Sequence[str] = ("breaking.people", "6"),
    ) -> None:
        self.home, self.schema, self._people = home, schema, people
        self.power = PowerCut.made_in(home)
        self.postgres = Postgres(home, settings, self.power)
        self.port = free_port()
        self.people: dict[str, Any] = {}
        self._environment = {
            **os.environ,
            "WELLPOST_HOME": str(home / "wellpost"),
            "WELLPOST_DATABASE": self.postgres.address,
            "DJANGO_SETTINGS_MODULE": "wellpost.server.config.settings",
            "WELLPOST_CHECKPOINT_SECONDS": "5",
        }
        self._server: subprocess.Popen[bytes] | None = None
        self._over = threading.Event()

    def __enter__(self) -> Site:
        self.postgres.start()
        if self.schema:
            self._take_over_tables()
        self.people = json.loads(self.run("-m", *self._people))
        self.postgres.stop()
        self.postgres.start()
        self._keeper = threading.Thread(target=self._keep_running)
        self._keeper.start()
        self.wait_until_it_answers()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end_server()
        self.postgres.leave()

    def end_server(self) -> None:
        """Stop it for good, in peace."""
        self._over.set()
        self._keeper.join()
        if self._server and self._server.poll() is None:
            self._server.terminate()
            self._server.wait(40)

    def kill_server(self, chance: random.Random) -> str:
        """kill -9 of the whole server, or of one worker; which it was."""
        server = self._server
        if server is None or server.poll() is not None:
            return "nothing"
        workers = psutil.Process(server.pid).children(recursive=True)
        if workers and chance.random() < 0.5:
            os.kill(chance.choice(workers).pid, signal.SIGKILL)
            return "a worker"
        os.killpg(server.pid, signal.SIGKILL)
        return "the server"

    def kill_postgres(self, *, power: bool) -> str:
        """kill -9 of all of PostgreSQL, and start it again."""
        lost = self.postgres.kill(power=power)
        self.postgres.start()
        return f"PostgreSQL, with {lost:,} bytes never flushed" if power else "PostgreSQL"

    def wait_until_it_answers(self, seconds: float = 120) -> None:
        """RuntimeError with the server's last words if it does not in that time."""
        until = time.monotonic() + seconds
        while not listens(self.port):
            if time.monotonic() > until:
                said = (self.home / "server.log").read_text(errors="replace")[-3000:]
                raise RuntimeError(f"nothing listens on port {self.port}:\n{said}")
            time.sleep(0.05)

    def run(self, *words: str, given: str = "") -> str:
        """A program of the bench or of Wellpost, to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, *words], cwd=HERE, env=self._environment, input=given,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def wellpost(self, *words: str) -> str:
        """A command of Wellpost."""
        return self.run("-c", WELLPOST, *words)

    def _keep_running(self) -> None:
        """What systemd does: start it again whenever it ended."""
        with (self.home / "server.log").open("ab") as log:
            while not self._over.is_set():
                if self._server is None or self._server.poll() is not None:
                    self._server = self._started(log)
                self._over.wait(0.1)

    def _started(self, log: Any) -> subprocess.Popen[bytes]:
        serve = ["serve", "--address", f"127.0.0.1:{self.port}", "--workers", "2"]
        return subprocess.Popen(
            [sys.executable, "-c", WELLPOST, *serve], cwd=HERE, env=self._environment, stdout=log,
            stderr=log, start_new_session=True,
        )  # fmt: skip

    def _take_over_tables(self) -> None:
        dump, take = (self.postgres.program(each) for each in ("pg_dump", "psql"))
        file = self.home / "tables.sql"
        words = [dump, "--no-owner", "--no-acl", "--file", str(file), self.schema]
        subprocess.run(words, check=True)
        quietly = [take, "-q", "-v", "ON_ERROR_STOP=1", "-1", "-f", str(file)]
        subprocess.run([*quietly, self.postgres.address], stdout=subprocess.DEVNULL, check=True)


def free_port() -> int:
    """A port that nobody listens on, of those that no system gives to who asks for any: while the
    server is down, a client that calls it might be given the server's own.
    """
    while True:
        with socket.socket() as held, suppress(OSError):
            port = random.SystemRandom().randrange(15_000, 32_000)
            held.bind(("127.0.0.1", port))
            return port


def listens(port: int) -> bool:
    """Whether somebody does."""
    with socket.socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex(("127.0.0.1", port)) == 0
