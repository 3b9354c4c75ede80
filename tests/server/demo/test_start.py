"""Starting the demo: its home, its port, and that it never stands open to others."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from wellpost.server.demo import building


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WELLPOST")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "WELLPOST_HOME": str(home), **more}


RUNNING: list[subprocess.Popen[str]] = []


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """A test that fails leaves no server behind."""
    yield
    while RUNNING:
        left = RUNNING.pop()
        if left.poll() is None:
            os.killpg(left.pid, signal.SIGKILL)


def start(home: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, "-m", "wellpost.cli.main", "demo", *words],
        env=environment(home, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    RUNNING.append(started)
    return started


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def until_it_serves(running: subprocess.Popen[str], port: int, at_most: float) -> str:
    """The page of the demo, once it is there."""
    end = time.monotonic() + at_most
    while time.monotonic() < end and running.poll() is None:
        try:
            with urlopen(f"http://localhost:{port}/demo/", timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)
    running.kill()
    raise AssertionError(
        f"no answer in {at_most} seconds: {running.stdout and running.stdout.read()}"
    )


def until(true: Callable[[], bool], at_most: float) -> None:
    end = time.monotonic() + at_most
    while not true():
        assert time.monotonic() < end, f"not in {at_most} seconds"
        time.sleep(0.05)


def stop(running: subprocess.Popen[str]) -> str:
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=20)
    return said


def test_the_demo_starts_keeps_what_was_done_and_starts_anew(tmp_path):
    """One home through a first start, a second one, and a reset."""
    port = free_port()
    first = start(tmp_path, "--port", str(port))
    page = until_it_serves(first, port, at_most=120)
    assert "Dr. Maya Alden" in page
    assert re.search(r'data-person="alden">\d{6}<', page)
    said = stop(first)
    assert f"Open http://localhost:{port}/demo/" in said
    assert "Stopped." in said
    assert first.returncode == 0
    database = tmp_path / "wellpost.sqlite3"
    made = database.stat().st_ino
    (tmp_path / "mine.txt").write_text("not the demo's")

    second = start(tmp_path, "--port", str(port))
    until_it_serves(second, port, at_most=10)
    assert "Making the demo" not in stop(second)
    assert database.stat().st_ino == made

    third = start(tmp_path, "--port", str(port), "--reset")
    until(lambda: not building.is_made(tmp_path), at_most=20)
    assert "nothing was left half written" in stop(third)
    assert not building.is_made(tmp_path), "what was half made when it was stopped"
    assert (tmp_path / "mine.txt").exists()


def test_a_port_that_is_taken_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = start(tmp_path, "--port", str(port))
        said, _ = refused.communicate(timeout=30)
    assert refused.returncode == 2
    assert f"port {port} is taken by another program" in said
    assert "Traceback" not in said
    assert not (tmp_path / "wellpost.sqlite3").exists()


@pytest.mark.parametrize(
    "settings",
    [{"WELLPOST_HOSTS": "demo.example.org"}, {"WELLPOST_ADDRESS": "https://demo.example.org"}],
)
def test_the_demo_never_starts_for_another_host(tmp_path, settings):
    checked = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env=environment(
            tmp_path,
            WELLPOST_DEMO="1",
            DJANGO_SETTINGS_MODULE="wellpost.server.config.settings",
            **settings,
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode != 0
    assert "localhost only" in checked.stderr


def test_a_demo_half_made_is_not_made(tmp_path):
    (tmp_path / "wellpost.sqlite3").write_bytes(b"")
    assert not building.is_made(tmp_path)
    building.clear(tmp_path)
    assert not (tmp_path / "wellpost.sqlite3").exists()
