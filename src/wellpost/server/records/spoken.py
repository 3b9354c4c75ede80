"""Entries as a page shows them: in the reader's language, with the resources they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext

from wellpost.adapters.fhir.elements import Json
from wellpost.adapters.fhir.plain import Entry, entry, interpretation, usual_range

from .bodies import resource_of
from .models import Resource
from .queries import seen, seen_at
from .sight import Sight

_DAY = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_NAMED = re.compile(r'"reference":"([A-Z][A-Za-z]+)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"')
MOST_NAMED = 500


@dataclass(frozen=True)
class Shown:
    """A resource of the record with what it says; `is_new` since the last visit to the page."""

    row: Resource
    resource: Json
    says: Entry
    is_new: bool = False
    is_changed: bool = False

    @cached_property
    def on(self) -> str:
        """The day it is of, in words; nothing where it says none."""
        return date_format(self.says.on, "F j, Y") if self.says.on else ""

    @property
    def day_apart(self) -> str:
        """The day, where none of its facts says it."""
        return "" if any(text == self.on for _, text in self.says.facts) else self.on

    @property
    def outside(self) -> str:
        """`low` or `high` by the usual range, where its source has not judged it itself."""
        judged = interpretation(self.resource)
        return self.says.value.outside if self.says.value and not judged else ""

    @property
    def usual(self) -> str:
        """The usual range that came with what was measured."""
        return usual_range(self.resource)


def spoken(
    rows: Iterable[Resource],
    sight: Sight,
    since: datetime | None = None,
    *,
    brief: bool = False,
) -> list[Shown]:
    """The rows in words, with the names of what they refer to, as far as it is in sight.

    `brief`: without their facts, for who shows none.
    """
    held = list(rows)
    names = Names(held, sight)
    return [_shown(row, names, since, brief) for row in held]


def _shown(row: Resource, names: Names, since: datetime | None, brief: bool) -> Shown:
    resource = resource_of(row)
    says = in_words(entry(resource, names.find, brief=brief))
    if since is None:
        return Shown(row, resource, says)
    is_new = row.available_to_patient_at is not None and row.available_to_patient_at > since
    return Shown(row, resource, says, is_new, not is_new and row.changed_at > since)


def in_words(says: Entry) -> Entry:
    """The entry in the reader's language, its days as people write them."""
    facts = tuple((_said(label), _said(text)) for label, text in says.facts)
    return replace(says, title=_said(says.title), says=_said(says.says), facts=facts)


def _said(text: str) -> str:
    """Translated where it is a text of ours; the days in it written out."""
    if not text:
        return text
    if month := _MONTH.fullmatch(text):
        return _written(month[0] + "-01", "F Y")
    return _DAY.sub(lambda found: _written(found[0], "F j, Y"), gettext(text))


def _written(day: str, form: str) -> str:
    try:
        return date_format(date.fromisoformat(day), form)
    except ValueError:
        return day


class Names:
    """Finds what rows refer to: of the same person as far as it is in sight, of no other."""

    def __init__(self, rows: Sequence[Resource], sight: Sight) -> None:
        self._sight = sight
        named = (found for row in rows for found in _NAMED.findall(row.body))
        self._wanted = list(dict.fromkeys(UUID(pk) for _, pk in named))[:MOST_NAMED]
        self._there = {f"{row.kind}/{row.pk}": row for row in rows}

    def find(self, address: str) -> Json | None:
        """The resource of a literal reference, or None."""
        row = self._there.get(address) or self._found.get(address)
        return resource_of(row) if row else None

    @cached_property
    def _found(self) -> dict[str, Resource]:
        """Asked for only when a name is not written beside the reference."""
        practice = self._sight.patient.practice
        found = [*seen_at(practice, self._wanted).only("kind", "body")]
        missing = set(self._wanted) - {row.pk for row in found}
        if missing:
            found += seen(self._sight).filter(pk__in=missing).only("kind", "body")
        return {f"{row.kind}/{row.pk}": row for row in found}
