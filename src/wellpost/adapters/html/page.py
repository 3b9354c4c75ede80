"""The page: of each measure how rates are spread, who is near, which practices met; all rows."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from wellpost.adapters.html.charts import histogram, legend, marks, tiles
from wellpost.adapters.html.counted import ONES, how_many, tallied
from wellpost.adapters.html.objective import objective
from wellpost.adapters.html.table import cell, reporter_of, table, words_of
from wellpost.reports.overview import Row, Spread, near, spread, tally
from wellpost.reports.request import Request
from wellpost.rules.measure import MeasureRule
from wellpost.rules.thresholds import AttestedYes
from wellpost.terms import Level, spoken

MOST_NEAR = 50


def page(
    request: Request,
    rows: Sequence[Row],
    heading: str,
    notes: Sequence[str],
    hidden: str | None = None,
    objectives: Sequence[Row] = (),
) -> Iterator[str]:
    """The page in pieces, from rows as they are shown; `hidden` says what of them is hidden.

    `objectives` are what the objective comes to for each reporter, where the program has one.
    """
    style, script = _file("style.css"), _file("sort.js")
    judged = {reporter_of(row): row for row in objectives}
    by_level = {
        level: [row for row in rows if row["level"] == spoken(level)] for level in request.levels
    }
    yield from _head(heading, style, script)
    yield marks()
    yield from _header(request, rows, heading, hidden, bool(judged))
    yield '<main id="main">'
    theirs = {level: dict.fromkeys(map(reporter_of, some)) for level, some in by_level.items()}
    yield from objective(request, theirs, judged)
    for number, rule in enumerate(request.measures):
        its = [row for row in rows if _is_of(row, rule)]
        yield from _measure(number, rule, its, request, _no_map(request, hidden))
    for number, (level, some) in enumerate(by_level.items()):
        yield f'<section><h2 id="all-{number}">Every {ONES[level]}</h2>'
        yield from table(some, number, _caption(some, level, hidden), judged)
        yield "</section>"
    yield "</main><footer><h2>What it rests on</h2>"
    yield from (f"<p>{escape(note)}</p>" for note in notes)
    yield f"</footer><script>{script}</script></body></html>\n"


def _head(heading: str, style: str, script: str) -> Iterator[str]:
    """Nothing but the page's own style and script may run, and nothing be fetched."""
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}"
    yield (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(heading)}</title><style>{style}</style></head><body>"
        '<a class="skip" href="#main">Skip to the measures</a>'
    )


def _header(
    request: Request, rows: Sequence[Row], heading: str, hidden: str | None, objective: bool
) -> Iterator[str]:
    rules = request.rules
    yield f"<header><h1>{escape(rules.program.title)}, {rules.year}</h1>"
    yield f"<p>{escape(heading)}</p>"
    told = ", ".join(how_many(_reporters(rows, one), ONES[one]) for one in request.levels)
    yield f"<p>{told}.</p>"
    if hidden:
        yield f"<p><strong>{escape(hidden)}</strong></p>"
    yield '<nav aria-label="On this page"><ul>'
    if objective:
        yield '<li><a href="#objective">The objective</a>'
    for number, rule in enumerate(request.measures):
        yield f'<li><a href="#measure-{number}">{escape(words_of(spoken(rule.measure)))}</a>'
    for number, level in enumerate(request.levels):
        yield f'<li><a href="#all-{number}">Every {ONES[level]}</a>'
    yield "</ul></nav></header>"


def _measure(
    number: int, rule: MeasureRule, rows: Sequence[Row], request: Request, no_map: str
) -> Iterator[str]:
    name = words_of(spoken(rule.measure))
    yield f'<section class="measure"><h2 id="measure-{number}">{escape(name)}</h2>'
    yield f"<p>Asked for: {escape(rule.threshold.text)} ({escape(rule.cite)}).</p>"
    level = next((one for one in request.levels if one is not Level.GROUP), request.levels[0])
    theirs = [row for row in rows if row["level"] == spoken(level)]
    yield f"<p>{tallied(theirs, ONES[level])}</p>"
    if not isinstance(rule.threshold, AttestedYes):
        yield from _rates(number, rule, theirs, f"{name}: rates of each {ONES[level]}")
        yield from _near(rule, theirs, ONES[level])
    yield from _map(number, [row for row in rows if row["level"] == "group"], name, no_map)
    yield "</section>"


