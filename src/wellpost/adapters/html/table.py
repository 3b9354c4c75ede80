"""The table of a page: a row for each reporter, its measures side by side, to be sorted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from wellpost.adapters.html.charts import words
from wellpost.reports.overview import Row

PARTS = (
    ("numerator", "reached", "n"),
    ("denominator", "of", "n"),
    ("rate", "rate", "n"),
    ("verdict", "verdict", ""),
)
NAMES = {"npi": "NPI", "tin": "TIN", "virtual_group": "Virtual group"}
HIDDEN = "*"

ByReporter = Mapping[tuple[str, ...], Mapping[str, Row]]


def table(rows: Sequence[Row], number: int, caption: str) -> Iterator[str]:
    """The rows of one level as a table; `number` tells the tables of a page apart."""
    who = [name for name in NAMES if any(row.get(name) for row in rows)]
    measures = list(dict.fromkeys(str(row["measure"]) for row in rows))
    yield f'<p id="told-{number}" role="status" class="told"></p>'
    yield (
        f'<div class="wide" role="region" tabindex="0" aria-labelledby="caption-{number}">'
        f'<table class="sortable" data-told="told-{number}">'
        f'<caption id="caption-{number}">{escape(caption)}</caption>'
    )
    yield from _head(who, measures)
    yield "<tbody>\n"
    for names, theirs in _by_reporter(rows, who).items():
        yield _row(names, [theirs.get(measure) for measure in measures])
    yield "</tbody></table></div>\n"


def _head(who: Sequence[str], measures: Sequence[str]) -> Iterator[str]:
    columns = "".join(f"<col class={'num' if kind else 'word'}>" for _, _, kind in PARTS)
    yield f"<colgroup>{'<col class=who>' * len(who)}{columns * len(measures)}</colgroup>"
    yield "<thead><tr>"
    for place, name in enumerate(who):
        yield (
            f'<th scope="col" rowspan="2" data-column="{place}" data-name="{NAMES[name]}">'
            f"{NAMES[name]}</th>"
        )
    for measure in measures:
        yield f'<th scope="colgroup" colspan="{len(PARTS)}">{escape(words_of(measure))}</th>'
    yield "</tr><tr>"
    for number, measure in enumerate(measures):
        for place, (_, name, kind) in enumerate(PARTS, len(who) + number * len(PARTS)):
            sorted_as = ' data-number class="n"' if kind else ""
            yield (
                f'<th scope="col" data-column="{place}"{sorted_as} '
                f'data-name="{escape(words_of(measure))}, {name}">{name}</th>'
            )
    yield "</tr></thead>"


def _by_reporter(rows: Sequence[Row], who: Sequence[str]) -> ByReporter:
    found: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in rows:
        names = tuple(str(row.get(name) or "") for name in who)
        found.setdefault(names, {})[str(row["measure"])] = row
    return found


def _row(names: Sequence[str], rows: Sequence[Row | None]) -> str:
    """A row; HTML lets the ends of cells and rows be left out, which halves the page."""
    first, *others = names
    cells = [f"<tr><th scope=row>{escape(first)}", *(f"<td>{escape(name)}" for name in others)]
    for row in rows:
        cells += [cell(row, name, kind) for name, _, kind in PARTS]
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
