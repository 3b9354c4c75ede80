"""Every story is told to every engine."""

from pathlib import Path

import pytest

from tests.worlds.holders import ENGINES, holder
from tests.worlds.world import World


@pytest.fixture(params=ENGINES)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """An empty world, held by one engine after the other."""
    return World(holder(request.param, tmp_path, lambda: request.getfixturevalue("postgresql")))
