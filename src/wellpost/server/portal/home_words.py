"""What was brought from home, in the words and units of those who brought it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wellpost.server.from_home.kinds import KINDS, LABELS, Kind, Unit
from wellpost.server.from_home.limits import Limit
from wellpost.server.from_home.models import HomeDatum, State
from wellpost.server.from_home.units import plain, shown_in
from wellpost.server.ui.plots import Line, Plot, Point, plot


@dataclass(frozen=True)
class Shown:
    """A datum as a row: what it is, what became of it, and whether it can be taken back."""

    datum: HomeDatum
    what: str
    state: str
    may_take_back: bool


def shown(datum: HomeDatum, unit: Unit | None = None) -> Shown:
    """The datum in words; its numbers in `unit`, or the one they were written in."""
    waiting = datum.state in (State.WAITING, State.ASKED_BACK)
    return Shown(datum, value_in_words(datum, unit), state_in_words(datum), waiting)


def value_in_words(datum: HomeDatum, unit: Unit | None = None) -> str:
    """`128/82 mmHg`; for what is no number, what it is."""
    kind = KINDS.get(datum.kind)
    if kind is None or datum.value is None:
        return str(LABELS[datum.kind])
    used = unit or unit_written(datum, kind)
    numbers = [each for each in (datum.value, datum.second) if each is not None]
    written = "/".join(plain(shown_in(each, used.code, kind), used.decimals) for each in numbers)
    return f"{written} {used.label}"


def unit_written(datum: HomeDatum, kind: Kind) -> Unit:
    """The unit it was written in, where it is one that people choose."""
    return next((each for each in kind.units if each.code == datum.entered_unit), kind.unit)


def state_in_words(datum: HomeDatum) -> str:
    """What became of it, for who brought it."""
    if datum.state == State.WAITING:
        return _("Waiting for the practice to look at it")
    said = {
        State.ACCEPTED: _("%(who)s added this to the record on %(day)s."),
        State.ASKED_BACK: _("%(who)s asked about this on %(day)s: see the message."),
        State.DECLINED: _("%(who)s did not add this to the record (%(day)s)."),
        State.WITHDRAWN: _("Taken back."),
    }[State(datum.state)]
    return f"{said % {'who': _who(datum), 'day': _day(datum)}} {datum.comment}".strip()


def drawn(
    data: Sequence[HomeDatum], kind: Kind, unit: Unit, time_zone: str, limits: Iterable[Limit] = ()
) -> Plot | None:
    """The readings over time in one unit: those not in the record yet are drawn open."""
    lines = []
    for place, part in enumerate(kind.parts):
        points = [
            Point(each.measured_at, float(shown_in(value, unit.code, kind)), _open(each))
            for each in data
            if (value := (each.value, each.second)[place]) is not None
        ]
        lines.append(Line(str(part.label) if len(kind.parts) > 1 else str(kind.label), points))
    across = [
        float(shown_in(bound, unit.code, kind))
        for limit in limits
        for bound in (limit.low, limit.high)
        if bound is not None
    ]
    return plot(str(kind.label), lines, str(unit.label), time_zone, across)


def _open(datum: HomeDatum) -> bool:
    return datum.state != State.ACCEPTED


def _who(datum: HomeDatum) -> str:
    decided = datum.clinician or datum.decided_by
    return str(decided) if decided else str(datum.practice.name)


def _day(datum: HomeDatum) -> str:
    if datum.decided_at is None:
        return ""
    local = datum.decided_at.astimezone(ZoneInfo(datum.practice.time_zone))
    return date_format(local, "F j, Y")
