"""What a search asks for, read from its parameters and checked once (FHIR R4, 3.1.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from wellpost.server.records.indexing import fitting, folded, reference_pair
from wellpost.server.records.parameters import PARAMETERS, Parameter
from wellpost.server.records.spans import span

from ..outcomes import wrong

PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb")
STARTS, CONTAINS = "starts", "contains"
ID, UPDATED = "_id", "_lastUpdated"
MOST_VALUES = 200
"""Values a search may name in all: more is no question that a person has."""

MOST_IN_A_SHAPE = 20


@dataclass(frozen=True)
class Token:
    """A code; None stands for any system or any code."""

    system: str | None
    code: str | None


@dataclass(frozen=True)
class Text:
    """A folded name, or the part it begins with or contains."""

    how: str
    value: str


@dataclass(frozen=True)
class Moment:
    """A span, and how what is found stands to it."""

    prefix: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Link:
    """A reference: the id, and the type where it was said."""

    kind: str | None
    identifier: str


Value = Token | Text | Moment | Link | UUID


@dataclass(frozen=True)
class Criterion:
    """One parameter; of its values any may hold. Without a value it never holds."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Query:
    """The criteria of a search of one kind, which must all hold.

    `either` are other sets of criteria, of which one must hold besides: a scope's constraints.
    """

    kind: str
    criteria: tuple[Criterion, ...] = ()
    either: tuple[tuple[Criterion, ...], ...] = ()

    @property
    def is_never(self) -> bool:
        """Whether nothing can be found."""
        return any(not each.values for each in self.criteria)

    @property
    def is_singular(self) -> bool:
        """Whether no other search is likely to have its shape: it names much, or looks in names."""
        values = [value for each in self.criteria for value in each.values]
        return len(values) > MOST_IN_A_SHAPE or any(isinstance(each, Text) for each in values)


@dataclass(frozen=True)
class About:
    """Whose record is searched, as far as parameters can name it."""

    patients: frozenset[str]
    time_zone: ZoneInfo
    base: str


@dataclass
class Read:
    """A query, and the names of parameters that are not known and so not asked about."""

    query: Query
    unknown: list[str] = field(default_factory=list)


def read(kind: str, pairs: Iterable[tuple[str, str]], about: About) -> Read:
    """The query of these parameters; 400 says which cannot be read and what would be right."""
    criteria, unknown, values = [], [], 0
    for name, value in pairs:
        bare, _, modifier = name.partition(":")
        if not _is_known(kind, bare):  # chained ones too, which have a dot inside
            unknown.append(name)
            continue
        pieces = [_unescaped(each) for each in _split(value) if each]
        values += len(pieces)
        if not pieces or values > MOST_VALUES:
            raise wrong(f"{name} has no value, or the search more than {MOST_VALUES}.", "value")
        criteria.append(_criterion(kind, bare, modifier, pieces, about))
    return Read(Query(kind, tuple(criteria)), unknown)


def under(query: Query, constraints: Sequence[Sequence[tuple[str, str]]], about: About) -> Query:
    """The query held to a scope's constraints, of which one must hold."""
    either = tuple(read(query.kind, each, about).query.criteria for each in constraints)
    return Query(query.kind, query.criteria, either)


def _is_known(kind: str, name: str) -> bool:
    return name in (ID, UPDATED) or name in PARAMETERS[kind]


def _criterion(kind: str, name: str, modifier: str, pieces: list[str], about: About) -> Criterion:
    if name == ID:
        _require_none(name, modifier)
        return Criterion(name, tuple(found for each in pieces if (found := _uuid(each))))
    parameter = PARAMETERS[kind].get(name) or Parameter("date", ())
    if parameter.kind == "patient":
        return _patient(name, modifier, pieces, about)
    if parameter.kind == "string":
        how = {"": STARTS, "contains": CONTAINS}.get(modifier) or _require_none(name, modifier)
        return Criterion(name, tuple(Text(how, folded(each)) for each in pieces))
    if parameter.kind == "reference":
        return Criterion(name, tuple(_link(each, modifier, parameter, about) for each in pieces))
    _require_none(name, modifier)
    make = _moment(name, about) if parameter.kind == "date" else _token_of(parameter)
    return Criterion(name, tuple(make(each) for each in pieces))


def _require_none(name: str, modifier: str) -> str:
    if modifier:
        raise wrong(f"{name} takes no modifier :{modifier[:20]} here.", "not-supported")
    return ""


def _patient(name: str, modifier: str, pieces: list[str], about: About) -> Criterion:
    """The patient of the token, or nobody: another's record is as good as none."""
    if modifier not in ("", "Patient"):
        _require_none(name, modifier)
    named = {_relative(each, about).removeprefix("Patient/") for each in pieces}
    held = named & about.patients
    values = tuple(Link("Patient", each) for each in sorted(held))
    return Criterion("patient", values)


def _link(text: str, modifier: str, parameter: Parameter, about: About) -> Link:
    kind, identifier = reference_pair(_relative(text, about))
    if modifier and (
        not modifier.isalpha() or (parameter.targets and modifier not in parameter.targets)
    ):
        _require_none("a reference", modifier)
    if not kind and "/" not in identifier:
        kind = modifier or (parameter.targets[0] if len(parameter.targets) == 1 else "")
        return Link(kind or None, identifier)
    return Link(kind, identifier)


def _relative(text: str, about: About) -> str:
    return text.removeprefix(f"{about.base}/")


def _moment(name: str, about: About) -> Callable[[str], Moment]:
    def read_one(text: str) -> Moment:
        prefix, rest = (text[:2], text[2:]) if text[:2] in PREFIXES else ("eq", text)
        try:
            return Moment(prefix, *span(rest, about.time_zone))
        except ValueError:
            known = ", ".join(PREFIXES)
            raise wrong(
                f"{name} cannot be read; give a date like 2021-06-01, before it one of {known}.",
                "value",
            ) from None

    return read_one


def _token_of(parameter: Parameter) -> Callable[[str], Token]:
    def read_one(text: str) -> Token:
        system, bar, code = text.partition("|")
        if not bar:
            return Token(None, fitting(text))
        if parameter.kind in ("code", "uri"):  # the element implies the system
            return Token(None, fitting(code if parameter.kind == "code" else text))
        return Token(fitting(system), fitting(code) if code else None)

    return read_one


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _split(value: str) -> list[str]:
    """The values between commas, of which one with a backslash before it is a comma."""
    pieces, here = [""], iter(value)
    for mark in here:
        if mark == "\\":
            pieces[-1] += mark + next(here, "")
        elif mark == ",":
            pieces.append("")
        else:
            pieces[-1] += mark
    return pieces


def _unescaped(text: str) -> str:
    found, here = "", iter(text)
    for mark in here:
        found += next(here, "") if mark == "\\" else mark
    return found
