"""What a practice answers for itself: capabilities, and measures that Wellpost does not count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from wellpost.errors import RequestError
from wellpost.rules.mips_measures import mips_year
from wellpost.rules.model import ProgramYear
from wellpost.rules.naming import no_such
from wellpost.rules.thresholds import AttestedYes
from wellpost.terms import Measure, spoken, written

ANSWERS = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True)
class Fraction:
    """So many of so many; `0 <= numerator <= denominator`."""

    numerator: int
    denominator: int

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


Answer = Fraction | bool


@dataclass(frozen=True)
class Attested:
    """One answer, by the name of a measure or by a program's identifier."""

    name: str
    value: Answer

    @classmethod
    def parse(cls, text: str) -> Attested:
        """Read `PI_EP_1=10/12` or `secure-messaging=yes`; RequestError says what would be right."""
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise _unreadable(text)
        return cls(name, _value(text, value))


def read_attested(path: Path) -> list[Attested]:
    """The answers of a file, one a line; empty lines and those that begin with # say nothing."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(f"{path} cannot be read as text: {error}.") from None
    return [_line(path, number, line) for number, line in enumerate(lines, 1) if _says(line)]


def checked_answers(given: Iterable[Attested], rules: ProgramYear) -> Mapping[str, Answer]:
    """The answers by the names of the program year; RequestError for what it does not ask."""
    found: dict[str, Answer] = {}
    for each in given:
        name = _name(each, rules)
        if found.setdefault(name, each.value) != each.value:
            raise RequestError(f"{name} is attested twice, as {found[name]} and {each.value}.")
    if rules.category:
        rules.category.refuse_contradictions(found)
    return found


def answers_json(answers: Mapping[str, Answer]) -> dict[str, str]:
    """The answers as they are entered; measures are named as commands name them."""
    return {
        spoken(name) if name in set(Measure) else name: shown(value)
        for name, value in answers.items()
    }


def title(name: str, rules: ProgramYear) -> str:
    """What CMS calls it, with the identifier: `e-Prescribing (PI_EP_1)`; else the name alone."""
    if rules.category is None or name not in rules.category.kinds:
        return spoken(name)
    known = mips_year(rules.year).measures
    says = {each.value.identifier: each.says for each in rules.category.items}
    return f"{known[name].title if name in known else says[name]} ({name})"


def _name(each: Attested, rules: ProgramYear) -> str:
    capabilities = [
        rule.measure.value for rule in rules.measures if isinstance(rule.threshold, AttestedYes)
    ]
    if written(each.name) in capabilities:
        return _of_kind(each, written(each.name), "boolean")
    if rules.category is None:
        what = f"measure to attest in {rules.name} {rules.year}"
        raise no_such(what, each.name, map(spoken, capabilities))
    identifier = mips_year(rules.year).canonical(written(each.name))
    return _of_kind(each, identifier, rules.category.kind(identifier))


def _of_kind(each: Attested, name: str, kind: str) -> str:
    if isinstance(each.value, bool) is not (kind == "boolean"):
        right = "yes or no" if kind == "boolean" else "a numerator and a denominator, like 10/12"
        raise RequestError(f"{each.name} is attested as {shown(each.value)}; it must be {right}.")
    return name


def shown(value: Answer) -> str:
    """The answer as it is entered: `yes`, `no` or `10/12`."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _value(text: str, value: str) -> Answer:
    if value.lower() in ANSWERS:
        return ANSWERS[value.lower()]
    found = re.fullmatch(r"(\d+)/(\d+)", value)
    if not found:
        raise _unreadable(text)
    numerator, denominator = int(found[1]), int(found[2])
    if numerator > denominator:
        raise RequestError(f"{text!r}: the numerator is above the denominator.")
    return Fraction(numerator, denominator)


def _unreadable(text: str) -> RequestError:
    return RequestError(
        f"attested value {text!r} cannot be read; write it like PI_EP_1=10/12 or PI_PPHI_1=yes."
    )


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _line(path: Path, number: int, line: str) -> Attested:
    try:
        return Attested.parse(line)
    except RequestError as refused:
        raise RequestError(f"{path.name}:{number}: {refused}") from None
