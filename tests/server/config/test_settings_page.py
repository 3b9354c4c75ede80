"""docs/reference/settings.md lists every variable that is read, and no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
NAME = re.compile(r"WELLPOST_[A-Z_]*[A-Z]")


def test_the_page_and_the_code_name_the_same_variables():
    read = {name for file in ROOT.glob("src/**/*.py") for name in NAME.findall(file.read_text())}
    page = (ROOT / "docs/reference/settings.md").read_text()
    assert set(re.findall(r"^\| `(WELLPOST_\w+)`", page, re.MULTILINE)) == read
