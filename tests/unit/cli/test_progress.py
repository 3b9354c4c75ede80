"""How far it is: a line now and then for a log, and nothing where nobody knows."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from wellpost.cli import progress
from wellpost.facts.duck import Duck, open_duck


@pytest.fixture
def duck(monkeypatch: pytest.MonkeyPatch) -> Iterator[Duck]:
    """A database, looked at without waiting."""
    monkeypatch.setattr(progress, "LINE_SECONDS", 0)
    monkeypatch.setattr(progress, "LOOK_SECONDS", 0.01)
    opened = open_duck()
    yield opened
    opened.close()


def test_a_log_gets_lines_of_how_far_a_query_is(
    duck: Duck, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress.watching(duck.percent), progress.doing("counting"):
        said: list[str] = []
        while not said:  # until it was looked at while something ran
            duck.run("SELECT COUNT(DISTINCT HASH(i)) FROM RANGE(3000000) AS made(i)")
            said = capsys.readouterr().err.splitlines()
    assert all(line.startswith("counting: ") and line.endswith(" %") for line in said)


def test_where_nothing_runs_nothing_is_said(duck: Duck, capsys: pytest.CaptureFixture[str]) -> None:
    with progress.watching(duck.percent), progress.doing("counting"):
        time.sleep(0.05)
    with progress.doing("counting"):
        duck.run("SELECT COUNT(DISTINCT HASH(i)) FROM RANGE(100000) AS made(i)")
    assert capsys.readouterr().err == ""
