"""Bandit's rules hold in the sources: by ruff, which has them and is quick (`make nightly` runs
bandit itself). Whoever makes an exception says why beside it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXCEPTION = re.compile(r"# noqa: (?:[A-Z]+\d+, )*S\d+[^\n]*")


def test_the_rules_of_bandit_hold() -> None:
    ruff = Path(sys.executable).with_name("ruff")
    found = subprocess.run(
        [ruff, "check", "--select", "S", "--ignore", "S603,S607", "--no-cache", "src"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout


def test_the_rules_would_find_something(tmp_path: Path) -> None:
    ruff, bad = Path(sys.executable).with_name("ruff"), tmp_path / "bad.py"
    bad.write_text(
        "import pickle\n\ndef load(data):\n    return pickle.loads(data) or eval(data)\n"
    )
    command = [ruff, "check", "--select", "S", "--no-cache", bad]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert {"S301", "S307"} <= set(re.findall(r"\bS\d+\b", found.stdout))


def test_every_exception_says_why() -> None:
    without = [
        f"{path.relative_to(ROOT)}: {each}"
        for path in (ROOT / "src").rglob("*.py")
        for each in EXCEPTION.findall(path.read_text())
        if not re.search(r" - \w+", each)
    ]
    assert not without, without
