"""HL7 v2 data types as values: identifiers, names, addresses, numbers, clinicians, moments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from wellpost.facts.identifiers import npi_is_valid

from .mapping import NAMES, NPI_MARKS, RECORD_NUMBERS
from .refusal import MessageRefusedError, Where
from .segments import NULL, Repetition, Segment, part
from .values import Identifier, Moment

MOMENT = re.compile(
    r"(?P<day>\d{8})(?P<time>\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,6})?)?)?)?(?P<zone>[+-]\d{4})?",
    re.ASCII,
)
FIRST_YEAR = 1850
LAST_YEAR = 2200
LONGEST_IDENTIFIER = 200


def identifiers(segment: Segment, number: int, otherwise: str) -> tuple[Identifier, ...]:
    """The record numbers of a CX field; `otherwise` is the authority of one that names none.

    MessageRefusedError when there is none, or one is longer than 200 characters.
    """
    found = dict.fromkeys(_record_numbers(segment, number, otherwise))
    if not found:
        raise MessageRefusedError(
            101,
            segment.where(number),
            "there is no record number; give one (type MR or PI) with its assigning authority.",
        )
    return tuple(found)


def _record_numbers(segment: Segment, number: int, otherwise: str) -> Iterator[Identifier]:
    for one in segment.repetitions(number):
        value, kind = part(one, 1), part(one, 5).upper()
        if value and value != NULL and kind in RECORD_NUMBERS:
            yield Identifier(
                short(system_of(one, 4, otherwise), segment.where(number, 4)),
                short(value, segment.where(number, 1)),
            )


def system_of(one: Repetition, component: int, otherwise: str) -> str:
    """Whose identifier it is, from an HD component: an OID or URI as FHIR writes it, or a name."""
    name, universal, kind = (part(one, component, each) for each in (1, 2, 3))
    if universal and kind.upper() == "ISO":
        return f"urn:oid:{universal}"
    if universal and kind.upper() == "UUID":
        return f"urn:uuid:{universal.lower()}"
    if universal and kind.upper() in {"URI", "URL"}:
        return universal
    return f"hl7v2:{name or universal or otherwise}"


def short(text: str, where: Where) -> str:
    """An identifier as it is; MessageRefusedError when it is too long to be one."""
    if len(text) > LONGEST_IDENTIFIER:
        raise MessageRefusedError(
            102, where, f"longer than {LONGEST_IDENTIFIER} characters; no identifier is."
        )
    return text


def name_of(segment: Segment, number: int) -> tuple[str, str]:
    """Given and family name of an XPN field, the legal one first; both empty: none is said."""
    held = [each for each in segment.repetitions(number) if part(each, 1) != NULL]
    by_rank = sorted(held, key=lambda one: _rank(part(one, 7).upper()))
    if not by_rank:
        return "", ""
    given = " ".join(filter(None, (part(by_rank[0], 2), part(by_rank[0], 3))))
    return given[:100], part(by_rank[0], 1)[:100]


def _rank(kind: str) -> int:
    return NAMES.index(kind) if kind in NAMES else len(NAMES)


def address_of(segment: Segment, number: int) -> str | None:
    """The lines of an XAD field's first address; '' when taken away, None when none is said."""
    if segment.text(number) == NULL:
        return ""
    held = segment.repetitions(number)
    if not held:
        return None
    one = held[0]
    place = " ".join(filter(None, (part(one, 3), part(one, 4), part(one, 5))))
    return "\n".join(filter(None, (part(one, 1), part(one, 2), place)))[:500]


def county_of(segment: Segment, number: int) -> str | None:
    """The county of an XAD field when it is a five-digit FIPS code."""
    code = segment.text(number, 9)
    return code if re.fullmatch(r"\d{5}", code, re.ASCII) else None


def phone_of(segment: Segment, number: int) -> str | None:
    """The first telephone number of an XTN field; '' when taken away, None when none is said."""
    if segment.text(number) == NULL:
        return ""
    for one in segment.repetitions(number):
        if not _is_mail(one):
            parts = (part(one, each) for each in (5, 6, 7))
            return (part(one, 1) or part(one, 12) or " ".join(filter(None, parts)))[:40] or None
    return None


def email_of(segment: Segment, number: int) -> str | None:
    """The first email address of an XTN field, when it looks like one."""
    for one in segment.repetitions(number):
        address = part(one, 4) or part(one, 1)
        if _is_mail(one) and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
            return address[:254]
    return None


def _is_mail(one: Repetition) -> bool:
    return part(one, 3).upper() in {"INTERNET", "X.400"} or part(one, 2).upper() == "NET"


def npis_of(segment: Segment, number: int) -> tuple[str, ...]:
    """The NPIs of an XCN field: those marked as such, then what passes the check digit.

    MessageRefusedError when one is marked as an NPI and is none.
    """
    marked: list[str] = []
    unmarked: list[str] = []
    for one in segment.repetitions(number):
        value = part(one, 1)
        marks = {part(one, each) for each in (12, 13)} | {part(one, 9, each) for each in (1, 2)}
        if marks & NPI_MARKS and not npi_is_valid(value):
            raise MessageRefusedError(
                102, segment.where(number, 1),
                f"npi {value[:20]} fails its check digit; an npi is ten digits.",
            )  # fmt: skip
        if npi_is_valid(value):
            (marked if marks & NPI_MARKS else unmarked).append(value)
    return tuple(dict.fromkeys(marked + unmarked))


def moment_of(segment: Segment, number: int, zone_of: Moment | None = None) -> Moment | None:
    """A time stamp to the day or closer; None when there is none.

    `zone_of`: the moment whose time zone holds where this one has a time and no zone.
    MessageRefusedError for what is no day of the years 1850 to 2200.
    """
    text = segment.text(number)
    if not text or text == NULL:
        return None
    found = MOMENT.fullmatch(text)
    moment = _moment(found, zone_of) if found else None
    if moment is None:
        raise MessageRefusedError(
            102, segment.where(number),
            f"no moment between {FIRST_YEAR} and {LAST_YEAR}; write it like 20210603143000-0400.",
        )  # fmt: skip
    return moment


def _moment(found: re.Match[str], zone_of: Moment | None) -> Moment | None:
    try:
        day = datetime.strptime(found["day"], "%Y%m%d").date()
        zone = _zone(found["zone"]) or (zone_of.at.tzinfo if zone_of and zone_of.at else None)
        at = _clock(found["time"], day)
        moment = Moment(day, at.replace(tzinfo=zone) if at else None)
    except ValueError:
        return None
    return moment if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    hours, minutes = int(text[1:3]), int(text[3:])
    if hours > 14 or minutes > 59:
        raise ValueError
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(-shift if text[0] == "-" else shift)


def _clock(text: str | None, day: date) -> datetime | None:
    if not text:
        return None
    whole, _, fraction = text.partition(".")
    parts = [int(whole[start : start + 2]) for start in range(0, len(whole), 2)]
    micro = int(fraction.ljust(6, "0")) if fraction else 0
    hour, minute, second = [*parts, 0, 0][:3]
    return datetime(day.year, day.month, day.day, hour, minute, min(second, 59), micro)
