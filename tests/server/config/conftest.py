"""Settings read in a process of their own, as a machine with these variables would."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

SHOW = """
import json
from wellpost.server.config import settings
held = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
print(json.dumps(held, default=str))
"""


@pytest.fixture
def settings_of(tmp_path):
    def read(**variables):
        kept = {name: value for name, value in os.environ.items() if "WELLPOST" not in name}
        given = {**kept, "WELLPOST_HOME": str(tmp_path), **variables}
        done = subprocess.run(
            [sys.executable, "-c", SHOW], env=given, capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)

    return read
