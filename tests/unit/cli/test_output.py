"""Answers in their forms: plain columns, CSV, and files that are whole or not there."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from wellpost.cli.output import Answer, Sheet, as_csv, as_table, texts, write
from wellpost.errors import RequestError

ROWS: list[dict[str, object]] = [
    {"npi": "1", "numerator": 5, "needed": None},
    {"npi": "22", "numerator": 100, "needed": 0},
]
NAMES = ["npi", "numerator", "needed"]
ANSWER = Answer(
    whole={"results": ROWS},
    columns=NAMES,
    rows=ROWS,
    sheets=[Sheet("the title", NAMES, [texts(row, NAMES) for row in ROWS], ["a line"])],
    notes=["a note"],
)


class Terminal(io.StringIO):
    """A file that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_table_aligns_numbers_to_the_right_and_shows_nothing_as_a_dash():
    assert "".join(as_table(ANSWER)).splitlines() == [
        "the title",
        "",
        "npi  numerator  needed",
        "1            5       -",
        "22         100       0",
        "a line",
        "",
        "a note",
    ]


def test_csv_leaves_null_empty():
    assert "".join(as_csv(ANSWER)).splitlines() == ["npi,numerator,needed", "1,5,", "22,100,0"]


def test_csv_without_rows_has_its_names():
    assert "".join(as_csv(Answer({}, ["npi"], []))) == "npi\n"


def test_a_terminal_gets_the_same_words(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    write(ANSWER, "table", None)
    shown = terminal.getvalue()
    assert all(word in shown for word in ("the title", "numerator", "100", "a line", "a note"))


def test_what_stops_half_way_leaves_no_file(tmp_path: Path):
    class Stopping(list[dict[str, object]]):
        """Rows that stop after the first."""

        def __iter__(self) -> Iterator[dict[str, object]]:
            yield ROWS[0]
            raise KeyboardInterrupt

    out = tmp_path / "out.csv"
    with pytest.raises(KeyboardInterrupt):
        write(Answer({}, NAMES, Stopping()), "csv", str(out))
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path):
    with pytest.raises(RequestError, match="cannot be written: No such file or directory"):
        write(ANSWER, "json", str(tmp_path / "none" / "out.json"))


def test_a_folder_cannot_be_written(tmp_path: Path):
    with pytest.raises(RequestError, match="cannot be written: Is a directory"):
        write(ANSWER, "json", str(tmp_path))
