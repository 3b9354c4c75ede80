"""`wellpost synthesize` as a user runs it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.acceptance.conftest import Run
from tests.worlds.waiting import HUNG

SMALL = ("--patients", "1_400", "--clinicians", "20", "--seed", "7")


def held(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_made_up_state_can_be_measured_at_once(wellpost: Run, tmp_path: Path):
    made = wellpost("synthesize", *SMALL, "--year", "2019", "--to", tmp_path / "state")
    assert (made.status, made.out) == (0, "")
    assert made.err.startswith("10,000 encounters in ") and str(tmp_path / "state") in made.err
    asked = ("--program", "mips-pi", "--year", "2019", "--period", "2019-01-01..2019-12-31")
    card = wellpost("measure", tmp_path / "state", *asked, "--level", "group", "--format", "json")
    assert sum(each["denominator"] for each in card.json["results"]) > 1_400
    assert held(tmp_path) == ["state"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--patients", "many"), "number 'many' cannot be read; write it like 5000 or 1_400_000."),
        (("--patients", "1_"), "number '1_' cannot be read; write it like 5000 or 1_400_000."),
        (("--patients", "-5"), "number '-5' cannot be read; write it like 5000 or 1_400_000."),
        (("--practices", "21"), "practices 21: it must be between 1 and 20; each practice has a"),
        (("--year", "21"), "year 21: it must be between 1900 and 9998."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(
    wellpost: Run, tmp_path: Path, words: tuple[str, ...], says: str
):
    ran = wellpost("synthesize", *SMALL, *words, "--to", tmp_path / "state")
    assert ran.status == 2 and says in ran.err
    assert held(tmp_path) == []


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_leaves_nothing(tmp_path: Path, told: signal.Signals):
    words = ("--patients", "14_000_000", "--clinicians", "5_000", "--to", tmp_path / "state")
    command = [sys.executable, "-m", "wellpost.cli.main", "synthesize", *words]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not any(tmp_path.rglob("*.parquet")):
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(told)
    _, said = running.communicate(timeout=HUNG)
    assert (running.returncode, said) == (130, "stopped; nothing was left half written.\n")
    assert held(tmp_path) == []
