"""When a reading is dangerous: by the patient's limits, the practice's, or the usual ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from django.db import transaction
from django.db.models import Q

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import Permission, require

from .kinds import KINDS, PARTS
from .models import Danger, HomeLimit

USUAL = Path(__file__).with_name("limits.yaml")
RECENT = timedelta(days=3)
"""How old a dangerous reading may be to go before all others: an old file must not cry wolf."""

USUALLY, PRACTICE, PATIENT = "usually", "practice", "patient"


@dataclass(frozen=True)
class Limit:
    """At or beyond which a number is dangerous, in the kind's own unit, and who says so."""

    part: str
    low: Decimal | None
    high: Decimal | None
    by: str
    cite: str = ""

    def danger(self, value: Decimal) -> Danger:
        """On which side the value is past it."""
        if self.low is not None and value <= self.low:
            return Danger.LOW
        return Danger.HIGH if self.high is not None and value >= self.high else Danger.NONE


def limits_of(patient: Patient) -> Mapping[str, Limit]:
    """What is watched for in this patient, by part: what was set for them goes before all."""
    kept = patient.surviving
    set_ = HomeLimit.objects.filter(Q(patient=kept) | Q(patient=None, practice=kept.practice_id))
    own = {each.part: _as_limit(each) for each in set_ if each.patient_id}
    practice = {each.part: _as_limit(each) for each in set_ if not each.patient_id}
    usual = usual_limits() if _grown(kept) else {}
    return {**usual, **practice, **own}


def limits_at(practice: Practice) -> Mapping[str, Limit]:
    """What the practice watches for in grown people nothing else was set for."""
    set_ = HomeLimit.objects.filter(patient=None, practice=practice)
    return {**usual_limits(), **{each.part: _as_limit(each) for each in set_}}


@cache
def usual_limits() -> Mapping[str, Limit]:
    """The limits every practice starts with, each with its source."""
    read = yaml.safe_load(USUAL.read_text(encoding="utf-8"))
    return {
        each["part"]: Limit(
            each["part"], _decimal(each.get("low")), _decimal(each.get("high")), USUALLY,
            each["cite"],
        )
        for each in read["limits"]
    }  # fmt: skip


@cache
def grown_from() -> int:
    """The age from which the usual limits are meant."""
    return int(yaml.safe_load(USUAL.read_text(encoding="utf-8"))["from_age"])


def danger_of(kind: str, values: Iterable[Decimal | None], limits: Mapping[str, Limit]) -> Danger:
    """On which side the worst number of a reading is past its limit."""
    for part, value in zip(KINDS[kind].parts, values, strict=False):
        limit = limits.get(part.name)
        if limit and value is not None and (found := limit.danger(value)):
            return found
    return Danger.NONE


def is_recent(measured_at: datetime) -> bool:
    """Whether it says something of now."""
    return clock.now() - measured_at <= RECENT


@transaction.atomic
def set_limit(
    *,
    practice: Practice,
    by: User,
    part: str,
    low: Decimal | None,
    high: Decimal | None,
    patient: Patient | None = None,
) -> HomeLimit:
    """Watch for these values (in the kind's own unit) from now on: in the practice, or a patient.

    Permission INCORPORATE: a clinician's decision. RequestError for bounds that cannot be.
    """
    require(by, Permission.INCORPORATE, patient or practice)
    _check(part, low, high)
    values = {"low": low, "high": high, "set_by": by, "set_at": clock.now()}
    kept = patient.surviving if patient else None
    made, _new = HomeLimit.objects.update_or_create(
        practice=practice, patient=kept, part=part, defaults=values
    )
    _record(by, practice, kept, part)
    return made


@transaction.atomic
def drop_limit(*, practice: Practice, by: User, part: str, patient: Patient | None = None) -> None:
    """Go back to what holds otherwise: the practice's limits, or the usual ones."""
    require(by, Permission.INCORPORATE, patient or practice)
    kept = patient.surviving if patient else None
    HomeLimit.objects.filter(practice=practice, patient=kept, part=part).delete()
    _record(by, practice, kept, part)


def _check(part: str, low: Decimal | None, high: Decimal | None) -> None:
    if part not in PARTS:
        raise RequestError(f"There is no number {part[:20]!r}; there are {', '.join(PARTS)}.")
    _kind, meant = PARTS[part]
    for each in (low, high):
        if each is not None and not meant.least <= each <= meant.most:
            raise RequestError(
                f"{meant.label}: a limit of {each.normalize():f} cannot be reached; give one "
                f"between {meant.least} and {meant.most}."
            )
    if low is not None and high is not None and low >= high:
        raise RequestError(f"{meant.label}: the lower limit must be below the upper one.")


def _record(by: User, practice: Practice, patient: Patient | None, part: str) -> None:
    record(
        by=by,
        deed=Deed.HOME_LIMIT_SET,
        target=patient or practice,
        practice_id=practice.pk,
        patient_id=patient.pk if patient else "",
        details={"part": part},
    )


def _as_limit(row: HomeLimit) -> Limit:
    return Limit(row.part, row.low, row.high, PATIENT if row.patient_id else PRACTICE)


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _grown(patient: Patient) -> bool:
    """Whose birth is not known is taken for grown: better one question too many."""
    if patient.birth_on is None:
        return True
    today = clock.today(patient.practice.time_zone)
    return _birthday(patient.birth_on, grown_from()) <= today


def _birthday(born: date, age: int) -> date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return born.replace(year=born.year + age, day=28)
