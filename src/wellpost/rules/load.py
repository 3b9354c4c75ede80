"""Programs by name: read once from the YAML files beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from wellpost.rules.category import read_category
from wellpost.rules.model import MeasureLaw, Program, ProgramYear
from wellpost.rules.naming import no_such
from wellpost.rules.parse import read_measure, read_program
from wellpost.rules.reading import RuleFileError, read
from wellpost.rules.shelf import shelf
from wellpost.terms import spoken

PROGRAMS = Path(__file__).parent / "programs"
OTHERS = ("program.yaml", "category.yaml")
"""Files of a program's folder that are no measure's."""


def programs() -> Mapping[str, Program]:
    """Every program by name, in the order of names."""
    return _programs(shelf())


@cache
def _programs(folder: Path) -> Mapping[str, Program]:
    return read_programs(folder / "programs")


def program(name: str) -> Program:
    """The program of that name; RequestError names what exists."""
    found = programs().get(spoken(name))
    if found is None:
        raise no_such("program", name, programs())
    return found


def program_year(name: str, year: int, state: str | None = None) -> ProgramYear:
    """What a program asks in a year; RequestError names the programs or years there are."""
    return program(name).in_year(year, state)


def read_programs(folder: Path) -> Mapping[str, Program]:
    """Every program under `folder`, each a folder of its own; RuleFileError names file and key."""
    found: dict[str, Program] = {}
    for each in sorted(path for path in folder.iterdir() if (path / "program.yaml").is_file()):
        read_one = _program(each)
        if read_one.name in found:
            twice = f"{found[read_one.name].place} and {read_one.place}"
            raise RuleFileError(f"{twice}: both are named {read_one.name}; rename one.")
        found[read_one.name] = read_one
    return found


def _program(folder: Path) -> Program:
    files = sorted(path for path in folder.glob("*.yaml") if path.name not in OTHERS)
    laws = [read_measure(read(path, _name(path))) for path in files]
    _refuse_twice(laws)
    top, category = folder / "program.yaml", folder / "category.yaml"
    scored = read_category(read(category, _name(category))) if category.is_file() else None
    return read_program(read(top, _name(top)), tuple(laws), scored)


def _refuse_twice(laws: list[MeasureLaw]) -> None:
    seen: dict[str, MeasureLaw] = {}
    for law in laws:
        other = seen.setdefault(law.measure, law)
        if other is not law:
            raise RuleFileError(
                f"{other.place} and {law.place}: both are rules for {law.measure}; "
                "write them in one file."
            )


def _name(path: Path) -> str:
    return f"rules/programs/{path.parent.name}/{path.name}"
