"""Texts as a page holds them: fonts that are embedded, widths, lines that fit, bytes once made."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

PLAIN, BOLD = "Wellpost", "Wellpost-Bold"
FONTS = {PLAIN: "DejaVuSansCondensed.ttf", BOLD: "DejaVuSansCondensed-Bold.ttf"}


@cache
def load_fonts() -> None:
    """Make the two fonts known, once in a process; and no stream twice encoded."""
    rl_config.useA85 = 0
    for name, file in FONTS.items():
        pdfmetrics.registerFont(TTFont(name, str(Path(__file__).parent / "fonts" / file)))


class Ink:
    """What is written on one document. Texts that come again are made once."""

    def __init__(self, canvas: Canvas) -> None:
        load_fonts()
        self._canvas: Any = canvas
        self._operators: dict[tuple[str, float, str], str] = {}
        self._widths: dict[tuple[str, str], float] = {}
        self._wrapped: dict[tuple[str, float, float, str], list[str]] = {}

    def text(self, font: str, size: float, x: float, y: float, text: str) -> str:
        """The operators that show the text there."""
        key = (font, size, text)
        if key not in self._operators:
            self._operators[key] = self._show(font, size, text)
        return f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm {self._operators[key]} ET"

    def width(self, font: str, size: float, text: str) -> float:
        """How wide the text is."""
        key = (font, text)
        if key not in self._widths:
            self._widths[key] = pdfmetrics.stringWidth(text, font, 1)
        return self._widths[key] * size

    def lines(self, font: str, size: float, width: float, text: str) -> list[str]:
        """The text in lines no wider than that; a word that is too long is cut."""
        key = (font, size, width, text)
        if key not in self._wrapped:
            self._wrapped[key] = self._wrap(font, size, width, text)
        return self._wrapped[key]

    def _show(self, font: str, size: float, text: str) -> str:
        found: Any = pdfmetrics.getFont(font)
        document = self._canvas._doc
        return " ".join(
            f"{found.getSubsetInternalName(subset, document)} {size} Tf "
            f"({self._canvas._escape(piece)}) Tj"
            for subset, piece in found.splitString(text, document)
        )

    def _wrap(self, font: str, size: float, width: float, text: str) -> list[str]:
        if self.width(font, size, text) <= width:
            return [text]
        lines, line = [], ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if self.width(font, size, longer) <= width:
                line = longer
                continue
            lines += [line] if line else []
            *cut, line = self._cut(font, size, width, word)
            lines += cut
        return [*lines, line]

    def _cut(self, font: str, size: float, width: float, word: str) -> list[str]:
        pieces, piece = [], ""
        for letter in word:
            if piece and self.width(font, size, piece + letter) > width:
                pieces.append(piece)
                piece = ""
            piece += letter
        return [*pieces, piece]
