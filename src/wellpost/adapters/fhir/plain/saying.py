"""FHIR's data types in words. A wrong shape says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from wellpost.adapters.fhir.elements import Json, as_object, as_objects, contained_in, text_of

from .codes import word_of

Find = Callable[[str], Json | None]
"""Gives the resource that a literal reference (`Practitioner/1`) leads to, where one may see it."""

LONGEST = 2_000
"""Characters of one text; a longer one is cut, for a page and a sheet have an end."""

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d.*)?)?)?")
_SEMANTIC_TAG = re.compile(
    r" \((disorder|finding|procedure|situation|event|substance|regime/therapy|occupation|"
    r"qualifier value|physical object|morphologic abnormality|observable entity|product|"
    r"record artifact|environment|person)\)$"
)
_MOST_DIGITS = 30


@dataclass(frozen=True)
class Speaker:
    """Says the elements of one resource; `find` looks up what it refers to."""

    resource: Json
    find: Find

    def at(self, path: str) -> str:
        """What stands at a path, in words; `onset[x]` is whichever of its types is there."""
        said = (self.words(value) for value in values_at(self.resource, path))
        return ", ".join(dict.fromkeys(filter(None, said)))[:LONGEST]

    def words(self, value: object) -> str:
        """Any FHIR value in words, by its shape."""
        if isinstance(value, bool):
            return word_of("true" if value else "false")
        if isinstance(value, str):
            return _text(value)
        if isinstance(value, (int, float, Decimal)):
            return str(value)
        return self._object(value) if isinstance(value, dict) else ""

    def _object(self, value: Json) -> str:
        for names, say in self._shapes():
            if any(name in value for name in names):
                return say(value)
        return text_of(value, "text")

    def _shapes(self) -> Iterator[tuple[tuple[str, ...], Callable[[Json], str]]]:
        yield ("reference", "identifier"), self.referred
        yield ("coding",), concept
        yield ("numerator", "denominator"), self._ratio
        yield ("low", "high"), self._range
        yield ("start", "end"), _period
        yield ("family", "given"), human_name
        yield ("city", "line", "postalCode"), _address
        yield ("repeat",), _timing
        yield ("value", "unit"), quantity
        yield ("code", "display"), _coding

    def referred(self, value: Json) -> str:
        """The name of what a Reference leads to, as it is written or as it is found."""
        written = text_of(value, "reference")
        if written.startswith("#"):
            held = as_object(contained_in(self.resource).get(written[1:]))
        else:
            held = as_object(self.find(written)) if written else {}
        return _SEMANTIC_TAG.sub("", text_of(value, "display")) or name_of(held)

    def _ratio(self, value: Json) -> str:
        parts = (quantity(as_object(value.get(each))) for each in ("numerator", "denominator"))
        return " / ".join(filter(None, parts))

    def _range(self, value: Json) -> str:
        return range_of(as_object(value.get("low")), as_object(value.get("high")))


def values_at(value: object, path: str) -> Iterator[Any]:
    """What stands at a dotted path, lists opened; a name that ends in `[x]` takes any type."""
    if isinstance(value, list):
        for each in value:
            yield from values_at(each, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        name, _, rest = path.partition(".")
        for held in _named(value, name):
            yield from values_at(held, rest)


def _named(value: Json, name: str) -> Iterator[Any]:
    if not name.endswith("[x]"):
        if name in value:
            yield value[name]
        return
    stem = name.removesuffix("[x]")
    for key, held in value.items():
        if key.startswith(stem) and key[len(stem) : len(stem) + 1].isupper():
            yield held


def concept(value: object) -> str:
    """A CodeableConcept: its words, else those of its first coding, else the code."""
    held = as_object(value)
    codings = list(as_objects(held.get("coding")))
    said = [text_of(held, "text"), *(text_of(one, "display") for one in codings)]
    words = next(filter(None, said), "")
    if words:
        return word_of(_SEMANTIC_TAG.sub("", words))
    return next((word_of(text_of(one, "code")) for one in codings), "")


def number_of(value: object) -> Decimal | None:
    """A number as Decimal; none for what is no number, or too long to be one that was measured."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    fits = number.is_finite() and abs(number.adjusted()) < _MOST_DIGITS
    return number if fits and len(number.as_tuple().digits) <= _MOST_DIGITS else None


def quantity(value: Json) -> str:
    """A Quantity: `< 5 mg/dL`; the unit in words before its code."""
    number = number_of(value.get("value"))
    if number is None:
        return ""
    return " ".join(filter(None, (text_of(value, "comparator"), f"{number:f}", unit_of(value))))


def unit_of(value: Json) -> str:
    """The unit of a Quantity as people write it; none for a bare number."""
    unit = text_of(value, "unit") or text_of(value, "code")
    return "" if unit in ("1", "{score}") else _UNITS.get(unit, unit)


_UNITS = {"mm[Hg]": "mmHg", "Cel": "°C", "[degF]": "°F", "[lb_av]": "lb", "[in_i]": "in"}
_UNITS |= {"/min": "per minute", "{beats}/min": "per minute", "{breaths}/min": "per minute"}


def range_of(low: Json, high: Json) -> str:
    """Two ends, either of which may be missing."""
    first, last = quantity(low), quantity(high)
    if first and last:
        bare, unit = number_of(low.get("value")), unit_of(low)
        same = unit == unit_of(high)
        return f"{bare:f}–{last}" if same and bare is not None else f"{first}–{last}"
    return f"≥ {first}" if first else f"≤ {last}" if last else ""


def name_of(resource: Json) -> str:
    """What a resource is called: a person's or a place's name, else what it is about."""
    names = resource.get("name")
    if isinstance(names, str):
        return names.strip()
    spoken = next(filter(None, map(human_name, as_objects(names))), "")
    return spoken or concept(resource.get("code")) or concept(resource.get("type"))


def human_name(value: Json) -> str:
    """A person's name as it is spoken."""
    if text_of(value, "text"):
        return text_of(value, "text")
    pieces = [*_strings(value.get("prefix")), *_strings(value.get("given"))]
    return " ".join(
        filter(None, (*pieces, text_of(value, "family"), *_strings(value.get("suffix"))))
    )


def is_date(text: str) -> bool:
    """Whether a text is a FHIR date or time."""
    return bool(_DATE.fullmatch(text))


def _strings(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _text(value: str) -> str:
    """A date without its time, else the text; a code in words."""
    written = value.strip()
    return written[:10] if is_date(written) else word_of(written)


def _coding(value: Json) -> str:
    return text_of(value, "display") or word_of(text_of(value, "code"))


def _period(value: Json) -> str:
    start, end = _text(text_of(value, "start")), _text(text_of(value, "end"))
    if start == end or not (start and end):
        return start or end
    return f"{start} – {end}"


def _address(value: Json) -> str:
    town = (text_of(value, part) for part in ("city", "state", "postalCode"))
    return ", ".join(filter(None, (*_strings(value.get("line")), " ".join(filter(None, town)))))


def _timing(value: Json) -> str:
    """`2 times every 1 day`, for want of words of the source's own."""
    said = concept(value.get("code"))
    repeat = as_object(value.get("repeat"))
    often, period = number_of(repeat.get("frequency")), number_of(repeat.get("period"))
    if said or often is None or period is None:
        return said
    unit = _PERIODS.get(text_of(repeat, "periodUnit"), "")
    times = "once" if often == 1 else f"{often:f} times"
    every = f"every {unit}" if period == 1 else f"every {period.normalize():f} {unit}s"
    return f"{times} {every}" if unit else ""


_PERIODS = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month"}
_PERIODS |= {"a": "year"}
