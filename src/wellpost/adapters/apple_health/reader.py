"""From the elements of an Apple Health export to readings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from ..readings import Reading, Tally
from .markup import Plain, elements

QUANTITY = "HKQuantityTypeIdentifier"
UPPER, LOWER = f"{QUANTITY}BloodPressureSystolic", f"{QUANTITY}BloodPressureDiastolic"
STEPS, OXYGEN = f"{QUANTITY}StepCount", f"{QUANTITY}OxygenSaturation"
SLEEP = "HKCategoryTypeIdentifierSleepAnalysis"
ASLEEP = "HKCategoryValueSleepAnalysisAsleep"

SINGLE: Mapping[str, str] = {
    f"{QUANTITY}BloodGlucose": "glucose",
    f"{QUANTITY}BodyMass": "weight",
    f"{QUANTITY}BodyTemperature": "temperature",
    OXYGEN: "oxygen",
    f"{QUANTITY}RestingHeartRate": "pulse",
}
KEPT = (*SINGLE, UPPER, LOWER, STEPS, SLEEP)

# How Apple writes units, and UCUM does. Moles of glucose carry their weight in the text.
UNITS: Mapping[str, str] = {
    "mg/dL": "mg/dL",
    "mg/dl": "mg/dL",
    "kg": "kg",
    "g": "g",
    "lb": "[lb_av]",
    "st": "[stone_av]",
    "degF": "[degF]",
    "degC": "Cel",
    "K": "K",
    "%": "%",
    "count/min": "/min",
    "count": "/d",
    "mmHg": "mm[Hg]",
    "kPa": "kPa",
}
MOLES = re.compile(r"mmol<[0-9.]+>/L")
PLAIN_STEPS = re.compile(
    rb'<Record type="HKQuantityTypeIdentifierStepCount" sourceName="([^"&<>]{0,100})"'
    rb'(?: [A-Za-z]+="[^"<>]*")*? startDate="([0-9-]{10}) ([0-9:]{8} [+-][0-9]{4})"'
    rb' endDate="[^"<>]*" value="([0-9]{1,6})"/>\s*'
)
NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,30})?(?:[eE]-?[0-9])?")
LONGEST_NAME = 100
MOST_UNPAIRED = 1_000_000
IN_BATCHES_OF = 4_000


class _Record(NamedTuple):
    """The attributes of one record that matter, with its times read."""

    type: str
    device: str
    unit: str
    written: str
    starts_at: datetime
    ends_at: datetime


class _Totals:
    """Steps and sleep, added up by day and device: what a day has so far, and when it began."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, date, str], tuple[Decimal, datetime]] = {}

    def add(self, kind: str, device: str, moment: datetime, amount: Decimal) -> None:
        """Add to the day of `moment`, on the clock it was measured by."""
        name = (kind, moment.date(), device)
        so_far, begins = self._held.get(name) or (Decimal(0), _midnight(moment))
        self._held[name] = (so_far + amount, begins)

    def readings(self) -> Iterator[Reading]:
        """For each day the device that counted most: phone and watch count the same steps."""
        most: dict[tuple[str, date], tuple[Decimal, str, datetime]] = {}
        for (kind, day, device), (amount, begins) in self._held.items():
            best = most.get((kind, day))
            if best is None or amount > best[0]:
                most[kind, day] = (amount, device, begins)
        for (kind, _day), (amount, device, begins) in sorted(most.items()):
            unit, end = "/d" if kind == "steps" else "h", begins + timedelta(days=1)
            whole = f"{amount:.4f}".rstrip("0").rstrip(".")
            yield Reading(kind, amount, None, unit, begins, end, device, whole, of_day=True)


