"""The command line as a user runs it: what it printed, said, and how it ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.folder import Folder
from wellpost.cli.main import main


@dataclass(frozen=True)
class Ran:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The object it printed."""
        return json.loads(self.out)

    def result(self, measure: str, **reporter: object) -> dict[str, Any]:
        """The one result of a measure (of a level, npi or tin)."""
        wanted = {"measure": measure, **reporter}
        found = [r for r in self.json["results"] if wanted.items() <= r.items()]
        assert len(found) == 1, found
        return found[0]


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks that were made before are remembered in a folder of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    path = tmp_path / "facts"
    path.mkdir()
    return Folder(path)


@pytest.fixture
def wellpost(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command: words as they are typed."""

    def run(*words: object) -> Ran:
        status = main([str(word) for word in words])
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    return run


@pytest.fixture
def stage_3(wellpost: Run, folder: Folder) -> Run:
    """`wellpost measure` for stage-3 2021, June to August, as JSON unless asked otherwise."""

    def run(*more: object, period: str = "2021-06-01..2021-08-31", year: int = 2021) -> Ran:
        asked = ("--program", "stage-3", "--year", year, "--period", period)
        form = () if "--format" in more else ("--format", "json")
        return wellpost("measure", folder, *asked, *form, *more)

    return run
