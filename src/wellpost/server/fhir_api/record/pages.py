"""Links to the next page: sealed, so that nobody makes one up, and good for the same app only.

A link holds where the page before ended (a key, never a number of rows to pass over), so that what
comes or goes meanwhile shifts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing

from ..outcomes import Refused, wrong
from .statements import Key

SALT = "wellpost.fhir.page"
GOOD_FOR = 24 * 3600
"""Seconds."""


@dataclass(frozen=True)
class Onward:
    """A search to go on with: its parameters, and where it stood."""

    parameters: tuple[tuple[str, str], ...]
    after: Key


def link(connection: UUID, path: str, parameters: Sequence[tuple[str, str]], after: Key) -> str:
    """The sealed text of a next page."""
    moment, key = after
    held = [str(connection), path, list(parameters), moment.isoformat(), str(key)]
    return signing.dumps(held, salt=SALT, compress=True)


def opened(text: str, connection: UUID, path: str) -> Onward:
    """What a link says; 400 for one that is not ours, of another app, or of another address."""
    try:
        held: Any = signing.loads(text, salt=SALT, max_age=GOOD_FOR)
        owner, where, parameters, moment, key = held
    except signing.SignatureExpired:
        raise Refused(410, "expired", "This page was asked for a day ago; search anew.") from None
    except (signing.BadSignature, ValueError):
        raise wrong("_page is no link of this server.", "value") from None
    if (owner, where) != (str(connection), path):
        raise wrong("_page is a link of another search.", "value")
    pairs = tuple((str(name), str(value)) for name, value in parameters)
    return Onward(pairs, (datetime.fromisoformat(moment), UUID(key)))
