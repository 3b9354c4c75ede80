"""Java, which Spark runs on: where it is, and whether it is new enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from wellpost.errors import RequestError

OLDEST = 17
PACKAGE = "openjdk-17-jre-headless"
HOW = f"install it (Debian: sudo apt-get install {PACKAGE}), or set JAVA_HOME"


def refuse_without_java() -> None:
    """RequestError when there is no Java here that Spark can run on."""
    java = _java()
    if java is None:
        raise RequestError(f"Spark needs Java {OLDEST} or later, and there is none here: {HOW}.")
    version = _version(java)
    if version < OLDEST:
        raise RequestError(f"Spark needs Java {OLDEST} or later; {java} is {version}: {HOW}.")


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return shutil.which(str(Path(home) / "bin" / "java")) if home else shutil.which("java")


def _version(java: str) -> int:
    """The major version, 0 when the program does not tell; Java 8 calls itself 1.8."""
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(?:1\.)?([0-9]+)', said)
    return int(found[1]) if found else 0
