"""Measured values: quantities, codes, texts, and the range that is normal."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from wellpost.adapters.ccda.codes import coded, words
from wellpost.adapters.ccda.elements import Element, element, typed
from wellpost.adapters.ccda.times import moment
from wellpost.adapters.fhir.elements import Json, as_object, as_objects, text_of

UNIT = re.compile(r"[!-~]+")


def number(value: object) -> str | None:
    """A number as XML writes it; None for what is none."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        read = Decimal(str(value))
    except InvalidOperation:
        return None
    return format(read, "f") if read.is_finite() else None


def unit(quantity: Json) -> str | None:
    """The UCUM code of a quantity; None where it is 1 or nothing."""
    code = text_of(quantity, "code") or text_of(quantity, "unit")
    return code if UNIT.fullmatch(code) and code != "1" else None


def quantity(name: str, given: Json, *, kind: str = "PQ") -> Element:
    """A number with its unit."""
    value = number(given.get("value"))
    attributes = {"value": value, "unit": unit(given)} if value else {"nullFlavor": "UNK"}
    return typed(name, kind, **attributes) if kind else element(name, **attributes)


def limits(low: Json, high: Json) -> Element | None:
    """The values between two, either of which may be missing."""
    ends = [quantity(name, end, kind="") for name, end in (("low", low), ("high", high)) if end]
    return typed("value", "IVL_PQ", *ends) if ends else None


def value_of(given: Json, row: str = "") -> Element:
    """The `value` of an observation or of a component of one."""
    if measured := as_object(given.get("valueQuantity")):
        return (
            _compared(measured) if text_of(measured, "comparator") else quantity("value", measured)
        )
    if concept := as_object(given.get("valueCodeableConcept")):
        return coded("value", concept, kind="CD", row=row)
    if between := as_object(given.get("valueRange")):
        ends = as_object(between.get("low")), as_object(between.get("high"))
        between_them = limits(*ends)
        return _unknown() if between_them is None else between_them
    return _plain(given)


def normal(given: Json) -> list[Element]:
    """The reference ranges of an observation."""
    return [
        element("referenceRange", element("observationRange", _range_text(each), _range(each)))
        for each in as_objects(given.get("referenceRange"))
        if _range_text(each) is not None or _range(each) is not None
    ]


def interpretation(given: Json) -> list[Element]:
    """High, low, normal…, where one is said."""
    return [coded("interpretationCode", each) for each in as_objects(given.get("interpretation"))]


def _compared(measured: Json) -> Element:
    """Less or more than a number: an interval with one end."""
    sign = text_of(measured, "comparator")
    end = quantity("high" if "<" in sign else "low", measured, kind="")
    end.set("inclusive", "true" if "=" in sign else "false")
    return typed("value", "IVL_PQ", end)


def _plain(given: Json) -> Element:
    for name in ("valueString", "valueTime"):
        if text := text_of(given, name):
            made = typed("value", "ST")
            made.text = element("any", text=text).text
            return made
    if isinstance(given.get("valueBoolean"), bool):
        return typed("value", "BL", value=str(given["valueBoolean"]).lower())
    if (whole := number(given.get("valueInteger"))) is not None:
        return typed("value", "INT", value=whole)
    if day := moment(text_of(given, "valueDateTime")):
        return typed("value", "TS", value=day)
    return _unknown(words(as_object(given.get("dataAbsentReason"))))


def _unknown(why: str = "") -> Element:
    original = element("originalText", text=why) if why else None
    return typed("value", "CD", original, nullFlavor="UNK")


def _range_text(given: Json) -> Element | None:
    text = text_of(given, "text")
    return element("text", text=text) if text else None


def _range(given: Json) -> Element | None:
    return limits(as_object(given.get("low")), as_object(given.get("high")))
