"""Writes docs/reference from what the program itself knows: `python -m wellpost.cli.reference`."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path

from wellpost.adapters.fhir.mapping_page import fhir_mapping_page
from wellpost.cli.hl7v2_page import hl7v2_page
from wellpost.cli.main import COMMANDS, main
from wellpost.cli.stories import about, stories_page
from wellpost.facts.tables import TABLES, Column, Table
from wellpost.rules.describe import Statement, statements
from wellpost.rules.load import programs
from wellpost.rules.manners import Manner, manners
from wellpost.rules.model import Program
from wellpost.rules.naming import listed
from wellpost.rules.policies import grounds, policies
from wellpost.rules.sources import sources

DEEDS = {
    "packet": ("packet make", "packet verify", "packet recompute"),
    "audit": ("audit verify", "audit checkpoint", "audit proof", "audit check"),
    "keys": ("keys list", "keys rotate", "keys renew-epochs"),
    "retention": ("retention policy", "retention plan", "retention apply"),
}
"""Commands that have commands of their own."""

MADE = "<!-- Made by `python -m wellpost.cli.reference`; change what it is made from. -->"


def rules_page() -> Iterator[str]:
    """Every program: what it asks, since when, and who says so."""
    yield from ("# Rules", "")
    yield "What each program asks, by date. `wellpost rules PROGRAM YEAR` prints what was in force."
    yield "The last column names what a value was"
    yield "[checked against](#what-values-were-checked-against); a dash: nothing that could be read"
    yield "was found, and the value stands as cited."
    yield "[What is known of the law](../explanation/law.md) says what that comes to."
    for program in programs().values():
        yield from ("", f"## {program.name}", "", f"{program.title}, {program.years_text}.")
        yield f"Checked {program.checked}. Reported, unless asked otherwise, at level"
        yield f"{listed(f'`{_hyphened(level)}`' for level in program.levels)}."
        yield from (line for told in _stories(program.name) for line in ("", told))
        yield from _by_measure(program)
    yield from ("", "## What differs between programs in the counting", "")
    yield "A rule says where its counting differs from the usual; nobody else chooses."
    yield ""
    yield from _table(
        ("name", "question", "usual", "otherwise"),
        [_manner(each) for each in manners().values()],
    )
    yield from ("", "## Grounds of exclusion", "")
    yield from _table(
        ("ground", "says", "shown by"),
        [(f"`{each.name}`", each.says, each.shown_by) for each in grounds().values()],
    )
    yield from ("", "## What values were checked against", "")
    yield "Official: as published. Copy: the words of an official text, printed by somebody else or"
    yield "in an older edition. Secondhand: somebody else's account of it."
    yield ""
    yield from _table(
        ("name", "text", "how", "read"),
        [(f"`{each.name}`", each.says, each.how, str(each.read_on)) for each in sources().values()],
    )


def policies_page() -> Iterator[str]:
    """Every policy: the open question, the answers, the default."""
    yield from ("# Policies", "")
    yield "What the law leaves open. Each has one value in force for a whole run, printed on every"
    yield "report; `--policy NAME=VALUE` settles it otherwise."
    for policy in policies().values():
        yield from ("", f"## {policy.name}", "", policy.says, policy.why, "")
        yield from _table(
            ("value", "means"),
            [(_value(value, policy.default), says) for value, says in policy.values.items()],
        )


def facts_page() -> Iterator[str]:
    """Every fact table and its columns."""
    yield from ("# Facts", "")
    yield "The tables a measure is computed from, whatever holds them. Identifiers are text; a day"
    yield "is ISO 8601; in CSV a flag is `true` or `false` and an empty field is null. A missing"
    yield "table is an empty one, except those that every calculation needs."
    for table in TABLES.values():
        yield from ("", f"## {table.name}", "", f"One row is {table.says}.{_needed(table)}", "")
        yield from _table(
            ("column", "kind", "may be empty", "what it is"),
            [_column(column) for column in table.columns],
        )


def command_line_page() -> Iterator[str]:
    """The help of every command."""
    yield from ("# Command line", "")
    yield "Exit status: 0 done; 1 the data was refused; 2 the command line was wrong. Errors go to"
    yield "standard error, one line a fault."
    for command in (each for name in COMMANDS for each in (name, *DEEDS.get(name, ()))):
        yield from ("", f"## wellpost {command}", "", "```text")
        yield from _help(command).rstrip().splitlines()
        yield "```"


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "rules.md": rules_page,
    "policies.md": policies_page,
    "facts.md": facts_page,
    "command-line.md": command_line_page,
    "stories.md": stories_page,
    "fhir-mapping.md": fhir_mapping_page,
    "hl7v2-mapping.md": hl7v2_page,
}


def page(name: str) -> str:
    """The text of a page."""
    heading, *rest = PAGES[name]()
    return "\n".join([heading, "", MADE, *rest]) + "\n"


def write(folder: Path) -> None:
    """Write every page into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (folder / name).write_text(page(name), encoding="utf-8")


def _by_measure(program: Program) -> Iterator[str]:
    found: dict[Statement, list[int]] = {}
    for year in program.years:
        for each in statements(program.in_year(year)):
            found.setdefault(each.of_any_year(), []).append(year)
    for measure in dict.fromkeys(each.measure for each in found):
        yield from ("", f"### {measure or 'the program as a whole'}", "")
        yield from (line for told in _stories(measure or "") for line in (told, ""))
        yield from _table(
            ("asks", "value", "since", "years", "source", "says", "checked against"),
            [_asked(each, years) for each, years in found.items() if each.measure == measure],
        )


def _manner(manner: Manner) -> Sequence[str]:
    said = {word: f"`{word}`: {says}" for word, says in manner.values.items()}
    usual = said.pop(manner.usual)
    return f"`{manner.name}`", manner.says, usual, " ".join(said.values())


def _asked(each: Statement, years: Sequence[int]) -> Sequence[str]:
    span = str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    told = (each.asks, each.value, str(each.since), span, each.cite, each.says)
    return *told, ", ".join(f"`{one.name}`" for one in each.sources) or "-"


def _stories(subject: str) -> Iterator[str]:
    """A line that leads to the stories of a program or measure, where there are some."""
    found = about(subject.replace("-", "_")) if subject else []
    if found:
        links = [f"[{each.anchor}](stories.md#{each.anchor})" for each in found]
        yield f"Stories: {', '.join(links)}."


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _value(value: str, default: str) -> str:
    return f"`{value}` (default)" if value == default else f"`{value}`"


def _needed(table: Table) -> str:
    return " Every calculation needs it." if table.needed_always else ""


def _column(column: Column) -> Sequence[str]:
    values = f": {', '.join(f'`{each}`' for each in column.values)}" if column.values else ""
    empty = "yes" if column.empty_allowed else "no"
    return f"`{column.name}`", column.kind.value, empty, f"{column.says}{values}"


def _hyphened(name: str) -> str:
    return name.replace("_", "-")


def _help(command: str) -> str:
    with redirect_stdout(io.StringIO()) as shown, suppress(SystemExit):
        main([*command.split(), "--help"])
    return shown.getvalue()


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference"))
