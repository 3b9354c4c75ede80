"""What an app may do, as SMART's scopes say it (SMART App Launch 2.2, Scopes and Launch Context).

Both forms are read: `patient/Observation.rs?category=…` of version 2, and `patient/*.read` of
version 1. What is granted keeps the form it was asked in, so that an app finds its own words again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qsl, quote

from wellpost.server.records.parameters import PARAMETERS

ANY = "*"
READ, SEARCH, CREATE, UPDATE = "r", "s", "c", "u"
LAUNCH = "launch/patient"
OPENID, FHIR_USER = "openid", "fhirUser"
OFFLINE, ONLINE = "offline_access", "online_access"
BESIDES = (LAUNCH, OPENID, FHIR_USER, OFFLINE, ONLINE)
"""Scopes that give no data, in the order in which they are shown."""
WRITABLE = frozenset({"Observation"})
BY_NAME: Mapping[str, str] = {
    "Communication": CREATE + READ + UPDATE + SEARCH,
    "AuditEvent": READ + SEARCH,
}
"""What is no part of the record, and what may be done with it. It is given by its own name alone:
who lets an app read everything of the record has said nothing of the messages."""
FIRST_FORM = {"read": READ + SEARCH, "write": CREATE, ANY: READ + SEARCH + CREATE}
CONSTRAINABLE = ("token", "code")
"""Kinds of parameters that a scope may narrow what it gives by."""

_WRITTEN = re.compile(
    r"patient/(\*|[A-Z][A-Za-z]+)\.(c?r?u?d?s?|read|write|\*)(?:\?(.+))?", re.ASCII
)

Constraint = tuple[tuple[str, str], ...]
"""Search parameters and values that all must hold; empty: no constraint."""


@dataclass(frozen=True)
class Scope:
    """One scope that gives data: of which kind (`*`: any), what may be done, under what."""

    kind: str
    may: str
    constraint: Constraint = ()
    form: str = ""
    """`read`, `write` or `*` where it was asked in the first form."""

    def __str__(self) -> str:
        asked = "&".join(f"{name}={quote(value, safe=':/|,')}" for name, value in self.constraint)
        return f"patient/{self.kind}.{self.form or self.may}{'?' if asked else ''}{asked}"

    def of(self, kind: str) -> Scope:
        """The same of one kind."""
        return replace(self, kind=kind, may=_possible(kind, self.may))


@lru_cache(maxsize=512)
def granted(text: str) -> tuple[Scope, ...]:
    """The scopes of a granted text that give data."""
    return tuple(found for each in text.split() if (found := read(each)))


def read(text: str) -> Scope | None:
    """A scope that gives data; None for what this server cannot give as it is asked."""
    found = _WRITTEN.fullmatch(text)
    if not found or (found[1] != ANY and found[1] not in {**PARAMETERS, **BY_NAME}):
        return None
    kind, form = found[1], found[2] if found[2] in FIRST_FORM else ""
    constraint = _constraint(kind, found[3] or "")
    may = _possible(kind, FIRST_FORM.get(found[2], found[2]))
    if constraint is None or not may or (constraint and form):
        return None
    return Scope(kind, may, constraint, form)


def every() -> list[str]:
    """The scopes that discovery names: all kinds at once, each kind, and what can be written."""
    reading = [f"patient/{kind}.rs" for kind in (ANY, *PARAMETERS)]
    writing = [f"patient/{kind}.{CREATE}" for kind in sorted(WRITABLE)]
    return [*reading, "patient/*.read", *writing, *(f"patient/{k}.{v}" for k, v in BY_NAME.items())]


def supported(asked: Iterable[str]) -> list[str]:
    """Of the scopes asked for what this server can give, each once, in their order."""
    read_as = [each if each in BESIDES else str(read(each) or "") for each in asked]
    return [each for each in dict.fromkeys(read_as) if each]


def constraints(text: str, kind: str, deed: str) -> tuple[Constraint, ...] | None:
    """Under what the granted text lets one read, search or create that kind; None: it does not.

    Of several constraints any may hold. An empty tuple: all of the kind.
    """
    named = (kind,) if kind in BY_NAME else (kind, ANY)
    found = [each for each in granted(text) if each.kind in named and deed in each.may]
    found = [each for each in found if deed in _possible(kind, each.may)]
    if not found:
        return None
    held = tuple(each.constraint for each in found)
    return () if () in held else held


def kinds(text: str, deed: str) -> frozenset[str]:
    """The kinds that the granted text lets one read, search or create at all."""
    return frozenset(kind for kind in PARAMETERS if constraints(text, kind, deed) is not None)


def choices(asked: Iterable[str]) -> list[str]:
    """The scopes that can be taken away one by one: of `*` one for each kind; of messages one to
    read, one to write and one to take back.
    """
    found: dict[str, None] = {}
    for each in asked:
        scope = read(each)
        parts = _parts(scope) if scope else []
        found.update(dict.fromkeys(map(str, parts) if len(parts) > 1 else [each]))
    return list(found)


def _parts(scope: Scope) -> list[Scope]:
    if scope.kind == ANY:
        return [part for kind in PARAMETERS if (part := scope.of(kind)).may]
    if scope.kind not in BY_NAME:
        return [scope]
    reading = "".join(deed for deed in scope.may if deed in READ + SEARCH)
    deeds = (reading, *(deed for deed in scope.may if deed not in READ + SEARCH))
    return [replace(scope, may=deed, form="") for deed in deeds if deed]


def only_writes(text: str) -> bool:
    """Whether the scope lets one write, or take back, what has a scope of its own, and not read."""
    scope = read(text)
    return scope is not None and scope.kind in BY_NAME and not {READ, SEARCH} & set(scope.may)


def chosen(asked: Sequence[str], kept: Iterable[str]) -> list[str]:
    """What is granted where of `choices(asked)` these were kept: `*` stays where all of it was."""
    held, given = set(kept), []
    for each in asked:
        whole = choices([each])
        given += [each] if held.issuperset(whole) else [one for one in whole if one in held]
    return list(dict.fromkeys(given))


def _possible(kind: str, may: str) -> str:
    """Of the deeds asked for those there are: reading, searching, and creating of a few kinds."""
    if kind in BY_NAME:
        return "".join(deed for deed in may if deed in BY_NAME[kind])
    writes = kind == ANY or kind in WRITABLE
    return "".join(deed for deed in may if deed in READ + SEARCH or (deed == CREATE and writes))


def _constraint(kind: str, text: str) -> Constraint | None:
    """None where a part of it cannot be kept to: then nothing may be given by it."""
    pairs = tuple(sorted(parse_qsl(text, keep_blank_values=True)))
    known = PARAMETERS.get(kind, {})
    for name, value in pairs:
        if name not in known or known[name].kind not in CONSTRAINABLE or not value:
            return None
    return None if text and not pairs else pairs