def _rates(number: int, rule: MeasureRule, rows: Sequence[Row], name: str) -> Iterator[str]:
    found = spread(rows, rule.threshold)
    yield "<h3>How rates are spread</h3>"
    yield from histogram(found, rule.threshold, name, f"rates-{number}")
    yield f'<p id="rates-{number}">{escape(_told(found))}</p>'
    yield "<details><summary>The same as a table</summary><table>"
    yield "<thead><tr><th scope=col>rate<th scope=col class=n>how many</thead><tbody>"
    for one in found.bins:
        yield f"<tr><th scope=row>{one.text}<td class=n>{one.reporters:,}"
    yield "</tbody></table></details>"


def _told(found: Spread) -> str:
    """The chart in a sentence."""
    shown = sum(one.reporters for one in found.bins)
    parts = [f"{shown:,} have a rate"]
    for side, says in (("met", "meet"), ("not_met", "do not meet")):
        number = sum(one.reporters for one in found.bins if one.side == side)
        parts += [f"{number:,} {says} what is asked"] if number else []
    if found.bins:
        most = max(found.bins, key=lambda one: one.reporters)
        parts.append(f"most ({most.reporters:,}) lie at {most.text}")
    parts += [f"{found.without:,} saw nobody and have none"] if found.without else []
    parts += [f"{found.hidden:,} are hidden and not drawn"] if found.hidden else []
    return f"{'; '.join(parts)}."


def _near(rule: MeasureRule, rows: Sequence[Row], one: str) -> Iterator[str]:
    found = near(rows, rule.threshold)
    yield "<h3>Near the threshold</h3>"
    if not found:
        yield "<p>For nobody do five patients or fewer decide.</p>"
        return
    short = sum(margin < 0 for margin, _ in found)
    yield (
        f"<p>For {how_many(len(found), one)} five patients or fewer decide: {short:,} need up to "
        f"five more, {len(found) - short:,} would not meet it with up to five fewer.</p>"
    )
    yield "<details><summary>Who they are, the nearest first</summary>"
    yield '<div class="wide" role="region" tabindex="0" aria-label="Near the threshold"><table>'
    yield "<thead><tr><th scope=col>NPI<th scope=col>TIN<th scope=col class=n>reached"
    yield "<th scope=col class=n>of<th scope=col>verdict<th scope=col>how near</thead><tbody>"
    for margin, row in found[:MOST_NEAR]:
        parts = "".join(cell(row, name, "n") for name in ("numerator", "denominator"))
        yield f"<tr><th scope=row>{escape(row['npi'] or '')}<td>{escape(row['tin'] or '')}{parts}"
        yield f"{cell(row, 'verdict', '')}<td>{_how_near(margin)}"
    yield "</tbody></table></div>"
    if len(found) > MOST_NEAR:
        yield f"<p>and {len(found) - MOST_NEAR:,} more, in the table of all.</p>"
    yield "</details>"


def _how_near(margin: int) -> str:
    if margin < 0:
        return f"{-margin} more needed"
    return "just met" if margin == 0 else f"{margin} more than needed"


def _no_map(request: Request, hidden: str | None) -> str:
    """Why there is no map of practices, where there is none."""
    if Level.GROUP in request.levels:
        return "No practice is among those asked for."
    if hidden and not (request.npi or Level.VIRTUAL_GROUP in request.levels):
        return (
            "No map of practices: beside the rows shown here, those of whole practices would tell "
            "what is hidden. Ask for --level practice-clinician --level group to see it."
        )
    asked = "one clinician was" if request.npi else "whole virtual groups were"
    return f"No map of practices: {asked} asked for."


def _map(number: int, rows: Sequence[Row], name: str, no_map: str) -> Iterator[str]:
    yield "<h3>Practices</h3>"
    if not rows:
        yield f"<p>{no_map}</p>"
        return
    yield "<p>A tile for each practice, by the number of its TIN.</p>"
    yield from tiles(rows, f"{name}: the verdict of each practice", f"map-{number}")
    yield f'<p id="map-{number}">{tallied(rows, "practice")}</p><ul class="keys">'
    yield from (f"<li>{legend(verdict)}" for verdict in tally(rows))
    yield "</ul>"


def _caption(rows: Sequence[Row], level: Level, hidden: str | None) -> str:
    number = _reporters(rows, level)
    return f"{number:,} rows. {hidden or ''}".strip()


def _reporters(rows: Sequence[Row], level: Level) -> int:
    theirs = [row for row in rows if row["level"] == spoken(level)]
    return len({(row["npi"], row["tin"], row.get("virtual_group")) for row in theirs})


def _is_of(row: Row, rule: MeasureRule) -> bool:
    return bool(row["measure"] == spoken(rule.measure))


def _file(name: str) -> str:
    return files("wellpost.adapters.html").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
