"""Starting the demo: its port, and that it never stands open to others.

That it starts, keeps what was done and starts anew: tests/functional/test_the_story.py.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

from tests.worlds.demo import Demo, environment
from tests.worlds.waiting import HUNG, free_port
from wellpost.server.demo import building, starting


def test_a_port_that_is_taken_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = Demo(tmp_path, port=taken.getsockname()[1])
        refused.start()
        assert refused.running
        said, _ = refused.running.communicate(timeout=HUNG)
    assert refused.running.returncode == 2
    assert f"port {refused.port} is taken by another program" in said
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


def test_a_stop_while_the_making_begins_stops_it_too(tmp_path, monkeypatch):
    """Nobody holds the process yet; it must not go on alone."""
    begun: list[subprocess.Popen[bytes]] = []

    class Stopped(subprocess.Popen[bytes]):
        def __init__(self, *given, **options):
            super().__init__(*given, **options)
            begun.append(self)
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", Stopped)
    with pytest.raises(KeyboardInterrupt):
        starting.status_of([sys.executable, "-c", "import time; time.sleep(1000)"])
    assert begun[0].returncode == -signal.SIGKILL
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_while_it_is_made_is_one_sentence(tmp_path):
    """A terminal's Ctrl-C reaches both processes."""
    demo = Demo(tmp_path, port=free_port())
    demo.start()
    assert demo.running and demo.running.stdout
    assert "Making the demo's database" in demo.running.stdout.readline()
    os.killpg(demo.running.pid, signal.SIGINT)
    said, _ = demo.running.communicate(timeout=HUNG)
    assert said.splitlines()[-1] == "stopped; nothing was left half written."
    assert "Traceback" not in said
    assert demo.running.returncode == 130
    assert not building.is_made(tmp_path)
