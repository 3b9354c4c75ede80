"""Stopped in the middle, by the user or killed: nothing half written, and the next run is clean."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.acceptance.conftest import Run
from tests.worlds.waiting import HUNG
from wellpost.facts.identifiers import make_npi, make_tin

SUMMER = ("--program", "stage-3", "--year", "2021", "--period", "2021-06-01..2021-08-29")
ROWS = 800_000
ENCOUNTERS = f"""
    SELECT 'e' || HASH(i) AS encounter_id, 'p' || HASH(i // 3) AS patient_id,
        '{make_npi("A")}' AS npi, '{make_tin("T")}' AS tin,
        MAKE_DATE(2021, 1, 1) + CAST(HASH(i) % 365 AS INTEGER) AS seen_on, 'other' AS kind
    FROM RANGE({ROWS}) AS made(i)
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Facts that take a while."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "clinicians.csv").write_text(f"npi,tin\n{make_npi('A')},{make_tin('T')}\n")
    duckdb.sql(ENCOUNTERS).write_parquet(str(folder / "encounters.parquet"))
    return folder


STOPPED = """
import glob, os, sys, threading, time
pattern, signal, *words = sys.argv[1:]
sys.argv[1:] = words

def stop():
    while not glob.glob(pattern):
        time.sleep(0.002)
    time.sleep(0.05)  # what is made is being written by then
    os.kill(os.getpid(), int(signal))

threading.Thread(target=stop, daemon=True).start()
from wellpost.cli.main import command
command()
"""
"""A command that stops itself once it has made what is looked for: a test that watched it from
outside might come when it is done.
"""


STOPS = pytest.mark.parametrize(
    ("told", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"]
)


def stopped(told: signal.Signals, pattern: Path, *words: object) -> tuple[int, str]:
    """Run a command that is sent `told` when `pattern` is there: its status, and what it said."""
    command = [sys.executable, "-c", STOPPED, pattern, str(int(told)), *words]
    ran = subprocess.run(
        [str(each) for each in command], capture_output=True, text=True, check=False, timeout=HUNG
    )
    return ran.returncode, ran.stderr


def left(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@STOPS
def test_interrupted_while_writing_it_leaves_nothing(
    many: Path, tmp_path: Path, told: signal.Signals, status: int
):
    words = ("--to", tmp_path / "out", "--spill", tmp_path)
    begun = tmp_path / ".out.part-*/encounters.parquet"
    ended = stopped(told, begun, "facts", many, *words)
    assert ended == (status, "stopped; nothing was left half written.\n")
    assert left(tmp_path) == []


@STOPS
def test_interrupted_while_counting_it_leaves_nothing(
    many: Path, tmp_path: Path, told: signal.Signals, status: int
):
    words = ("--out", tmp_path / "out.json", "--format", "json", "--spill", tmp_path)
    begun = tmp_path / "wellpost-spill-*"
    ended = stopped(told, begun, "measure", many, *SUMMER, *words)
    assert ended == (status, "stopped; nothing was left half written.\n")
    assert left(tmp_path) == []


def test_killed_while_writing_it_leaves_no_facts_and_the_next_run_sweeps(
    wellpost: Run, many: Path, tmp_path: Path
):
    words = ("--to", tmp_path / "out", "--spill", tmp_path)
    begun = tmp_path / ".out.part-*/encounters.parquet"
    assert stopped(signal.SIGKILL, begun, "facts", many, *words) == (-signal.SIGKILL, "")
    assert not (tmp_path / "out").exists()
    assert len(left(tmp_path)) == 2
    for path in tmp_path.iterdir():
        os.utime(path, (0, 0))
    ran = wellpost("facts", many, *words, "--format", "json")
    assert ran.json["rows"] == {"clinicians": 1, "encounters": ROWS}
    assert left(tmp_path) == ["out"]
