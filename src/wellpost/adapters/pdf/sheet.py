"""Pages being filled from top to bottom: headings, lines, pairs, tables that go on overleaf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from wellpost.adapters.pdf.ink import BOLD, PLAIN, Ink
from wellpost.adapters.pdf.structure import Node

WIDTH, HEIGHT = 792.0, 612.0
"""Letter, turned: tables need the breadth."""

LEFT, RIGHT, TOP, BOTTOM = 42.0, 42.0, 44.0, 46.0
BREADTH = WIDTH - LEFT - RIGHT
GREY = "0.45 0.45 0.45"
PAD = 4.0
MOST_CELLS = 4000
"""A table with more cells is told to screen readers as lines, or the file grows threefold."""


@dataclass
class Page:
    """The operators of one page, and how many marks it has."""

    code: list[str] = field(default_factory=list)
    marks: int = 0
    outline: list[tuple[str, int, float]] = field(default_factory=list)


class Sheet:
    """The pages of one document, and where the next thing goes."""

    def __init__(self, ink: Ink) -> None:
        self.ink = ink
        self.pages = [Page()]
        self.root = Node("Document")
        self.y = HEIGHT - TOP

    @property
    def page(self) -> Page:
        """The page being filled."""
        return self.pages[-1]

    def need(self, height: float) -> bool:
        """Go to a new page unless so much room is left; whether it did."""
        if self.y - height >= BOTTOM:
            return False
        self.pages.append(Page())
        self.y = HEIGHT - TOP
        return True

    def marked(self, node: Node, *code: str) -> None:
        """Operators that are this element's on the page."""
        number = self.page.marks
        self.page.marks += 1
        node.marks.append((len(self.pages) - 1, number))
        self.page.code += [f"/{node.kind} <</MCID {number}>> BDC", *code, "EMC"]

    def artifact(self, *code: str) -> None:
        """Operators that only decorate."""
        self.page.code += ["/Artifact BMC", *code, "EMC"]

    def heading(self, text: str, level: int) -> None:
        """A heading, with an entry in the outline; never alone at the foot of a page."""
        size = {0: 17.0, 1: 12.5}.get(level, 10.5)
        self.need(size + 84)
        self.y -= size + (0 if self.y == HEIGHT - TOP else 10)
        self.page.outline.append((text, level, self.y + size))
        self.flow(self.root.add(f"H{level + 1}"), text, BOLD, size, gap=5)

    def paragraph(self, text: str, font: str = PLAIN, size: float = 8.5) -> None:
        """Lines of text over the breadth of the page."""
        self.y -= size + 2
        self.flow(self.root.add("P"), text, font, size, gap=2)

    def pair(self, label: str, text: str) -> None:
        """A label and what it stands for."""
        lines = self.ink.lines(PLAIN, 8.5, BREADTH - 150, text)
        self.need(12 * len(lines))
        self.y -= 12
        node = self.root.add("P")
        self.marked(node, self.ink.text(BOLD, 8.5, LEFT, self.y, label))
        for number, line in enumerate(lines):
            self.y -= 12 if number else 0
            self.marked(node, self.ink.text(PLAIN, 8.5, LEFT + 150, self.y, line))

    def flow(self, node: Node, text: str, font: str, size: float, *, gap: float) -> None:
        """The text in as many lines as it needs, the first at the present height."""
        for number, line in enumerate(self.ink.lines(font, size, BREADTH, text)):
            if number:
                self.need(size + 3)
                self.y -= size + 3
            self.marked(node, self.ink.text(font, size, LEFT, self.y, line))
        self.y -= gap


class Grid:
    """One table on a sheet."""

    def __init__(
        self,
        sheet: Sheet,
        titles: Sequence[str],
        numbers: Sequence[bool],
        rows: Sequence[Sequence[str]],
        size: float = 7.0,
    ) -> None:
        self.sheet, self.ink, self.size = sheet, sheet.ink, size
        self.titles, self.numbers, self.rows = titles, numbers, rows
        self.widths = self._widths()
        self.each_cell = len(rows) * len(titles) <= MOST_CELLS
        self.table = sheet.root.add("Table" if self.each_cell else "Sect")

    def draw(self) -> None:
        """The header, again on each page, and every row."""
        self.sheet.need(60)
        self._header(first=True)
        for row in self.rows:
            lines = self._lines(row, PLAIN)
            if self.sheet.need(self._height(lines)):
                self._header(first=False)
            self._row(lines, PLAIN, "TD")
        self.sheet.y -= 8

    def _header(self, *, first: bool) -> None:
        lines = self._lines(self.titles, BOLD)
        height = self._height(lines)
        bottom = self.sheet.y - height
        grey = f"0.93 0.93 0.93 rg {LEFT} {bottom:.2f} {BREADTH} {height:.2f} re f 0 0 0 rg"
        self.sheet.artifact(grey)
        self._row(lines, BOLD, "TH" if first else None)

    def _row(self, lines: list[list[str]], font: str, kind: str | None) -> None:
        """One row; a header that comes again (`kind` None) only decorates."""
        sheet, height = self.sheet, self._height(lines)
        cells = [self._cell(place, cell, font) for place, cell in enumerate(lines)]
        if kind is None:
            sheet.artifact(*(each for cell in cells for each in cell))
        elif self.each_cell:
            row = self.table.add("TR")
            for cell in cells:
                sheet.marked(row.add(kind), *cell)
        else:
            sheet.marked(self.table.add("P"), *(each for cell in cells for each in cell))
        sheet.y -= height
        sheet.artifact(f"0.8 G 0.4 w {LEFT} {sheet.y:.2f} m {WIDTH - RIGHT} {sheet.y:.2f} l S")

    def _cell(self, place: int, lines: Sequence[str], font: str) -> list[str]:
        left = LEFT + sum(self.widths[:place]) + PAD
        y, code = self.sheet.y - self.size - 2, []
        for line in lines:
            x = left
            if self.numbers[place]:
                x += self.widths[place] - 2 * PAD - self.ink.width(font, self.size, line)
            code.append(self.ink.text(font, self.size, x, y, line))
            y -= self.size + 2
        return code

    def _lines(self, row: Sequence[str], font: str) -> list[list[str]]:
        return [
            self.ink.lines(font, self.size, width - 2 * PAD, cell)
            for cell, width in zip(row, self.widths, strict=True)
        ]

    def _height(self, lines: Sequence[Sequence[str]]) -> float:
        return max(len(cell) for cell in lines) * (self.size + 2) + 4

    def _widths(self) -> list[float]:
        """As wide as the widest cell; where that is too wide together, the widest give way."""
        wanted = [self._wanted(place) for place in range(len(self.titles))]
        least = _level(wanted, BREADTH)
        widths = [min(width, least) for width in wanted]
        spare = max(0.0, BREADTH - sum(widths))
        return [width + spare * width / sum(widths) for width in widths]

    def _wanted(self, place: int) -> float:
        cells = {row[place] for row in self.rows}
        if len(cells) > 400:
            cells = set(sorted(cells, key=len)[-200:])
        title = max(self.ink.width(BOLD, self.size, word) for word in self.titles[place].split())
        widest = max((self.ink.width(PLAIN, self.size, cell) for cell in cells), default=0.0)
        return max(widest, title) + 2 * PAD + 1


def _level(wanted: Sequence[float], room: float) -> float:
    """The width at which columns are cut off so that together they fit."""
    left, rest = room, sorted(wanted)
    for number, width in enumerate(rest):
        share = left / (len(rest) - number)
        if width > share:
            return share
        left -= width
    return room
