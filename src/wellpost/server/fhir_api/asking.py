"""The parameters of `$evaluate-measure`, from an address or a Parameters resource, checked once."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from wellpost.rules.naming import no_such
from wellpost.rules.policies import checked_policy
from wellpost.terms import Period

from .formats import read_body
from .outcomes import wrong

KINDS = {
    "subject": "individual",
    "individual": "individual",
    "subject-list": "subject-list",
    "population": "summary",
    "summary": "summary",
}
"""What `reportType` may be (R4's names, and DEQM's), and the type of the report it gives."""
NAMES = (
    "measure",
    "parameters",
    "periodEnd",
    "periodStart",
    "practitioner",
    "reportType",
    "subject",
)
ABOUT_THE_ANSWER = ("_format", "_pretty")
DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
PRACTITIONER = re.compile(r"(?:Practitioner/|http://hl7\.org/fhir/sid/us-npi\|)?(\d{10})", re.ASCII)


@dataclass(frozen=True)
class Evaluation:
    """What is asked for; `npi` None: not said, `patient_id` set for reports of one patient."""

    period: Period
    kind: str
    measure: str | None = None
    npi: str | None = None
    patient_id: UUID | None = None
    policies: Mapping[str, str] = field(default_factory=dict)


def evaluation(request: HttpRequest) -> Evaluation:
    """What the request asks for; 400 says what it lacks or what in it cannot be right."""
    given = _once_each([*_of_address(request), *_of_body(request)])
    period = Period(_day(given, "periodStart"), _day(given, "periodEnd", last=True))
    patient_id = _patient(given.get("subject"))
    kind = _kind(given.get("reportType"), patient_id)
    return Evaluation(
        period,
        kind,
        given.get("measure"),
        _npi(given.get("practitioner")),
        patient_id,
        _policies(given.get("parameters", {})),
    )


def _of_address(request: HttpRequest) -> Iterator[tuple[str, Any]]:
    for name, values in request.GET.lists():
        if name not in ABOUT_THE_ANSWER:
            yield from ((name, value) for value in values)


def _of_body(request: HttpRequest) -> Iterator[tuple[str, Any]]:
    if request.method == "POST":
        yield from _pairs(read_body(request))


def _pairs(parameters: object) -> Iterator[tuple[str, Any]]:
    """Names and values of a Parameters resource; a value may be a resource."""
    if not isinstance(parameters, dict) or parameters.get("resourceType") != "Parameters":
        raise wrong("The resource is not a Parameters.", "structure")
    entries = parameters.get("parameter", [])
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise wrong("Parameters.parameter is a list of objects.", "structure")
    for each in entries:
        values = [each[key] for key in each if key.startswith("value") or key == "resource"]
        if not isinstance(each.get("name"), str) or len(values) != 1:
            raise wrong("Each parameter has a name and one value or resource.", "structure")
        yield each["name"], values[0]


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Those with a value, each known and said once, each but `parameters` a text."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name not in NAMES:
            raise no_such("parameter", name, NAMES)
        if name in found:
            raise wrong(f"{name} is given twice; one report is made at a time.")
        if isinstance(value, str) == (name == "parameters"):
            what = "a Parameters resource, in a POST" if name == "parameters" else "a text"
            raise wrong(f"{name} is {what}.", "structure")
        if value:
            found[name] = value
    return found


def _day(given: Mapping[str, str], name: str, *, last: bool = False) -> date:
    """A day, or the first (or last) of the month or year that a FHIR date leaves it at."""
    if name not in given:
        raise wrong(f"{name} is missing; give a date like 2021-06-01.", "required")
    found = DAY.fullmatch(given[name])
    try:
        if not found:
            raise ValueError
        year, month, day = (int(each) if each else None for each in found.groups())
        return _in_full(year or 0, month or (12 if last else 1), day, last=last)
    except ValueError:
        raise wrong(f"{name} cannot be read; give a date like 2021-06-01.", "value") from None


def _in_full(year: int, month: int, day: int | None, *, last: bool) -> date:
    first = date(year, month, day or 1)
    days = calendar.monthrange(year, month)[1]
    return first.replace(day=days) if last and day is None else first


def _kind(text: str | None, patient_id: UUID | None) -> str:
    """By R4, one patient's report where there is a subject, else that of all."""
    if text is None:
        return "individual" if patient_id else "summary"
    if text not in KINDS:
        raise no_such("reportType", text, KINDS)
    kind = KINDS[text]
    if kind == "individual" and patient_id is None:
        raise wrong(f"reportType {text} is about one patient; name them in subject.", "required")
    if kind != "individual" and patient_id:
        raise wrong(f"reportType {text} is about all patients; leave subject out.")
    return kind


def _npi(text: str | None) -> str | None:
    if text is None:
        return None
    found = PRACTITIONER.fullmatch(text)
    if not found:
        raise wrong("practitioner is an NPI, written like Practitioner/1234567893.", "value")
    return found[1]


def _patient(text: str | None) -> UUID | None:
    """The id of a subject; what was written instead is not said again, it could be a name."""
    if text is None:
        return None
    try:
        return UUID(text.removeprefix("Patient/"))
    except ValueError:
        raise wrong("subject is one patient, written Patient/ and their id.", "value") from None


def _policies(parameters: object) -> dict[str, str]:
    """Policies settled for this one report, each checked."""
    if not parameters:
        return {}
    pairs = list(_pairs(parameters))
    if not all(isinstance(value, str) for _, value in pairs):
        raise wrong("parameters: the value of a policy is a text or a code.", "structure")
    return dict(checked_policy(name, value) for name, value in pairs)
