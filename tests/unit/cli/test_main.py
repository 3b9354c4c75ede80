"""How a command ends: its exit status and the one line that says why."""

from __future__ import annotations

import pytest

from wellpost import __version__
from wellpost.cli import rules
from wellpost.cli.main import COMMANDS, main
from wellpost.errors import DataRefusedError


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(f"    {command}" in shown for command in COMMANDS)


def test_the_version(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"wellpost {__version__}\n"


def test_each_fault_is_a_line_and_the_status_that_of_the_error(monkeypatch, capsys):
    def refuse(arguments: object) -> None:
        raise DataRefusedError("a.csv:1: one.", "a.csv:2: two.")

    monkeypatch.setattr(rules, "run", refuse)
    assert main(["rules"]) == 1
    assert capsys.readouterr().err == "a.csv:1: one.\na.csv:2: two.\n"


def test_ctrl_c_ends_without_a_traceback(monkeypatch, capsys):
    def interrupt(arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rules, "run", interrupt)
    assert main(["rules"]) == 130
    assert capsys.readouterr().err == "stopped; nothing was left half written.\n"