class _PlainSteps:
    """Steps as phones write them, some hundred records a day, added up from the bytes: a quarter
    of the whole reading would go into them otherwise.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[bytes, bytes], tuple[int, datetime]] = {}

    def take(self, record: re.Match[bytes]) -> bytes:
        """Add one up; one whose day or device cannot be read is left for the parser to tell of."""
        device, day, clock, value = record.groups()
        held = self._held.get((device, day))
        try:
            so_far, begins = held or (0, _moment(f"{day.decode()} {clock.decode()}"))
            device.decode()
        except ValueError:
            return record[0]
        self._held[device, day] = (so_far + int(value), begins)
        return b""

    def add_to(self, totals: _Totals) -> None:
        """Bring what was added up together with what the parser found."""
        for (device, _day), (count, begins) in self._held.items():
            totals.add("steps", device.decode(), begins, Decimal(count))


class _Collector:
    """Turns records into readings; keeps what waits for its other half, and the days' totals."""

    def __init__(self, seen: Tally) -> None:
        self.seen, self.ready, self.totals = seen, list[Reading](), _Totals()
        self._halves: dict[tuple[datetime, str], _Record] = {}

    def element(self, name: str, attributes: list[str]) -> None:
        """Take in a record; other elements say nothing of their own."""
        if name != "Record":
            return
        given = dict(zip(attributes[::2], attributes[1::2], strict=True))
        if given.get("type") not in KEPT:
            self.seen.left_out += 1
            return
        try:
            self._record(_read(given))
        except (KeyError, ValueError) as fault:
            self.seen.fault(*_said(given, fault))

    def _record(self, record: _Record) -> None:
        if record.type == SLEEP:
            return self._sleep(record)
        value = _number(record.written)
        if record.type == STEPS:
            return self.totals.add("steps", record.device, record.starts_at, value)
        if record.type in (UPPER, LOWER):
            return self._half(record)
        if record.type == OXYGEN and value <= 1:
            value *= 100  # Apple writes "%" and gives the fraction
        self.ready.append(_reading(SINGLE[record.type], value, record))
        return None

    def _sleep(self, record: _Record) -> None:
        """The night belongs to the day one wakes up; lying awake is no sleep."""
        if not record.written.startswith(ASLEEP):
            return
        hours = Decimal(int((record.ends_at - record.starts_at).total_seconds())) / 3600
        if not 0 <= hours <= 24:
            raise ValueError("a sleep that ends before it begins, or lasts more than a day")
        self.totals.add("sleep", record.device, record.ends_at, hours)

    def _half(self, record: _Record) -> None:
        """Upper and lower number are two records of the same moment and device."""
        name = (record.starts_at, record.device)
        other = self._halves.get(name)
        if other is None or other.type == record.type:
            if len(self._halves) < MOST_UNPAIRED:
                self._halves[name] = record
            return
        del self._halves[name]
        upper, lower = (record, other) if record.type == UPPER else (other, record)
        whole = _reading("blood_pressure", _number(upper.written), upper)
        self.ready.append(
            whole._replace(second=_number(lower.written), written_second=lower.written)
        )


def readings(pieces: Iterable[bytes], seen: Tally) -> Iterator[list[Reading]]:
    """The readings of an export, some at a time, in the order of the file; days' totals last.

    `seen` is kept up to date meanwhile. Memory does not grow with the file, but for a number a
    day and device. DataRefusedError for what is no whole export.
    """
    found = _Collector(seen)
    steps = _PlainSteps()
    plain = Plain(PLAIN_STEPS, steps.take)
    for _block in elements(pieces, KEPT, found.element, plain, seen):
        if len(found.ready) >= IN_BATCHES_OF:
            yield found.ready
            found.ready = []
    yield found.ready
    steps.add_to(found.totals)
    yield list(found.totals.readings())


def _reading(kind: str, value: Decimal, record: _Record) -> Reading:
    unit = UNITS.get(record.unit) or ("mmol/L" if MOLES.fullmatch(record.unit) else None)
    if unit is None:
        raise ValueError(f"the unit {record.unit[:20]!r} is not known")
    return Reading(
        kind, value, None, unit, record.starts_at, record.ends_at, record.device, record.written
    )


def _read(given: Mapping[str, str]) -> _Record:
    starts_at, ends_at = _moment(given["startDate"]), _moment(given["endDate"])
    name = given.get("sourceName", "")[:LONGEST_NAME]
    return _Record(given["type"], name, given.get("unit", ""), given["value"], starts_at, ends_at)


def _moment(text: str) -> datetime:
    """`2021-06-03 08:15:00 -0400`."""
    if len(text) != 25:
        raise ValueError("a time is not written as the Health app writes it")
    return datetime.fromisoformat(text[:19] + text[20:])


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _number(text: str) -> Decimal:
    if len(text) > 40 or not NUMBER.fullmatch(text):
        raise ValueError(f"{text[:20]!r} is not a number")
    return Decimal(text)


def _said(given: Mapping[str, str], fault: Exception) -> tuple[str, str]:
    """Where and what, with nothing of a person."""
    kind = given.get("type", "")[:60].removeprefix(QUANTITY)
    missing = f"{fault} is missing" if isinstance(fault, KeyError) else str(fault)
    return f"{kind} of {given.get('startDate', '')[:10]!r}", missing
