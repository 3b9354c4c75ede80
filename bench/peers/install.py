"""The peers, installed into bench/data/peers where they are not: by npm, and by pip."""

from __future__ import annotations

import shutil
import subprocess
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "data" / "peers"
MODULES = DATA / "node" / "node_modules"
PATHLING = DATA / "pathling" / "bin" / "python"


class Missing(Exception):  # noqa: N818 - no fault of the program
    """What could not be had, and what would help."""


def install_fqm() -> None:
    """fqm-execution and the translator of CQL, from npm; Missing where there is no node."""
    if (MODULES / "fqm-execution").is_dir():
        return
    if not shutil.which("npm"):
        raise Missing("fqm-execution needs Node.js 20 or later with npm; install them.")
    MODULES.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(HERE / "package.json", MODULES.parent)
    _run("npm", "install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund",
         "--silent", "--prefix", str(MODULES.parent))  # fmt: skip


def install_pathling() -> None:
    """pathling and its Spark, from PyPI; Missing where there is no Java."""
    if not shutil.which("java"):
        raise Missing("pathling needs Java 17; install openjdk-17-jre-headless.")
    if (PATHLING.parent.parent / "whole").exists():
        return
    venv.create(PATHLING.parent.parent, with_pip=True, clear=True)
    _run(str(PATHLING), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--require-hashes", "-r", str(HERE / "requirements.txt"))  # fmt: skip
    (PATHLING.parent.parent / "whole").touch()


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"{words[0]} could not install the peer: {done.stderr.strip()[-600:]}")
