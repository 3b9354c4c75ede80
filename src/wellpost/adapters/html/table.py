"""The table of a page: a row for each reporter, its measures side by side, to be sorted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TypeAlias

from wellpost.adapters.html.charts import words
from wellpost.reports.overview import Row

PARTS = (
    ("numerator", "reached", "n"),
    ("denominator", "of", "n"),
    ("rate", "rate", "n"),
    ("verdict", "verdict", ""),
)
OF_THE_OBJECTIVE = (
    ("verdict", "verdict", ""),
    ("met", "met", "n"),
    ("required", "needed", "n"),
    ("excluded", "excluded", "n"),
)
NAMES = {"npi": "NPI", "tin": "TIN", "virtual_group": "Virtual group"}
HIDDEN = "*"

Who: TypeAlias = tuple[str, ...]
"""A reporter: its NPI, TIN and virtual group; what it has not is empty."""

Parts: TypeAlias = Sequence[tuple[str, str, str]]
"""Columns that belong together: of each the field, what stands above it, and whether it is a
number.
"""

NOBODYS: Mapping[Who, Row] = {}


def reporter_of(row: Row) -> Who:
    """Whose the row is."""
    return tuple(str(row.get(name) or "") for name in NAMES)


def table(
    rows: Sequence[Row], number: int, caption: str, objectives: Mapping[Who, Row] = NOBODYS
) -> Iterator[str]:
    """The rows of one level as a table; `number` tells the tables of a page apart.

    Before the measures stands what the objective comes to for each, if there is one.
    """
    shown = [name for name in NAMES if any(row.get(name) for row in rows)]
    measures = list(dict.fromkeys(str(row["measure"]) for row in rows))
    theirs = _by_reporter(rows)
    objectives = {who: objectives[who] for who in theirs if who in objectives}
    groups = [(words_of(measure), PARTS) for measure in measures]
    if objectives:
        groups.insert(0, ("Objective, by its measures", OF_THE_OBJECTIVE))
    yield f'<p id="told-{number}" role="status" class="told"></p>'
    yield (
        f'<div class="wide" role="region" tabindex="0" aria-labelledby="caption-{number}">'
        f'<table class="sortable" data-told="told-{number}">'
        f'<caption id="caption-{number}">{escape(caption)}</caption>'
    )
    yield from _head(shown, groups)
    yield "<tbody>\n"
    for who, own in theirs.items():
        cells = [(objectives.get(who), OF_THE_OBJECTIVE)] if objectives else []
        cells += [(own.get(measure), PARTS) for measure in measures]
        yield _row([one for one, name in zip(who, NAMES, strict=True) if name in shown], cells)
    yield "</tbody></table></div>\n"


def _head(who: Sequence[str], groups: Sequence[tuple[str, Parts]]) -> Iterator[str]:
    columns = "".join(
        f"<col class={'num' if kind else 'word'}>" for _, parts in groups for _, _, kind in parts
    )
    yield f"<colgroup>{'<col class=who>' * len(who)}{columns}</colgroup>"
    yield "<thead><tr>"
    for place, name in enumerate(who):
        yield (
            f'<th scope="col" rowspan="2" data-column="{place}" data-name="{NAMES[name]}">'
            f"{NAMES[name]}</th>"
        )
    for title, parts in groups:
        yield f'<th scope="colgroup" colspan="{len(parts)}">{escape(title)}</th>'
    yield "</tr><tr>"
    named = ((title, name, kind) for title, parts in groups for _, name, kind in parts)
    for place, (title, name, kind) in enumerate(named, len(who)):
        sorted_as = ' data-number class="n"' if kind else ""
        yield (
            f'<th scope="col" data-column="{place}"{sorted_as} '
            f'data-name="{escape(title)}, {name}">{name}</th>'
        )
    yield "</tr></thead>"


def _by_reporter(rows: Sequence[Row]) -> Mapping[Who, Mapping[str, Row]]:
    found: dict[Who, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(reporter_of(row), {})[str(row["measure"])] = row
    return found


def _row(names: Sequence[str], groups: Sequence[tuple[Row | None, Parts]]) -> str:
    """A row; HTML lets the ends of cells and rows be left out, which halves the page."""
    first, *others = names
    cells = [f"<tr><th scope=row>{escape(first)}", *(f"<td>{escape(name)}" for name in others)]
    for row, parts in groups:
        cells += [cell(row, name, kind) for name, _, kind in parts]
    return "".join(cells) + "\n"


def cell(row: Row | None, name: str, kind: str) -> str:
    """One cell: a number with its commas, a rate in percent, a verdict in words."""
    value = None if row is None else row[name]
    if row is not None and name in row.get("hidden", ()):
        return f"<td class=n>{HIDDEN}" if kind else f"<td>{HIDDEN}"
    if value is None:
        return "<td>"
    if name == "verdict":
        return f"<td class={value}>{words(value)}"
    return f"<td class=n>{value:.2%}" if name == "rate" else f"<td class=n>{value:,}"


def words_of(measure: str) -> str:
    """A measure as people read it."""
    return measure.replace("-", " ").capitalize()
