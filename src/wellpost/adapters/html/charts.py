"""Charts as SVG inside the page: bars of rates with the threshold, tiles of verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil

from wellpost.reports.overview import Bin, Row, Spread
from wellpost.rules.thresholds import MoreThanPercent, Threshold

WIDTH, HEIGHT = 440, 230
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 28, 44
TILE, GAP = 14, 3


def histogram(found: Spread, threshold: Threshold, name: str, described_by: str) -> Iterator[str]:
    """The rates as bars; what it says in words stands in the element `described_by`."""
    bins = found.bins
    highest = max((one.reporters for one in bins), default=0)
    step = (WIDTH - LEFT - RIGHT) / max(len(bins), 1)
    yield (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(name)}" aria-describedby="{described_by}">'
    )
    yield from _grid(highest)
    for place, one in enumerate(bins):
        yield _bar(one, LEFT + place * step, step, highest)
    yield from _percents(bins, step)
    yield from _threshold(bins, threshold, step)
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text class="axis" x="{middle:.0f}" y="{HEIGHT - 6}">Rate, percent of patients</text>'
    yield "</svg>"


def _grid(highest: int) -> Iterator[str]:
    """A line at the top and half way, with how many reporters that is."""
    for share in (0.0, 0.5, 1.0):
        y = TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)
        if share != 0.5 or highest % 2 == 0:
            yield f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
            number = f"{highest * share:,.0f}"
            yield f'<text class="count" x="{LEFT - 6}" y="{y + 4:.1f}">{number}</text>'


def _bar(one: Bin, x: float, step: float, highest: int) -> str:
    if not one.reporters:
        return ""
    height = max(1.0, (HEIGHT - TOP - BOTTOM) * one.reporters / highest)
    y = HEIGHT - BOTTOM - height
    return (
        f'<rect class="bar {one.side}" x="{x + 1:.1f}" y="{y:.1f}" width="{step - 2:.1f}" '
        f'height="{height:.1f}"><title>{one.text}: {one.reporters:,}</title></rect>'
    )


def _percents(bins: Sequence[Bin], step: float) -> Iterator[str]:
    """Numbers under the right end of bars, so many as there is room for."""
    every = ceil(len(bins) / 9)
    for place, one in enumerate(bins):
        if place % every == 0:
            x = LEFT + step * (place + (0.5 if place == 0 else 1))
            yield f'<text class="percent" x="{x:.1f}" y="{HEIGHT - BOTTOM + 17}">{one.to}</text>'


def _threshold(bins: Sequence[Bin], threshold: Threshold, step: float) -> Iterator[str]:
    """A dashed line right of the bars that do not meet it."""
    if not isinstance(threshold, MoreThanPercent):
        return
    below = sum(one.side == "not_met" for one in bins)
    x = LEFT + below * step
    side = "end" if x > WIDTH * 0.7 else "start"
    at = x - 6 if side == "end" else x + 6
    yield f'<path class="threshold" d="M{x:.1f} {TOP - 12}V{HEIGHT - BOTTOM}"/>'
    yield (
        f'<text class="asked" text-anchor="{side}" x="{at:.1f}" y="{TOP - 4}">'
        f"asked for: {escape(threshold.text)}</text>"
    )


def tiles(rows: Sequence[Row], name: str, described_by: str) -> Iterator[str]:
    """A tile for each practice, by its tin; its mark tells the verdict as well as its colour."""
    across = min(30, max(10, ceil(len(rows) ** 0.5 * 1.6)))
    size = TILE + GAP
    down = ceil(len(rows) / across)
    yield (
        f'<svg class="tiles" viewBox="0 0 {across * size} {down * size}" '
        f'width="{across * size}" role="img" '
        f'aria-label="{escape(name)}" aria-describedby="{described_by}">'
    )
    for place, row in enumerate(rows):
        x, y = place % across * size, place // across * size
        verdict = row["verdict"] or "hidden"
        yield (
            f'<g transform="translate({x} {y})"><title>{escape(str(row["tin"]))}: '
            f"{words(verdict)}{_rate(row)}</title>"
            f'<use href="#t-{verdict}"/></g>'
        )
    yield "</svg>"


def marks() -> str:
    """The tile of each verdict, drawn once: filled, crossed, striped, empty, dotted."""
    box = f'<rect x=".75" y=".75" width="{TILE - 1.5}" height="{TILE - 1.5}" rx="2"'
    star = "M7 4v6M4.4 5.5l5.2 3M9.6 5.5l-5.2 3"
    shapes = {
        "met": f'{box} class="tile met"/><path class="tick" d="M3.5 7.2 6 10l4.6-6"/>',
        "not_met": f'{box} class="tile not_met"/><path class="cross" d="M4 4l6 6M10 4l-6 6"/>',
        "excluded": f'{box} class="tile excluded"/><path class="dash" d="M4 7h6"/>',
        "not_computable": f'{box} class="tile none"/>',
        "not_applicable": f'{box} class="tile none"/>',
        "hidden": f'{box} class="tile none"/><path class="star" d="{star}"/>',
    }
    symbols = (
        f'<symbol id="t-{name}" viewBox="0 0 {TILE} {TILE}" width="{TILE}" height="{TILE}">'
        f"{shape}</symbol>"
        for name, shape in shapes.items()
    )
    return f'<svg class="marks" width="0" height="0" aria-hidden="true">{"".join(symbols)}</svg>'


def legend(verdict: str) -> str:
    """One tile and its name."""
    return (
        f'<svg class="key" width="{TILE}" height="{TILE}" aria-hidden="true">'
        f'<use href="#t-{verdict}"/></svg> {words(verdict)}'
    )


def words(verdict: str) -> str:
    """A verdict as people read it."""
    return verdict.replace("_", " ")


def _rate(row: Row) -> str:
    return "" if row["rate"] is None else f", {row['rate']:.2%}"
