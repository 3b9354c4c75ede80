"""ClamAV's own daemon, where it is installed (Debian: clamav-daemon), with a signature made here.

Signatures of real viruses are fetched by freshclam and are not to be had everywhere; what is
tried is that this server and that daemon understand each other.
"""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.worlds.waiting import HUNG, until
from wellpost.server.messaging.checking import scanner
from wellpost.server.messaging.checking.errors import FileRefusedError, ScannerAwayError

CLAMD = os.environ.get("WELLPOST_TEST_CLAMD") or shutil.which("clamd")
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
HARMFUL = b"wellpost-made-this-up-to-be-found"

pytestmark = pytest.mark.skipif(
    not (DEEP and CLAMD), reason="nightly, where clamd is: sudo apt-get install clamav-daemon"
)


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    """A clamd of the test's own: its signature, its socket."""
    home = tmp_path_factory.mktemp("clamd")
    (home / "made.ndb").write_text(f"Wellpost.Made-Up:0:*:{HARMFUL.hex()}\n")
    (home / "clamd.conf").write_text(
        f"LocalSocket {home}/socket\nDatabaseDirectory {home}\nForeground yes\n"
        "StreamMaxLength 2M\nMaxThreads 2\n"
    )
    running = subprocess.Popen([CLAMD, "-c", str(home / "clamd.conf")])
    yield f"unix:{home}/socket"
    running.terminate()
    running.wait(HUNG)


@pytest.fixture(autouse=True)
def scanned(daemon, settings):
    settings.CLAMD = daemon
    until(scanner.answers)


def test_what_has_the_signature_is_found_and_what_has_not_is_not():
    scanner.scan([b"a diary\n" * 1000])
    with pytest.raises(FileRefusedError, match="harmful"):
        scanner.scan([b"before\n" * 1000, HARMFUL, b"after"])


def test_what_is_longer_than_it_takes_is_not_called_clean():
    with pytest.raises(ScannerAwayError):
        scanner.scan(b"x" * 65536 for _ in range(64))
