"""docs/reference says what the program does today: its pages are made, and none is stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from wellpost.cli.reference import PAGES, page, write

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_what_would_be_made_today(name: str):
    made = page(name) == (REFERENCE / name).read_text(encoding="utf-8")
    assert made, f"docs/reference/{name} is stale; run: python -m wellpost.cli.reference"


def test_every_page_is_written(tmp_path: Path):
    write(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == set(PAGES)
