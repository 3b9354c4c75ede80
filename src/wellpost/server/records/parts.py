"""The parts of a record: how much is in each, what is new, what was measured over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext

from wellpost.adapters.fhir.plain import DIRECTORY, SECTIONS, Measured
from wellpost.server.ui.plots import Line, Plot, Point, plot

from .models import Resource
from .sight import Sight
from .spoken import Shown, spoken

HIDDEN = ("Provenance", "Binary")
"""Kinds that say something of other entries, and are shown with those."""

OVER_TIME = frozenset({"results", "vitals", "social"})
"""Parts in which the same thing is measured again and again."""

MOST_POINTS = 400


@dataclass(frozen=True)
class Part:
    """A part of the record: how many entries, how many of them over, how many new."""

    name: str
    title: str
    entries: int
    past: int
    new: int
    latest_at: datetime | None

    @property
    def now(self) -> int:
        """How many hold today."""
        return self.entries - self.past


@dataclass(frozen=True)
class Series:
    """What was measured more than once: the latest of it, and how often."""

    latest: Shown
    concept: str
    times: int


def shown_at_all(found: QuerySet[Resource]) -> QuerySet[Resource]:
    """Those that stand on a page of their own."""
    return found.exclude(section=DIRECTORY).exclude(kind__in=HIDDEN)


def is_new(since: datetime) -> Q:
    """What came, or came anew, after a moment."""
    return Q(available_to_patient_at__gt=since) | Q(changed_at__gt=since)


def parts(found: QuerySet[Resource], since: datetime | None) -> list[Part]:
    """Every part in its order, the empty ones too."""
    new = is_new(since) if since else Q(pk=None)
    counted = shown_at_all(found).order_by().values("section")
    counted = counted.annotate(
        entries=Count("pk"),
        over=Count("pk", filter=Q(past=True)),
        new=Count("pk", filter=new),
        latest_at=Max("occurred_at"),
    )
    held: dict[str, Mapping[str, object]] = {each["section"]: each for each in counted}
    return [_part(name, title, held.get(name, {})) for name, title in SECTIONS.items()]


def _part(name: str, title: str, held: Mapping[str, object]) -> Part:
    counts = [int(str(held.get(each, 0))) for each in ("entries", "over", "new")]
    latest_at = held.get("latest_at")
    latest = latest_at if isinstance(latest_at, datetime) else None
    return Part(name, gettext(title), counts[0], counts[1], counts[2], latest)


def series(found: QuerySet[Resource], sight: Sight, since: datetime | None) -> list[Series]:
    """Of each thing observed the latest, by its name."""
    same, latest_first = [F("concept")], [F("occurred_at").desc(nulls_last=True), F("id").asc()]
    latest = observed(found).annotate(
        place=Window(RowNumber(), partition_by=same, order_by=latest_first),
        times=Window(Count("pk"), partition_by=same),
    )
    rows = list(latest.filter(place=1))
    said = zip(rows, spoken(rows, sight, since), strict=True)
    every = [Series(shown, row.concept, getattr(row, "times")) for row, shown in said]  # noqa: B009 - an annotation
    return sorted(every, key=lambda each: each.latest.says.title.casefold())


def observed(found: QuerySet[Resource]) -> QuerySet[Resource]:
    """The observations that say what they are of."""
    return found.filter(kind="Observation").exclude(concept="").order_by()


def drawn(rows: Sequence[Shown], time_zone: str) -> Plot | None:
    """The numbers of one thing over time, with the usual range as it last came; None of words."""
    dated = [each for each in rows if each.row.occurred_at and each.says.values][:MOST_POINTS]
    if len(dated) < 2:
        return None
    unit = dated[0].says.values[0].unit
    labels = [value.label for value in dated[0].says.values if value.unit == unit]
    lines = [_line(label, unit, dated) for label in labels]
    return plot(dated[0].says.title, lines, unit, time_zone, band=_band(dated, labels))


def _line(label: str, unit: str, rows: Sequence[Shown]) -> Line:
    """Its values in the order of time; one of another unit is left to the table."""
    points = [
        Point(each.row.occurred_at, float(value.number))
        for each in reversed(rows)
        for value in each.says.values
        if value.label == label and value.unit == unit and each.row.occurred_at
    ]
    return Line(label, points)


def _band(rows: Sequence[Shown], labels: Sequence[str]) -> tuple[float | None, float | None] | None:
    """The usual range; none where two things were measured at once, for each has its own."""
    if len(labels) != 1:
        return None
    values: list[Measured] = [value for each in rows for value in each.says.values]
    ranges = ((one.low, one.high) for one in values if one.low is not None or one.high is not None)
    low, high = next(ranges, (None, None))
    if low is None and high is None:
        return None
    return (None if low is None else float(low), None if high is None else float(high))
