"""A disk that fills, a real one: a small file system of the test's own. Nothing is half written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.acceptance.test_interrupted import ENCOUNTERS, ROWS, SUMMER
from tests.unit.adapters.folders import PRACTICE, encounter, write
from tests.worlds.waiting import HUNG
from wellpost.facts.identifiers import make_npi, make_tin

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
MOUNTED = """
mount -t tmpfs -o size="$2" tmpfs "$1" || exit 100
cd /; disk=$1; shift 2; "$@"; status=$?
ls -A "$disk" | sed 's/^/left: /' >&2
exit $status
"""
"""The file system is seen by what runs in here alone, and is gone with it."""


def _unshare() -> list[str] | None:
    """How a process comes to mount what it likes: as root, or as root of a namespace of its own."""
    program = shutil.which("unshare")
    for way in ([program, "--mount"], [program, "--mount", "--map-root-user"]):
        words = [*way, "mount", "-t", "tmpfs", "tmpfs", "/mnt"] if program else ["false"]
        if (
            subprocess.run(
                [str(each) for each in words], capture_output=True, check=False
            ).returncode
            == 0
        ):
            return [str(each) for each in way]
    return None


UNSHARE = _unshare()
pytestmark = pytest.mark.skipif(not UNSHARE, reason="no file system can be mounted here")


@dataclass(frozen=True)
class Full:
    """A folder on which a file system of some size will be."""

    path: Path

    def run(self, size: str, *words: object, **environment: str) -> tuple[int, list[str]]:
        """A command of wellpost: its status, and the lines of what it said and left behind."""
        command = [*(UNSHARE or ()), "sh", "-c", MOUNTED, "sh", self.path, size, sys.executable,
                   "-m", "wellpost.cli.main", *words]  # fmt: skip
        ran = subprocess.run(
            [str(each) for each in command], capture_output=True, text=True, check=False,
            timeout=HUNG, env={**os.environ, **environment},
        )  # fmt: skip
        return ran.returncode, ran.stderr.replace("\r", "\n").splitlines()


@pytest.fixture
def full(tmp_path: Path) -> Full:
    """An empty folder."""
    (place := tmp_path / "disk").mkdir()
    return Full(place)


def facts(folder: Path, rows: int) -> Path:
    """So many encounters of one clinician."""
    folder.mkdir()
    (folder / "clinicians.csv").write_text(f"npi,tin\n{make_npi('A')},{make_tin('T')}\n")
    made = ENCOUNTERS.replace(str(ROWS), str(rows))
    duckdb.sql(made).write_parquet(str(folder / "encounters.parquet"))
    return folder


def export(folder: Path) -> Path:
    """FHIR whose facts take more than a disk of 64 kB has."""
    folder.mkdir()
    return write(folder, *PRACTICE, *(encounter(f"e{number}") for number in range(9_000)))


@pytest.mark.parametrize("named", ["--spill", "TMPDIR"])
def test_a_disk_that_fills_while_fhir_is_read_is_said(
    full: Full, tmp_path: Path, named: str
) -> None:
    spill = ["--spill", full.path] if named == "--spill" else []
    status, said = full.run(
        "64k", "measure", *SUMMER, *spill, export(tmp_path / "export"),
        **({"TMPDIR": str(full.path)} if named == "TMPDIR" else {}),
    )  # fmt: skip
    assert said[-1:] == [
        f"the disk of {full.path} filled while the facts of this export were put there; "
        "nothing was computed; name a folder with more room with --spill."
    ]
    assert status == 1


def test_a_disk_that_cannot_take_the_facts_has_nothing_of_them(full: Full, tmp_path: Path) -> None:
    status, said = full.run(
        "64k", "facts", facts(tmp_path / "facts", 20_000), "--to", full.path / "out"
    )
    assert said[-1:] == [f"the disk is full; {full.path} cannot take all of it."]
    assert status == 1


def test_a_disk_that_cannot_take_the_answer_has_nothing_of_it(full: Full, tmp_path: Path) -> None:
    few, page = facts(tmp_path / "facts", 100), full.path / "page.html"
    status, said = full.run("4k", "measure", *SUMMER, few, "--format", "html", "--out", page)
    assert said == [f"{page} cannot be written: No space left on device."]
    assert status == 2


@pytest.mark.skipif(not NIGHTLY, reason="a quarter of a minute; make nightly")
def test_a_disk_that_fills_while_spilling_is_said(full: Full, tmp_path: Path) -> None:
    many = facts(tmp_path / "facts", 6_000_000)
    status, said = full.run(
        "64m", "measure", *SUMMER, "--memory", "150MB", "--spill", full.path, many
    )
    assert said[-1:] == [
        f"the disk of {full.path} filled while what does not fit in memory was put there; "
        "name a folder with more room with --spill, or give more with --memory."
    ]
    assert status == 1
