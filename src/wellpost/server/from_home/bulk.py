"""Many readings of a device's file into the table at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from wellpost.adapters.readings import Reading, Tally
from wellpost.errors import RequestError
from wellpost.server.clock import time as clock
from wellpost.server.records.models import PatientDatum

from .adding import AHEAD, SINCE, check_order
from .identity import identity
from .kinds import KINDS, Kind
from .limits import RECENT, Limit, danger_of
from .models import Danger, HomeDatum, ImportBatch, Source, State
from .units import line_between, plain, turned

Adapter = Callable[[Any], Any]
FIELDS: tuple[Any, ...] = HomeDatum._meta.concrete_fields
VARYING = frozenset(
    {
        "id", "kind", "code", "unit", "value", "second", "entered", "entered_second",
        "entered_unit", "device", "measured_at", "ended_at", "danger", "of_note",
    }
)  # fmt: skip
CHANGEABLE = ("value", "entered", "device", "measured_at", "ended_at", "danger", "of_note", "batch")
"""What a later file may say better of a day's total, as long as nobody looked at it."""


@dataclass
class Bulk:
    """Writes readings of one import. `limits`: from when on they are dangerous."""

    batch: ImportBatch
    limits: Mapping[str, Limit]
    counts: PatientDatum
    seen: Tally

    def write(self, readings: Iterable[Reading]) -> tuple[int, int]:
        """Keep those that are new, in the caller's transaction; how many were, and how many not.

        One that cannot be right is counted as refused, with the reason, and the others go on.
        """
        rows = [row for each in readings if (row := self._row(each)) is not None]
        added = _insert(row for row in rows if not row[1])
        changed = _insert((row for row in rows if row[1]), changing=True)
        return added + changed, len(rows) - added - changed

    def _row(self, reading: Reading) -> tuple[list[Any], bool] | None:
        try:
            return self._values(reading), reading.of_day
        except RequestError as refusal:
            day = reading.starts_at.date().isoformat()
            self.seen.fault(f"{KINDS[reading.kind].label} of {day}", str(refusal))
            return None

    def _values(self, reading: Reading) -> list[Any]:
        kind = KINDS[reading.kind]
        value = _checked(kind, 0, reading.value, reading.unit)
        second = None
        if reading.second is not None:
            second = _checked(kind, 1, reading.second, reading.unit)
            check_order(value, second)
        starts_at, ends_at = self._moments(reading)
        danger = danger_of(kind.name, (value, second), self.limits)
        given = {
            "id": self._identity(reading, starts_at, ends_at, value, second),
            "kind": kind.name,
            "code": kind.code,
            "unit": kind.unit.code,
            "value": value,
            "second": second,
            "entered": reading.written[:40],
            "entered_second": reading.written_second[:40],
            "entered_unit": reading.unit,
            "device": reading.device[:100],
            "measured_at": starts_at,
            "ended_at": ends_at,
            "danger": danger.value,
            "of_note": bool(danger) and self._now - starts_at <= RECENT,
        }
        row = self._same.copy()
        for place, name, adapted in self._varying:
            row[place] = adapted(given[name])
        return row

    def _identity(
        self,
        reading: Reading,
        starts_at: datetime,
        ends_at: datetime | None,
        value: Decimal,
        second: Decimal | None,
    ) -> Any:
        """Type, times, source and value; of a day's total only the day: it grows."""
        patient = self.batch.patient_id
        if reading.of_day:
            return identity(patient, reading.kind, "day", reading.starts_at.date(), self.batch.form)
        said = (starts_at, ends_at, reading.device, value, second)
        return identity(patient, reading.kind, *said)

    def _moments(self, reading: Reading) -> tuple[datetime, datetime | None]:
        """In UTC; the wall clock's where the file names no zone. RequestError for the future."""
        starts_at = self._in_utc(reading.starts_at)
        if starts_at > self._now + AHEAD + (timedelta(days=1) if reading.of_day else timedelta()):
            raise RequestError("its time has not come yet")
        if reading.starts_at.date() < SINCE:
            raise RequestError("its time is before 1900")
        return starts_at, self._in_utc(reading.ends_at) if reading.ends_at else None

    def _in_utc(self, moment: datetime) -> datetime:
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)

    @cached_property
    def _now(self) -> datetime:
        return clock.now()

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.batch.practice.time_zone)

    @cached_property
    def _same(self) -> list[Any]:
        """A row with what is the same in each, every column as the database takes it."""
        sample = HomeDatum(
            practice_id=self.batch.practice_id,
            patient_id=self.batch.patient_id,
            entered_by_id=self.batch.entered_by_id,
            representative_id=self.batch.representative_id,
            batch_id=self.batch.pk,
            counts_id=self.counts.pk,
            received_at=self._now,
            through=self.batch.form,
            source=Source.DEVICE.value,
            state=State.WAITING.value,
            danger=Danger.NONE.value,
        )
        return [each.get_db_prep_save(getattr(sample, each.attname), connection) for each in FIELDS]

    @cached_property
    def _varying(self) -> list[tuple[int, str, Adapter]]:
        """Place, name and adapter of the columns that differ from row to row."""
        return [
            (place, each.name, _adapter(each))
            for place, each in enumerate(FIELDS)
            if each.name in VARYING
        ]


def _checked(kind: Kind, place: int, number: Decimal, unit: str) -> Decimal:
    """In the kind's own unit, and possible."""
    part = kind.parts[place]
    value = turned(number, line_between(unit, kind.unit.code, kind.name == "glucose"))
    if not part.least <= value <= part.most:
        raise RequestError(f"{plain(value, 1)} {kind.unit.label} cannot be right")
    return value


def _insert(rows: Iterable[tuple[list[Any], bool]], *, changing: bool = False) -> int:
    """Insert the rows whose id is new; how many. `changing`: bring a waiting one up to date.

    By the driver's own `executemany`: Django's bulk_create takes four times as long.
    """
    given = [row for row, _of_day in rows]
    if not given:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(_statement(changing), given)
        return max(int(cursor.rowcount), 0)


def _statement(changing: bool) -> str:
    """Names come from the model alone; every value is bound."""
    table, columns = HomeDatum._meta.db_table, [str(each.column) for each in FIELDS]
    head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({_marks(columns)}) "  # noqa: S608 - see above
    if not changing:
        return head + "ON CONFLICT (id) DO NOTHING"
    named = [str(each.column) for each in FIELDS if each.name in CHANGEABLE]
    new = ", ".join(f"{each} = excluded.{each}" for each in named)
    return (
        head + f"ON CONFLICT (id) DO UPDATE SET {new} WHERE {table}.state = 'waiting'"
        f" AND {table}.value <> excluded.value"
    )


def _marks(columns: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(columns))


def _adapter(field: Any) -> Adapter:
    """How the database takes a value of the field. Django's own asks the connection each time,
    which for three moments a row is half the work; SQLite keeps them as the same texts.
    """
    kind, lite = field.get_internal_type(), connection.vendor == "sqlite"
    if not lite or kind not in LITE:
        return _as_it_is
    return LITE[kind]


def _as_it_is(value: Any) -> Any:
    return value


LITE: Mapping[str, Adapter] = {
    "DateTimeField": lambda value: None if value is None else str(value.replace(tzinfo=None)),
    "DecimalField": lambda value: None if value is None else str(value),
    "UUIDField": lambda value: value.hex,
}
