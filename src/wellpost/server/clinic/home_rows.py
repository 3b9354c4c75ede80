"""What came from home as a clinician reads it: a row each, and a picture beside the chart's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from wellpost.server.from_home import queries
from wellpost.server.from_home.chart import ChartValue, chart_values
from wellpost.server.from_home.kinds import KINDS, LABELS, NOTE, Kind
from wellpost.server.from_home.limits import limits_of
from wellpost.server.from_home.models import HomeDatum, State
from wellpost.server.from_home.needs import Choice, Question, answered
from wellpost.server.from_home.sealing import note_of, words_of
from wellpost.server.from_home.units import plain
from wellpost.server.people.models import Patient, User
from wellpost.server.ui.plots import Line, Plot, Point, plot


@dataclass(frozen=True)
class Row:
    """A datum: what it says, and whatever belongs to it besides."""

    datum: HomeDatum
    what: str
    entered: str
    words: str
    file_name: str
    answers: list[tuple[Question, list[Choice]]]


@dataclass(frozen=True)
class Beside:
    """The chart's latest values and all readings, in one picture."""

    plot: Plot | None
    chart: list[tuple[ChartValue, str]]


def row(datum: HomeDatum) -> Row:
    """The datum in words. Opens notes: the caller puts the reading on record."""
    file = datum.file
    is_note = datum.kind == NOTE and file is not None
    return Row(
        datum,
        what=_value(datum),
        entered=_entered(datum),
        words=words_of(file) if is_note and file else "",
        file_name=note_of(file).name if file and not is_note else "",
        answers=answered(datum.answers),
    )


def beside_the_chart(by: User, patient: Patient, kind: str) -> Beside | None:
    """The picture and the chart's latest ten; None for what is no reading."""
    if kind not in KINDS:
        return None
    meant = KINDS[kind]
    chart = chart_values(by, patient, meant)
    states = (State.WAITING, State.ASKED_BACK, State.DECLINED)
    home = queries.readings(queries.home_data_at(by, patient), kind, states)
    lines = [*_home_lines(home, meant), *_chart_lines(chart, meant)]
    watched = limits_of(patient)
    across = [
        float(bound)
        for part in meant.parts
        if (limit := watched.get(part.name))
        for bound in (limit.low, limit.high)
        if bound is not None
    ]
    drawn = plot(str(meant.label), lines, str(meant.unit.label), patient.practice.time_zone, across)
    latest = [(each, _of(each.value, each.second, meant)) for each in reversed(chart)]
    return Beside(drawn, latest[:10])


def _home_lines(home: Sequence[HomeDatum], kind: Kind) -> list[Line]:
    """Both numbers of blood pressure are one line each."""
    found = []
    for place, part in enumerate(kind.parts):
        points = [
            Point(each.measured_at, float(value), hollow=True)
            for each in home
            if (value := (each.value, each.second)[place]) is not None
        ]
        label = part.label if len(kind.parts) > 1 else kind.label
        found.append(Line(_("From home: %(what)s") % {"what": label}, points))
    return found


def _chart_lines(chart: Sequence[ChartValue], kind: Kind) -> list[Line]:
    found = []
    for place, part in enumerate(kind.parts):
        points = [
            Point(each.at, float(value))
            for each in chart
            if (value := (each.value, each.second)[place]) is not None
        ]
        label = part.label if len(kind.parts) > 1 else kind.label
        found.append(Line(_("In the chart: %(what)s") % {"what": label}, points))
    return found


def _value(datum: HomeDatum) -> str:
    kind = KINDS.get(datum.kind)
    if kind is None or datum.value is None:
        return str(LABELS[datum.kind])
    return _of(datum.value, datum.second, kind)


def _of(value: Decimal, second: Decimal | None, kind: Kind) -> str:
    numbers = [plain(each, kind.decimals) for each in (value, second) if each is not None]
    return f"{'/'.join(numbers)} {kind.unit.label}"


def _entered(datum: HomeDatum) -> str:
    """What was written, where it was in another unit."""
    kind = KINDS.get(datum.kind)
    if kind is None or datum.entered_unit in ("", kind.unit.code):
        return ""
    unit = next((each.label for each in kind.units if each.code == datum.entered_unit), None)
    written = "/".join(each for each in (datum.entered, datum.entered_second) if each)
    return f"{written} {unit or datum.entered_unit}"
