"""`wellpost demo`, running beside the tests in a home of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from tests.worlds.waiting import HUNG


def environment(home: Path, **more: str) -> dict[str, str]:
    """Of a process that knows this home and nothing of the tests' settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WELLPOST")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "WELLPOST_HOME": str(home), **more}


@dataclass
class Demo:
    """A demo's home and port, and the process that serves it."""

    home: Path
    port: int
    running: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://localhost:{self.port}"

    def start(self, *words: str) -> None:
        """Begin to make and to serve it."""
        command = [Path(sys.executable).with_name("wellpost"), "demo", "--port", str(self.port)]
        self.running = subprocess.Popen(
            [*command, *words],
            env=environment(self.home),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def page(self) -> str:
        """Its first page, once it is there."""
        assert self.running
        end = time.monotonic() + 5 * HUNG  # to make all of it takes long
        while time.monotonic() < end and self.running.poll() is None:
            try:
                with urlopen(f"{self.address}/demo/", timeout=HUNG) as answer:  # noqa: S310 - our own
                    return str(answer.read().decode())
            except OSError:
                time.sleep(0.2)
        self.kill()
        said = self.running.stdout and self.running.stdout.read()
        raise AssertionError(f"no answer: {said}")

    def stop(self) -> str:
        """Stop it as Ctrl-C does; what it said."""
        assert self.running
        self.running.send_signal(signal.SIGINT)
        said, _ = self.running.communicate(timeout=HUNG)
        return said

    def kill(self) -> None:
        """Leave nothing of it behind."""
        if self.running and self.running.poll() is None:
            os.killpg(self.running.pid, signal.SIGKILL)
