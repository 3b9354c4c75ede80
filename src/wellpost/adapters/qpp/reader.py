"""QPP JSON read into a submission; whatever it cannot be is refused with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from wellpost.adapters.qpp.writer import ENTITY_TYPES, KEYS
from wellpost.adapters.sized import read_sized
from wellpost.errors import DataRefusedError
from wellpost.reports.submission import (
    ENTITIES,
    IDENTIFIES,
    Measurement,
    Proportion,
    Submission,
    performance_period,
)
from wellpost.rules.mips_measures import MipsYear, mips_year
from wellpost.terms import Reporter

CATEGORIES = ("aci", "pi")


def read_qpp(path: Path) -> Submission:
    """The ACI or PI part of a QPP submission; other categories are left aside.

    DataRefusedError names the file and, by its keys, the place of each fault.
    """
    content = read_sized(path, "a QPP submission")
    try:
        return _submission(_whole(content, path.name), path.name)
    except DataRefusedError as refused:
        raise DataRefusedError(*(_placed(path.name, fault) for fault in refused.faults)) from None


def _placed(file: str, fault: str) -> str:
    return fault if fault.startswith(f"{file}:") else f"{file}: {fault}"


def _whole(content: bytes, file: str) -> Mapping[str, Any]:
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise DataRefusedError(f"{file}:{line}: this is not JSON; QPP JSON is an object.") from None
    return _object(whole, "the submission")


def _submission(whole: Mapping[str, Any], file: str) -> Submission:
    rules = mips_year(_integer(whole, "performanceYear"))
    measurement_set = _measurement_set(whole, rules)
    return Submission(
        rules.year,
        _entity(whole),
        performance_period(
            _day(measurement_set, "performanceStart"), _day(measurement_set, "performanceEnd")
        ),
        tuple(_measurements(measurement_set, rules)),
        _text(measurement_set, "cehrtId") if "cehrtId" in measurement_set else None,
    )


def _entity(whole: Mapping[str, Any]) -> Reporter:
    kinds = {written: kind for kind, written in ENTITY_TYPES.items()}
    given = _text(whole, "entityType")
    if given not in kinds:
        raise DataRefusedError(f"entityType {given!r} is none of: {', '.join(kinds)}.")
    level = ENTITIES[kinds[given]]
    return Reporter(level, **{name: _text(whole, KEYS[name]) for name in IDENTIFIES[level]})


def _measurement_set(whole: Mapping[str, Any], rules: MipsYear) -> Mapping[str, Any]:
    sets = [_object(each, "measurementSets") for each in _list(whole, "measurementSets")]
    found = [each for each in sets if each.get("category") in CATEGORIES]
    if len(found) != 1:
        raise DataRefusedError(
            f"measurementSets holds {len(found)} of category {' or '.join(CATEGORIES)}; "
            "there must be one."
        )
    if found[0]["category"] != rules.category:
        raise DataRefusedError(
            f"category {found[0]['category']} is not that of {rules.year}; it is {rules.category}."
        )
    return found[0]


def _measurements(measurement_set: Mapping[str, Any], rules: MipsYear) -> Iterator[Measurement]:
    for each in _list(measurement_set, "measurements"):
        one = _object(each, "measurements")
        identifier = rules.canonical(_text(one, "measureId"))
        yield Measurement(identifier, _value(one.get("value"), identifier))


def _value(value: object, identifier: str) -> Proportion | bool:
    if isinstance(value, bool):
        return value
    counts = _object(value, f"value of {identifier}")
    return Proportion(_integer(counts, "numerator"), _integer(counts, "denominator"))


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise DataRefusedError(f"{what} must be an object, with keys and values.")
    return value


def _list(whole: Mapping[str, Any], key: str) -> list[Any]:
    value = whole.get(key)
    if not isinstance(value, list):
        raise DataRefusedError(f"{key} must be a list.")
    return value


def _text(whole: Mapping[str, Any], key: str) -> str:
    value = whole.get(key)
    if not isinstance(value, str):
        raise DataRefusedError(f"{key} must be a text.")
    return value


def _integer(whole: Mapping[str, Any], key: str) -> int:
    value = whole.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise DataRefusedError(f"{key} must be a whole number.")
    return value


def _day(whole: Mapping[str, Any], key: str) -> date:
    try:
        return date.fromisoformat(_text(whole, key))
    except ValueError:
        raise DataRefusedError(f"{key} must be a day like 2017-01-01.") from None
