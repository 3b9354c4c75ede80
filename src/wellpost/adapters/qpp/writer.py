"""A submission as QPP JSON: one measurement set of category `aci` (2017) or `pi`."""

from __future__ import annotations

import json

from wellpost.reports.submission import Measurement, Proportion, Submission, refuse_made_up

PROGRAM = "mips"
METHOD = "electronicHealthRecord"
FIRST_OF_TODAYS_FORM = 2018
"""Before, the program stood on top (CMS's schema of 2017 asks for it); no set had a source."""

ENTITY_TYPES = {"individual": "individual", "group": "group", "virtual-group": "virtualGroup"}
KEYS = {
    "tin": "taxpayerIdentificationNumber",
    "npi": "nationalProviderIdentifier",
    "virtual_group": "entityId",
}
"""What QPP calls the fields that identify an entity."""


def write_qpp(submission: Submission, *, source: str | None = None) -> bytes:
    """The submission as a JSON document in UTF-8; DataRefusedError when its npi is made up."""
    refuse_made_up(submission.entity)
    whole = qpp_json(submission, source=source)
    return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()


def qpp_json(submission: Submission, *, source: str | None = None) -> dict[str, object]:
    """The submission as QPP has it.

    `source` is `qrda3` where it was converted from QRDA III; QPP has it from 2018.
    """
    old = submission.year < FIRST_OF_TODAYS_FORM
    return {
        **({"programName": PROGRAM} if old else {}),
        "entityType": ENTITY_TYPES[submission.kind],
        **_identifiers(submission),
        "performanceYear": submission.year,
        "measurementSets": [_measurement_set(submission, None if old else source)],
    }


def _identifiers(submission: Submission) -> dict[str, str]:
    named = {key: getattr(submission.entity, field) for field, key in KEYS.items()}
    return {key: value for key, value in named.items() if value is not None}


def _measurement_set(submission: Submission, source: str | None) -> dict[str, object]:
    written: dict[str, object] = {"category": submission.category, "submissionMethod": METHOD}
    if submission.certification is not None:
        written["cehrtId"] = submission.certification
    written |= {
        "programName": PROGRAM,
        "performanceStart": submission.period.start.isoformat(),
        "performanceEnd": submission.period.end.isoformat(),
        "measurements": [_measurement(each) for each in submission.measurements],
    }
    if source is not None:
        written["source"] = source
    return written


def _measurement(measurement: Measurement) -> dict[str, object]:
    return {"measureId": measurement.identifier, "value": _value(measurement.value)}


def _value(value: Proportion | bool) -> object:
    if isinstance(value, bool):
        return value
    return {"numerator": value.numerator, "denominator": value.denominator}
