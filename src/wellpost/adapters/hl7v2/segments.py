"""A message's segments and fields, unescaped; parsed by the library `hl7` (python-hl7).

Why this one: it splits by the separators that MSH-1 and MSH-2 name and asks nothing of version or
structure, so what a sender adds does no harm; hl7apy checks a message against the tables of its
version, which senders seldom keep to. Only the segments that are read here are given to it: the
rest (insurance, next of kin, pictures in OBX) is never taken apart. Escapes are resolved here: the
library decodes \\X..\\ byte by byte, and logs what it cannot, with the patient's data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import hl7

from .charsets import charset_of, decoded
from .mapping import CHARSETS
from .refusal import MessageRefusedError, Where

READ = frozenset({"MSH", "EVN", "PID", "PV1", "MRG"})
MOST_SEGMENTS = 200
LONGEST_SEGMENT = 65_536

Repetition: TypeAlias = tuple[tuple[str, ...], ...]
"""Components, each of its subcomponents."""

NULL = '""'
"""A field that takes the value away."""


@dataclass(frozen=True)
class Segment:
    """One segment: `name`, which of its name it is (from 1), and its fields unescaped."""

    name: str
    occurrence: int
    fields: tuple[tuple[Repetition, ...], ...]

    def repetitions(self, number: int) -> tuple[Repetition, ...]:
        """The repetitions of a field that hold anything."""
        held = self.fields[number] if number < len(self.fields) else ()
        return tuple(each for each in held if any(map(any, each)))

    def text(self, number: int, component: int = 1, subcomponent: int = 1) -> str:
        """One value of the field's first repetition, trimmed; empty where there is none."""
        held = self.fields[number] if number < len(self.fields) else ()
        return part(held[0], component, subcomponent) if held else ""

    def where(self, number: int, component: int = 0) -> Where:
        """The place of a field."""
        return Where(self.name, number, component, self.occurrence)


def part(repetition: Repetition, component: int, subcomponent: int = 1) -> str:
    """One value of a repetition, trimmed; empty where there is none."""
    if component > len(repetition) or subcomponent > len(repetition[component - 1]):
        return ""
    return repetition[component - 1][subcomponent - 1].strip()


def segments(block: bytes) -> list[Segment]:
    """The segments that are read, in their order, the head first."""
    text = decoded(block).strip()
    _check_head(text)
    lines = [line for line in text.split("\r") if line[:3] in READ and line[3:4] in ("", text[3])]
    for line in lines:
        if len(line) > LONGEST_SEGMENT or len(lines) > MOST_SEGMENTS:
            raise MessageRefusedError(
                102, Where(line[:3]), f"longer than {LONGEST_SEGMENT:,} characters, or more than "
                f"{MOST_SEGMENTS} segments; no registration is so long.", rejected=True
            )  # fmt: skip
    return list(_taken_apart("\r".join(lines), CHARSETS[charset_of(block)]))


def _check_head(text: str) -> None:
    if text[:3] != "MSH":
        raise MessageRefusedError(
            100, Where("MSH"), "a message begins with MSH; batches and files are not read.",
            rejected=True,
        )  # fmt: skip
    marks = text[3:8].split("\r")[0]
    alike = len(set(marks)) < len(marks) or any(each.isalnum() for each in marks)
    if len(marks) < 5 or alike:
        raise MessageRefusedError(
            102, Where("MSH", 2), "the separators cannot be told apart; write MSH|^~\\&|",
            rejected=True,
        )  # fmt: skip


def _taken_apart(text: str, charset: str) -> Iterator[Segment]:
    parsed: Any = hl7.parse(text)
    marks = _marks(parsed)
    counted: dict[str, int] = {}
    for held in parsed:
        name = str(held[0])
        counted[name] = counted.get(name, 0) + 1
        raw = name == "MSH"
        fields = tuple(
            (((str(field),),),) if raw and number < 3 else _field(field, marks, charset)
            for number, field in enumerate(held)
        )
        # The separator itself is MSH-1, which the library gives as a field of its own.
        yield Segment(name, counted[name], fields)


def _marks(parsed: Any) -> dict[str, str]:
    """What the escapes for separators stand for, and the escape character under ''."""
    _, field, repetition, component, subcomponent = parsed.separators
    named = {"F": field, "R": repetition, "S": component, "T": subcomponent}
    return {**named, "E": parsed.esc, "": parsed.esc}


def _field(field: Any, marks: dict[str, str], charset: str) -> tuple[Repetition, ...]:
    """A field of the library, whose levels end in text wherever nothing more is separated."""
    return tuple(
        tuple(
            tuple(_unescaped(str(sub), marks, charset) for sub in _parts(component))
            for component in _parts(repetition)
        )
        for repetition in _parts(field)
    )


def _parts(held: Any) -> list[Any]:
    return [held] if isinstance(held, str) else list(held)


def _unescaped(text: str, marks: dict[str, str], charset: str) -> str:
    """The text without its escapes; those that only dress it (\\H\\, \\.br\\) become a space."""
    mark = marks[""]
    if mark not in text:
        return text
    quoted = re.escape(mark)
    # A letter of several bytes may be written as several escapes, one behind the other.
    text = re.sub(f"(?<=X)([0-9A-Fa-f]{{2}}){quoted}{quoted}X(?=[0-9A-Fa-f]{{2}})", r"\1", text)
    return re.sub(
        f"{quoted}([^{quoted}]*){quoted}", lambda one: _meant(one[1], marks, charset), text
    )


def _meant(code: str, marks: dict[str, str], charset: str) -> str:
    if code in marks and code:
        return marks[code]
    if re.fullmatch("X(?:(?!00)[0-9A-Fa-f]{2})+", code):
        return bytes.fromhex(code[1:]).decode(charset, "replace")
    if code[:1] in {"C", "M", "X"}:
        raise MessageRefusedError(
            102, Where("MSH", 18), "an escape changes the character set, or names no "
            "letter; send the whole message in one set, best UNICODE UTF-8."
        )  # fmt: skip
    return " "
