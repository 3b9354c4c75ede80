"""The objective on the page: what it asks for, and how many of each level meet it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from wellpost.adapters.html.counted import ONES, tallied
from wellpost.adapters.html.table import Who, words_of
from wellpost.reports.overview import Row
from wellpost.reports.request import Request
from wellpost.terms import Level, spoken

PARTLY = (
    "Incomplete: not all of its measures were asked for here, and what they come to decides it."
)


def objective(
    request: Request, theirs: Mapping[Level, Iterable[Who]], judged: Mapping[Who, Row]
) -> Iterator[str]:
    """A section with the rule and the tally of each level; nothing where no objective is judged.

    `theirs` are the reporters of each level; what each came to is in the tables of all.
    """
    rule = request.rules.objective
    if rule is None or not judged:
        return
    yield '<section class="measure"><h2 id="objective">The objective</h2>'
    yield f"<p>Asked for: {escape(rule.says)} ({escape(rule.cite)}).</p>"
    names = [words_of(spoken(each)) for each in rule.value.measures]
    yield f"<p>Its measures: {escape(', '.join(names))}.</p>"
    for level, reporters in theirs.items():
        rows = [judged[who] for who in reporters if who in judged]
        if rows:
            yield f"<p>{tallied(rows, ONES[level])}</p>"
    if any(row["verdict"] == "incomplete" for row in judged.values()):
        yield f"<p>{PARTLY}</p>"
    links = ", ".join(
        f'<a href="#all-{number}">every {ONES[level]}</a>' for number, level in enumerate(theirs)
    )
    yield f"<p>What it comes to for each stands first in the table of {links}.</p></section>"
