"""What must be there, and what can be brought here: node, Chromium, Lighthouse."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

PACKAGE = "lighthouse@12"


class Missing(Exception):  # noqa: N818 - no fault of the program
    """What is missing, and how to get it."""


def node() -> str:
    return _program("node", "node and npm, 20 or later: apt-get install nodejs npm")


def chromium() -> str:
    found = os.environ.get("CHROME_PATH") or shutil.which("chromium") or shutil.which("chrome")
    if not found:
        raise Missing("Chromium is missing. Get it: apt-get install chromium, or set CHROME_PATH.")
    return found


def lighthouse(folder: Path) -> Path:
    """Its command line in LIGHTHOUSE, or installed into the folder."""
    modules = Path(os.environ.get("LIGHTHOUSE") or folder / "node_modules")
    if not (modules / "lighthouse").is_dir():
        print(f"installing {PACKAGE}", flush=True)
        npm = _program("npm", "npm: apt-get install npm")
        asked = [npm, "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder)]
        done = subprocess.run([*asked, PACKAGE], check=False, capture_output=True, text=True)
        if done.returncode:
            raise Missing(
                f"{PACKAGE} could not be installed by npm: {done.stderr.strip()[-300:]}\n"
                "Install it somewhere else and set LIGHTHOUSE to that node_modules."
            )
        modules = folder / "node_modules"
    return modules / "lighthouse" / "cli" / "index.js"


def _program(name: str, how: str) -> str:
    found = shutil.which(name)
    if not found:
        raise Missing(f"{name} is missing. This bench needs {how}.")
    return found
