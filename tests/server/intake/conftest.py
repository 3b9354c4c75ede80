"""The people of these tests, and a clock held still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.intake.world import NOW, World, make_world
from wellpost.server.clock import time as clock


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with clock.held_at(NOW):
        yield make_world()
