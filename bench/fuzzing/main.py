"""Each subject in a process of its own, since atheris ends its process."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

SUBJECTS = ("envelope", "forms", "fhir")
SECONDS, QUICK = 120, 10
HERE = Path(__file__).resolve().parent.parent


def main(words: Sequence[str]) -> int:
    """0 when no subject let a fault through."""
    seconds = QUICK if "--quick" in words else SECONDS
    with tempfile.TemporaryDirectory(prefix="wp-fuzz-") as home:
        held = [_fuzzed(subject, seconds, Path(home)) for subject in SUBJECTS]
    return 0 if all(held) else 1


def _fuzzed(subject: str, seconds: int, home: Path) -> bool:
    folder = home / subject
    folder.mkdir()
    begun = time.monotonic()
    environment = {
        **os.environ,
        "WELLPOST_HOME": str(home / "wellpost"),
        "DJANGO_SETTINGS_MODULE": "wellpost.server.config.settings",
        "PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parent}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "fuzzing.main", subject, str(folder), str(seconds)],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    crashed = [each.name for each in folder.iterdir() if each.name.startswith(("crash", "timeout"))]
    ok = done.returncode == 0 and not crashed and "executed_units" in done.stderr
    if not ok:
        print(done.stdout[-3000:], done.stderr[-3000:], *crashed, sep="\n")
    ran = re.search(r"number_of_executed_units:\s*(\d+)", done.stderr)
    runs = int(ran[1]) if ran else 0
    print(f"{subject}: {runs:,} inputs in {time.monotonic() - begun:.0f} seconds")
    print(
        f"figure {subject}_faults_found {0 if ok else 1} =0 {'ok' if ok else 'short'}", flush=True
    )
    return ok


def _drive(subject: str, folder: str, seconds: str) -> None:
    import atheris

    with atheris.instrument_imports(include=["wellpost", "django.http", "json"]):
        found = importlib.import_module(f"fuzzing.{subject}")
    for place, data in enumerate(found.corpus()):
        (Path(folder) / str(place)).write_bytes(data)
    limits = [f"-max_total_time={seconds}", "-max_len=16384", "-timeout=20", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], folder, *limits], found.attempt)
    atheris.Fuzz()


if __name__ == "__main__":
    _drive(*sys.argv[1:4])
