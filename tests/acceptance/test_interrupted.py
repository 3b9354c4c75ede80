"""Stopped in the middle, by the user or killed: nothing half written, and the next run is clean."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.acceptance.conftest import Run
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


@pytest.fixture
def begun(many: Path, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Begin a command, and wait until a folder matching `pattern` is there."""
    started: list[subprocess.Popen[str]] = []

    def begin(pattern: str, *words: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "wellpost.cli.main", *map(str, words)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        started.append(process)
        deadline = time.monotonic() + 30
        while not any(tmp_path.glob(pattern)) and process.poll() is None:
            assert time.monotonic() < deadline, "it never began"
            time.sleep(0.005)
        time.sleep(0.05)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def left(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_interrupted_while_writing_it_leaves_nothing(
    begun: Callable[..., subprocess.Popen[str]], many: Path, tmp_path: Path
):
    words = ("--to", tmp_path / "out", "--spill", tmp_path)
    process = begun(".out.part-*/encounters.parquet", "facts", many, *words)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "stopped; nothing was left half written.\n")
    assert left(tmp_path) == []


def test_interrupted_while_counting_it_leaves_nothing(
    begun: Callable[..., subprocess.Popen[str]], many: Path, tmp_path: Path
):
    words = ("--out", tmp_path / "out.json", "--format", "json", "--spill", tmp_path)
    process = begun("wellpost-spill-*", "measure", many, *SUMMER, *words)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "stopped; nothing was left half written.\n")
    assert left(tmp_path) == []


def test_killed_while_writing_it_leaves_no_facts_and_the_next_run_sweeps(
    begun: Callable[..., subprocess.Popen[str]], wellpost: Run, many: Path, tmp_path: Path
):
    words = ("--to", tmp_path / "out", "--spill", tmp_path)
    process = begun(".out.part-*/encounters.parquet", "facts", many, *words)
    process.kill()
    process.wait()
    assert not (tmp_path / "out").exists()
    assert len(left(tmp_path)) == 2
    for path in tmp_path.iterdir():
        os.utime(path, (0, 0))
    ran = wellpost("facts", many, *words, "--format", "json")
    assert ran.json["rows"] == {"clinicians": 1, "encounters": ROWS}
    assert left(tmp_path) == ["out"]
