"""The pages of a record, for whoever has it in sight: the same on the patient's side and here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from wellpost.adapters.fhir.plain import SECTIONS, attachments_of, bytes_of
from wellpost.server.clock import time as clock
from wellpost.server.people.permissions import NotAllowed

from .bodies import resource_of
from .days import DaysForm
from .models import Resource, ResourceToken
from .parts import OVER_TIME, drawn, is_new, observed, parts, series, shown_at_all, values_of
from .queries import one_of, seen
from .sight import Sight
from .spoken import Shown, spoken

ENTRIES_A_PAGE = 25
NEWEST = 8
MOST_OF_A_SERIES = 1_000

EXPECTED = frozenset({"problems", "medications", "allergies", "immunizations", "results"})
"""Parts of which it is said when there is nothing in them: that can be wrong, and matter."""

TYPES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "text/plain": ".txt"}
TYPES |= {"application/xml": ".xml", "text/xml": ".xml", "text/html": ".html", "text/rtf": ".rtf"}


@dataclass(frozen=True)
class Addresses:
    """Where the pages are: names of URLs that begin with `names`, all of one patient."""

    names: str
    patient_id: UUID
    query: str = ""

    def start(self) -> str:
        """The parts."""
        return self._of("")

    def section(self, name: str) -> str:
        """One part."""
        return self._of("_section", name)

    def entry(self, resource_id: UUID) -> str:
        """One entry."""
        return reverse(f"{self.names}_entry", args=(self.patient_id, resource_id))

    def series(self, section: str, concept: str) -> str:
        """One thing over time."""
        address = reverse(f"{self.names}_series", args=(self.patient_id, section))
        return f"{address}?{self.series_query(concept)}"

    def series_query(self, concept: str) -> str:
        """What of, and which days, as the address of a series says it."""
        query = QueryDict(mutable=True)
        query["of"] = concept
        return "&".join(filter(None, (query.urlencode(), self.query)))

    def file(self, resource_id: UUID, number: int) -> str:
        """A file of an entry."""
        return reverse(f"{self.names}_file", args=(self.patient_id, resource_id, number))

    def _of(self, name: str, *args: object) -> str:
        address = reverse(f"{self.names}{name}", args=(self.patient_id, *args))
        return f"{address}?{self.query}" if self.query else address


@dataclass(frozen=True)
class Linked:
    """An entry with its address."""

    shown: Shown
    address: str


@dataclass(frozen=True)
class Book:
    """The record in a sight, of the days that `asked` names; `since`: what came later is new."""

    sight: Sight
    names: str
    asked: Mapping[str, str]
    since: datetime | None = None

    @cached_property
    def days(self) -> DaysForm:
        """The days, as a form that shows them."""
        given = {each: self.asked.get(each, "") for each in ("starts_on", "ends_on")}
        return DaysForm(given)

    @cached_property
    def addresses(self) -> Addresses:
        """Where its pages are."""
        return Addresses(self.names, self.sight.patient.pk, self.days.query)

    @cached_property
    def found(self) -> QuerySet[Resource]:
        """All its resources of these days."""
        start, end = self.days.days
        return seen(self.sight, start=start, end=end)

    def overview(self) -> dict[str, Any]:
        """Every part with how much is in it, and what is new."""
        every = parts(self.found, self.since)
        newest: list[Linked] = []
        if self.since and any(part.new for part in every):
            newest = self._linked(shown_at_all(self.found).filter(is_new(self.since))[:NEWEST])
        return {
            **self._common(),
            "parts": [(each, self.addresses.section(each.name)) for each in every if each.entries],
            "empty": [each for each in every if not each.entries and each.name in EXPECTED],
            "newest": newest,
            "more_new": sum(part.new for part in every) - len(newest),
        }

    def section(self, name: str) -> dict[str, Any]:
        """One part: what is measured over time by its latest value, the rest in a list."""
        if name not in SECTIONS:
            raise NotAllowed("there is no such part.")
        here = shown_at_all(self.found).filter(section=name)
        measured: list[tuple[Any, str]] = []
        if name in OVER_TIME:
            held = series(here, self.sight, self.since)
            measured = [(each, self.addresses.series(name, each.concept)) for each in held]
            here = here.filter(~Q(kind="Observation") | Q(concept=""))
        page = Paginator(here.order_by("past", *here.query.order_by), ENTRIES_A_PAGE).get_page(
            self.asked.get("page")
        )
        return {
            **self._common(),
            "name": name,
            "title": gettext(SECTIONS[name]),
            "measured": measured,
            "page": page,
            "rows": self._linked(list(page.object_list)),
            "query": self.days.query,
        }

    def series(self, section: str) -> dict[str, Any]:
        """One thing over time, as picture and table; NotAllowed where there is none of it."""
        if section not in SECTIONS:
            raise NotAllowed("there is no such part.")
        concept = self.asked.get("of", "")
        every = observed(shown_at_all(seen(self.sight))).filter(section=section, concept=concept)
        chosen = observed(shown_at_all(self.found)).filter(section=section, concept=concept)
        newest_first = list(chosen.order_by(*self.found.query.order_by)[:MOST_OF_A_SERIES])
        page = Paginator(newest_first, ENTRIES_A_PAGE).get_page(self.asked.get("page"))
        rows = spoken(page.object_list, self.sight, self.since, brief=True)
        title = rows[0].says.title if rows else self._title(every)
        return {
            **self._common(),
            "name": section,
            "part": gettext(SECTIONS[section]),
            "back": self.addresses.section(section),
            "of": concept,
            "title": title,
            "plot": drawn(title, values_of(newest_first), self.sight.patient.practice.time_zone),
            "page": page,
            "rows": [Linked(each, self.addresses.entry(each.row.pk)) for each in rows],
            "ranged": any(each.usual for each in rows),
            "query": self.addresses.series_query(concept),
        }

    def _title(self, every: QuerySet[Resource]) -> str:
        row = every.first()
        if row is None:
            raise NotAllowed("there is no such entry here.")
        return spoken([row], self.sight)[0].says.title

    def entry(self, resource_id: UUID) -> dict[str, Any]:
        """One entry in full, and what else is of its visit or within it."""
        row = one_of(shown_at_all(seen(self.sight)), resource_id)
        [says] = spoken([row], self.sight, self.since)
        return {
            **self._common(),
            "entry": says,
            "part": gettext(SECTIONS[row.section]),
            "back": self.addresses.section(row.section),
            "files": self._files(says),
            "inside": self._linked(self._inside(row)),
        }

    def _inside(self, row: Resource) -> QuerySet[Resource] | list[Resource]:
        """Of a visit what came of it; of a report its results; of a thing measured nothing."""
        everything = shown_at_all(seen(self.sight)).exclude(pk=row.pk)
        if row.kind == "Encounter":
            named = ResourceToken.objects.filter(
                patient__in=self.sight.records, parameter="encounter", code=str(row.pk)
            )
            of_it = Q(pk__in=named.values("resource"))
            of_it |= Q(encounter=row.encounter_id) if row.encounter_id else Q()
            return everything.filter(of_it)[:100]
        results = resource_of(row).get("result") if row.kind == "DiagnosticReport" else None
        ids = [pk for each in results if (pk := _id(each))] if isinstance(results, list) else []
        return everything.filter(pk__in=ids[:200]) if ids else []

    def _files(self, shown: Shown) -> list[dict[str, Any]]:
        return [
            {"file": file, "address": self.addresses.file(shown.row.pk, number)}
            for number, file in enumerate(shown.says.files)
        ]

    def file(self, resource_id: UUID, number: int) -> tuple[str, str, bytes]:
        """Name, type and content of a file of an entry; NotAllowed where there is none."""
        row = one_of(shown_at_all(seen(self.sight)), resource_id)
        held = attachments_of(resource_of(row))
        content = bytes_of(held[number]) if number < len(held) else None
        if content is None and number < len(held):
            content, kind = self._binary(held[number])
        else:
            kind = str(held[number].get("contentType", "")) if number < len(held) else ""
        if content is None:
            raise NotAllowed("there is no such file here.")
        kind = kind.partition(";")[0].strip().lower()
        return f"{row.section}-{number + 1}{TYPES.get(kind, '')}", kind, content

    def _binary(self, attachment: Mapping[str, Any]) -> tuple[bytes | None, str]:
        """A file kept beside the document, of the same patient."""
        pk = _id({"reference": attachment.get("url")})
        row = seen(self.sight, kinds={"Binary"}).filter(pk=pk).first() if pk else None
        held = resource_of(row) if row else {}
        return bytes_of(held), str(held.get("contentType", ""))

    def _linked(self, rows: QuerySet[Resource] | Sequence[Resource]) -> list[Linked]:
        shown = spoken(rows, self.sight, self.since)
        return [Linked(each, self.addresses.entry(each.row.pk)) for each in shown]

    def _common(self) -> dict[str, Any]:
        patient = self.sight.patient
        return {
            "days": self.days,
            "start": self.addresses.start(),
            "since": self.since,
            "time_zone": patient.practice.time_zone,
            "now": clock.now(),
        }


def _id(reference: object) -> UUID | None:
    written = reference.get("reference") if isinstance(reference, dict) else None
    try:
        return UUID(str(written).rpartition("/")[2])
    except ValueError:
        return None
