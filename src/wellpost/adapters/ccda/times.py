"""Times: FHIR writes 2021-06-03T09:30:00-04:00, CDA 20210603093000-0400."""

from __future__ import annotations

import re

from wellpost.adapters.ccda.elements import Element, element, typed
from wellpost.adapters.fhir.elements import Json, as_object, text_of

FORM = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
)


def moment(text: str) -> str | None:
    """The time as CDA writes it, as exact as it was; None for what is no time.

    A time of day without its zone is cut to the day, which C-CDA asks for (CONF:81-10130).
    """
    found = FORM.fullmatch(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    if not hour or not zone:
        return "".join(filter(None, (year, month, day)))
    offset = "+0000" if zone == "Z" else zone.replace(":", "")
    return f"{year}{month}{day}{hour}{minute}{second or '00'}{offset}"


def at(name: str, text: str) -> Element:
    """A point in time; unknown where there is none."""
    value = moment(text)
    return element(name, value=value) if value else element(name, nullFlavor="UNK")


def span(name: str, start: str, end: str, *, ended: bool = False) -> Element:
    """From one time to another. `ended`: it has ended, though nobody wrote down when."""
    high = at("high", end) if end or ended else None
    return typed(name, "IVL_TS", at("low", start), high)


def when(resource: Json, name: str) -> tuple[str, str]:
    """Start and end of an element of FHIR that may be a time or a period: `onset`, `effective`…"""
    period = as_object(resource.get(f"{name}Period"))
    instant = text_of(resource, f"{name}Instant") or text_of(resource, f"{name}DateTime")
    start = instant or text_of(period, "start")
    return start, instant or text_of(period, "end")
