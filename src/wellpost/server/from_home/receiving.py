"""Readings that a connected app writes: FHIR Observations, checked as everything else is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from wellpost.errors import DataRefusedError, RequestError
from wellpost.server.people.models import Patient, User

from .adding import Measured, add_readings
from .kinds import KINDS, Kind, kind_of_code
from .models import HomeDatum, Source
from .resources import LOINC, UCUM


class _Number(NamedTuple):
    """A quantity as it is written."""

    value: str
    unit: str


def receive_observation(
    *, by: User, patient: Patient, resource: Mapping[str, Any], through: str
) -> HomeDatum:
    """Keep an Observation from an app that acts for `by`; it waits for the practice like others.

    `through` is the app's name. One Observation, sent again, is the same datum. DataRefusedError
    says what is wrong with the resource, or its numbers; NotAllowed as of `add_readings`.
    """
    _check(resource, patient)
    kind = _kind(resource)
    upper, lower = _numbers(resource, kind)
    starts_at, ends_at = _moments(resource)
    said = Measured(
        kind.name, upper.value, upper.unit, starts_at, lower.value if lower else "", ends_at,
        _device(resource),
    )  # fmt: skip
    try:
        return add_readings(
            by=by, patient=patient, readings=[said], through=through[:100], source=Source.DEVICE
        )[0]
    except RequestError as refusal:
        raise DataRefusedError(f"Observation: {refusal}") from None


def _check(resource: Mapping[str, Any], patient: Patient) -> None:
    if resource.get("resourceType") != "Observation":
        raise DataRefusedError("Only an Observation can be written here.")
    if resource.get("status") not in {"final", "amended", "corrected"}:
        raise DataRefusedError("Observation.status must be final; a reading is written once it is.")
    subject = _object(resource.get("subject")).get("reference")
    if not isinstance(subject, str) or not subject.endswith(f"Patient/{patient.pk}"):
        raise DataRefusedError(
            f"Observation.subject must be the patient of this access: Patient/{patient.pk}."
        )


def _kind(resource: Mapping[str, Any]) -> Kind:
    codes = [
        str(each.get("code"))
        for each in _objects(_object(resource.get("code")).get("coding"))
        if each.get("system") == LOINC
    ]
    for code in codes:
        if kind := kind_of_code(code):
            return kind
    known = ", ".join(f"{each.code} ({each.name})" for each in KINDS.values())
    raise DataRefusedError(f"Observation.code must have one of these LOINC codes: {known}.")


def _numbers(resource: Mapping[str, Any], kind: Kind) -> tuple[_Number, _Number | None]:
    if len(kind.parts) == 1:
        return _number(resource.get("valueQuantity"), "Observation.valueQuantity"), None
    found = {
        code: each.get("valueQuantity")
        for each in _objects(resource.get("component"))
        for code in _codes(each)
    }
    upper, lower = (_number(found.get(each.code), f"component {each.code}") for each in kind.parts)
    if upper.unit != lower.unit:
        raise DataRefusedError("Both components must have the same unit.")
    return upper, lower


def _number(quantity: object, where: str) -> _Number:
    given = _object(quantity)
    value, unit = given.get("value"), given.get("code")
    if isinstance(value, bool) or value is None or not isinstance(unit, str):
        raise DataRefusedError(f"{where} needs a value and a unit as a UCUM code.")
    if given.get("system") != UCUM:
        raise DataRefusedError(f"{where}.system must be {UCUM}.")
    if given.get("comparator"):
        raise DataRefusedError(f"{where} has a comparator; only a number can be kept.")
    return _Number(str(value)[:40], unit)


def _moments(resource: Mapping[str, Any]) -> tuple[datetime, datetime | None]:
    period = _object(resource.get("effectivePeriod"))
    start = resource.get("effectiveDateTime") or period.get("start")
    return _moment(start), _moment(period["end"]) if "end" in period else None


def _moment(written: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise DataRefusedError(
            "Observation.effectiveDateTime must be a time with its offset, such as "
            "2021-06-03T08:15:00-04:00."
        )
    return moment


def _device(resource: Mapping[str, Any]) -> str:
    return str(_object(resource.get("device")).get("display") or "")


def _codes(component: Mapping[str, Any]) -> list[str]:
    return [
        str(each.get("code")) for each in _objects(_object(component.get("code")).get("coding"))
    ]


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
