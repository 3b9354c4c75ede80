"""The run: for each subject its changes, its tests, and how many were noticed."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".venv-attack" / "bin" / "python"
LEAST = 85
"""Percent of the changes that must be noticed."""
EVERY = 8
SERVER = "src/wellpost/server"


@dataclass(frozen=True)
class Subject:
    """Modules that must be right, and the tests that hold them."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]


AUDIT = ("actions", "checkpoints", "context", "proving", "queries", "rounds", "sealing", "trees",
         "verifying")  # fmt: skip
SEALING = ("envelope", "suites", "associated_data")
LEDGER = ("consistency", "notes", "proofs", "rows", "tree")
SUBJECTS = (
    Subject(
        "envelope",
        tuple(f"{SERVER}/messaging/{each}.py" for each in SEALING),
        (
            "tests/server/messaging/test_envelope.py",
            "tests/server/messaging/test_envelope_stays.py",
            "tests/security/test_tampering.py",
        ),
    ),
    Subject(
        "permissions",
        (f"{SERVER}/people/permissions.py", f"{SERVER}/people/rights.py"),
        (
            "tests/server/people/test_permissions.py",
            "tests/server/people/test_rights.py",
            "tests/server/messaging/test_emergency.py",
        ),
    ),
    Subject(
        "ledger",
        tuple(f"src/wellpost/ledger/{each}.py" for each in LEDGER),
        ("tests/unit/ledger",),
    ),
    Subject(
        "audit",
        tuple(f"{SERVER}/audit/{each}.py" for each in AUDIT),
        ("tests/server/audit",),
    ),
)


def main() -> int:
    """0 when enough is noticed of every subject."""
    parser = argparse.ArgumentParser(description=__doc__)
    every = parser.add_mutually_exclusive_group()
    every.add_argument("--quick", dest="every", action="store_const", const=EVERY, default=1,
                       help=f"every {EVERY}th change")  # fmt: skip
    every.add_argument("--every", type=int, help="so many times fewer changes")
    parser.add_argument("--only", default="", help="one subject")
    asked = parser.parse_args()
    if not TOOLS.exists():
        print("the tools are not installed: make attack-tools", file=sys.stderr)
        return 2
    chosen = [each for each in SUBJECTS if each.name.startswith(asked.only)]
    held = [_tried(each, asked.every) for each in chosen]
    return 0 if all(held) else 1


def _tried(subject: Subject, every: int) -> bool:
    with tempfile.TemporaryDirectory(prefix="wp-mutate-") as folder:
        changes, report = Path(folder) / "changes", Path(folder) / "report"
        made = _changes(subject)[::every]
        changes.write_text("\n".join(made))
        _run(subject, changes, report)
        told = [json.loads(each) for each in report.read_text().splitlines()]
    survived = [each for each in told if each["became"] == "survived"]
    for each in survived:
        where = Path(each["file"]).relative_to(ROOT)
        print(f"survived: {where}:{each['line']} {each['what'].removeprefix('core/')}")
    percent = 100 * (len(told) - len(survived)) / len(told)
    ok = percent >= LEAST and len(told) == len(made)
    print(f"{subject.name}: {len(told)} changes, {len(survived)} survived")
    how = "ok" if ok else "short"
    print(f"figure {subject.name}_noticed {percent:.1f} >={LEAST} {how}", flush=True)
    return ok


def _changes(subject: Subject) -> list[str]:
    words = [str(TOOLS), str(Path(__file__).with_name("changes.py"))]
    modules = [str(ROOT / each) for each in subject.modules]
    done = subprocess.run([*words, *modules], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def _run(subject: Subject, changes: Path, report: Path) -> None:
    environment = {
        **os.environ,
        "MUTATE_CHANGES": str(changes),
        "MUTATE_REPORT": str(report),
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'bench'}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "mutating.plugin"]
    words += ["-o", "timeout=0", *subject.tests]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE,
        text=True, check=False,
    )  # fmt: skip
    if not report.exists():
        raise SystemExit(f"the tests of {subject.name} did not run:\n{done.stdout[-3000:]}")
