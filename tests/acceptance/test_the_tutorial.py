"""Every command that the documents show does what they show."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs/tutorials/first-steps.md"
SHOWN = re.findall(r"^\$ \.venv/bin/wellpost (.*)\n((?:(?!```).*\n)*)", TUTORIAL.read_text(), re.M)


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_a_command_of_the_tutorial(command: str, output: str) -> None:
    wellpost = Path(sys.executable).with_name("wellpost")
    done = subprocess.run(
        [wellpost, *shlex.split(command)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (done.stdout == output) if output else done.stdout.strip()


def test_the_tutorial_shows_commands() -> None:
    assert len(SHOWN) == 4
