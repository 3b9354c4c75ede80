"""What day it is: the real time, the demo's, or a held one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from wellpost.server.clock import time as clock

EVENING_IN_MAINE = datetime(2021, 9, 1, 2, tzinfo=UTC)


def test_today_is_the_practices_day():
    with clock.held_at(EVENING_IN_MAINE):
        assert clock.today("America/New_York") == date(2021, 8, 31)
        assert clock.today("UTC") == date(2021, 9, 1)


def test_held_time_goes_on_afterwards():
    with clock.held_at(EVENING_IN_MAINE), clock.held_at(EVENING_IN_MAINE + timedelta(days=1)):
        assert clock.now() == EVENING_IN_MAINE + timedelta(days=1)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=5)


def test_the_demos_clock_goes_on_from_where_it_was_set(db, settings):
    settings.DEMO = True
    clock.set_to(EVENING_IN_MAINE)
    assert abs(clock.now() - EVENING_IN_MAINE) < timedelta(minutes=5)
    clock.set_to(None)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=5)


def test_outside_the_demo_the_clock_cannot_be_set(db):
    with pytest.raises(RuntimeError, match="in the demo only"):
        clock.set_to(EVENING_IN_MAINE)
