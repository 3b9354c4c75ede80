"""What the peers say of the same patients, and how long they take."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .install import DATA, HERE, MODULES, PATHLING


@dataclass(frozen=True)
class Answer:
    """A peer's denominator, with whether the numerator holds each; its seconds of calculating, and
    those of the whole program with its start.
    """

    members: dict[str, bool]
    seconds: float
    whole: float


def by_fqm(folder: Path) -> Answer:
    """fqm-execution, on bench/peers/measure.cql; the translation is not timed."""
    measure, out = DATA / "measure.json", DATA / "fqm.json"
    _run("node", str(HERE / "translate.mjs"), str(MODULES), str(HERE / "measure.cql"), str(measure))
    words = ["node", str(HERE / "fqm.mjs"), *map(str, (MODULES, measure, folder, out))]
    whole = _run(*words)
    told = json.loads(out.read_text())
    members = {name: sent for name, (seen, sent) in told["members"].items() if seen}
    return Answer(members, told["seconds"], whole)


def by_pathling(folder: Path, few: Path | None = None) -> Answer:
    """Pathling, on two cores; `few` is what it is warmed with."""
    out = DATA / "pathling.json"
    words = [str(PATHLING), str(HERE / "pathling_run.py"), *map(str, (folder, out))]
    words += [str(few)] if few else []
    # Spark of another version in the surroundings would be taken instead of the one beside it.
    whole = _run(
        *words, env={name: each for name, each in os.environ.items() if "SPARK" not in name}
    )
    told = json.loads(out.read_text())
    return Answer(told["members"], told["seconds"], whole)


def _run(*words: str, env: dict[str, str] | None = None) -> float:
    """Run it; the seconds."""
    began = time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=env)
    if done.returncode:
        raise RuntimeError(f"{words[0]} {words[1]} failed: {(done.stderr or done.stdout)[-2000:]}")
    return time.perf_counter() - began
