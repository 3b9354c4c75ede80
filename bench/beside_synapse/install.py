"""matrix-synapse, brought into an environment of its own in the user's cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


class Missing(Exception):  # noqa: N818 - no fault of the program
    """What could not be had, and what would help."""


def peer_python() -> Path:
    """The Python that has the peer, installed where it is not; Missing says why it cannot be."""
    told = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "wellpost" / f"beside-synapse-{told}"
    python = folder / "bin" / "python"
    if not (folder / "whole").exists():
        _install(folder, python)
        (folder / "whole").touch()
    return python


def _install(folder: Path, python: Path) -> None:
    print(f"installing matrix-synapse into {folder}", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    words = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    asked = [*words, "--only-binary", ":all:", "--require-hashes", "-r", REQUIREMENTS]
    done = subprocess.run(
        [str(each) for each in asked], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Missing(
            f"matrix-synapse could not be installed by pip: {done.stderr.strip()[-600:]}\n"
            "This bench needs Python 3.11 on x86-64 Linux and the packages of "
            f"{REQUIREMENTS.name} from PyPI, or a mirror of it that pip is set to."
        )
