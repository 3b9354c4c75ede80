"""Numbers and units: read with care, converted by a library that knows UCUM.

The conversions are `pint`'s, the units `ucumvert`'s reading of UCUM. Every conversion here is a
straight line, so each pair of units is asked of the library twice and then kept: importing a
million readings must not ask a million times.
"""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException, localcontext
from functools import cache
from typing import Any, NamedTuple

from lark.exceptions import LarkError
from pint.errors import PintError

from wellpost.errors import RequestError

from .kinds import Kind, Part

NUMBER = re.compile(r"[+-]?(?:[0-9]{1,9}(?:[.,][0-9]{0,15})?|[.,][0-9]{1,15})(?:[eE][+-]?[0-9])?")
UNIT = re.compile(r"[A-Za-z0-9%/.\[\]_{}*'-]{1,24}")
PLACES = Decimal("0.0001")
NO_UNIT = (
    LarkError, PintError, DecimalException, ValueError, TypeError, AttributeError, AssertionError,
)  # fmt: skip
"""What the libraries raise for something that is no unit; the last for `{}`, empty braces."""
GLUCOSE_GRAMS_A_MOLE = Decimal("180.156")
"""C6H12O6; without it UCUM does not turn moles of something into grams of it."""


class Line(NamedTuple):
    """From one unit to another: `factor` times the number, plus `offset`."""

    factor: Decimal
    offset: Decimal


def number(text: str) -> Decimal:
    """The number written; RequestError for anything else. A comma may stand for the point."""
    written = text.strip()
    if len(written) > 30 or not NUMBER.fullmatch(written):
        shown = written if len(written) <= 20 else f"{written[:20]}…"
        raise RequestError(f"“{shown}” is not a number. Write it in digits, such as 120 or 98.6.")
    return Decimal(written.replace(",", "."))


def converted(value: Decimal, unit: str, kind: Kind) -> Decimal:
    """The value in the kind's own unit, to four places; RequestError where it cannot be."""
    line = line_between(unit, kind.unit.code, kind.name == "glucose")
    return turned(value, line)


def turned(value: Decimal, line: Line) -> Decimal:
    """The value carried along the line, to four places."""
    try:
        return (value * line.factor + line.offset).quantize(PLACES)
    except DecimalException:
        raise RequestError("That number is too large to be a reading. Look for a slip.") from None


def shown_in(value: Decimal, unit: str, kind: Kind) -> Decimal:
    """A kept value as a reading in another of the kind's units, to four places."""
    line = line_between(unit, kind.unit.code, kind.name == "glucose")
    return ((value - line.offset) / line.factor).quantize(PLACES)


def check_possible(value: Decimal, part: Part, kind: Kind, entered_unit: str) -> None:
    """Refuse, kindly, what no body shows; the bounds are named in the unit that was written in."""
    if part.least <= value <= part.most:
        return
    unit = kind.unit_of(entered_unit)
    least, most = (plain(shown_in(each, unit.code, kind), 1) for each in (part.least, part.most))
    raise RequestError(
        f"{part.label}: that cannot be right. It should be between {least} and {most} "
        f"{unit.label}. Look again at the number and the unit."
    )


def plain(value: Decimal, decimals: int) -> str:
    """The number as people write it: without zeros that say nothing."""
    rounded = f"{value:.{decimals}f}"
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded


@cache
def line_between(unit: str, to: str, glucose: bool = False) -> Line:
    """How the one UCUM unit becomes the other; RequestError for no unit, or of something else."""
    if unit == to:
        return Line(Decimal(1), Decimal(0))
    if not UNIT.fullmatch(unit) or re.search(r"[0-9]{3}", unit):
        raise RequestError(f"{unit[:20]!r} is no UCUM unit that a reading can have.")
    try:
        with localcontext() as context:
            context.prec = 24
            at_zero, at_hundred = (_asked(Decimal(each), unit, to, glucose) for each in (0, 100))
            return Line(+((at_hundred - at_zero) / 100), +at_zero)
    except NO_UNIT:
        raise RequestError(f"{unit[:20]!r} cannot be turned into {to}. Give it in {to}.") from None


def _asked(value: Decimal, unit: str, to: str, glucose: bool) -> Decimal:
    registry = _registry()
    quantity = registry.Quantity(value, registry.from_ucum(unit))
    target = registry.from_ucum(to)
    if not glucose:
        return Decimal(quantity.to(target).magnitude)
    weight = registry.Quantity(GLUCOSE_GRAMS_A_MOLE, "g/mol")
    return Decimal(quantity.to(target, "chemistry", mw=weight).magnitude)


@cache
def _registry() -> Any:
    """Made when it is first asked, which takes a second."""
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry(non_int_type=Decimal)
