"""The parts of a record: how much is in each, what is new, what was measured over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext

from wellpost.adapters.fhir.plain import DIRECTORY, SECTIONS, Measured, measured
from wellpost.server.ui.plots import Line, Plot, Point, plot

from .bodies import resource_of
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


@dataclass(frozen=True)
class Value:
    """What was measured at a moment."""

    at: datetime
    values: Sequence[Measured]


def values_of(rows: Iterable[Resource]) -> list[Value]:
    """The numbers of rows that have a moment, in their order."""
    dated = ((row.occurred_at, measured(resource_of(row))) for row in rows if row.occurred_at)
    return [Value(at, values) for at, values in dated if at and values][:MOST_POINTS]


def drawn(title: str, values: Sequence[Value], time_zone: str) -> Plot | None:
    """The numbers of one thing over time, the latest first as given, with the usual range as it
    last came; None where there are not two.
    """
    if len(values) < 2:
        return None
    unit = values[0].values[0].unit
    labels = [value.label for value in values[0].values if value.unit == unit]
    lines = [_line(label, unit, values) for label in labels]
    return plot(title, lines, unit, time_zone, band=_band(values, labels))


def _line(label: str, unit: str, values: Sequence[Value]) -> Line:
    """Its values in the order of time; one of another unit is left to the table."""
    points = [
        Point(each.at, float(value.number))
        for each in reversed(values)
        for value in each.values
        if value.label == label and value.unit == unit
    ]
    return Line(label, points)


def _band(
    values: Sequence[Value], labels: Sequence[str]
) -> tuple[float | None, float | None] | None:
    """The usual range; none where two things were measured at once, for each has its own."""
    if len(labels) != 1:
        return None
    every = (value for each in values for value in each.values)
    ranges = ((one.low, one.high) for one in every if one.low is not None or one.high is not None)
    low, high = next(ranges, (None, None))
    if low is None and high is None:
        return None
    return (None if low is None else float(low), None if high is None else float(high))
