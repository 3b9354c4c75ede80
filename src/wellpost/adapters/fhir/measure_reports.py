"""Counts and membership as FHIR R4 MeasureReports: summary, subject-list, individual."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lxml import etree

from wellpost.adapters.fhir.measure_words import (
    BASE,
    POPULATIONS,
    Resource,
    improvement,
    made_id,
    measure_url,
    population,
    reporter_reference,
    scoring,
)
from wellpost.engine.membership import Member
from wellpost.reports.about import policies_line
from wellpost.reports.request import Request
from wellpost.reports.scorecard import Result
from wellpost.rules.model import MeasureRule
from wellpost.terms import Measure, Reporter

DEQM = "http://hl7.org/fhir/us/davinci-deqm/StructureDefinition"
PROFILES = {
    "individual": f"{DEQM}/indv-measurereport-deqm",
    "subject-list": f"{DEQM}/subjectlist-measurereport-deqm",
    "summary": f"{DEQM}/summary-measurereport-deqm",
}
LIST_PROFILE = f"{DEQM}/indv-measurereport-list"
SCORING = f"{DEQM}/extension-measureScoring"
XHTML = "http://www.w3.org/1999/xhtml"
_PLAIN: Any = {None: XHTML}


def patient_by_identifier(patient_id: str) -> Resource:
    """A patient named as the facts name them."""
    return {"type": "Patient", "identifier": {"value": patient_id}}


@dataclass(frozen=True)
class Making:
    """What all reports of one making share.

    `made_at` has its time zone; `base` is where Measures live; `patient` makes the reference
    to a patient from the facts' name of them.
    """

    request: Request
    made_at: datetime
    base: str = BASE
    patient: Callable[[str], Resource] = patient_by_identifier
    narratives: dict[tuple[Measure, Reporter], str] = field(default_factory=dict, compare=False)
    """What was written once for every report of one measure and reporter."""

    def identifier(self, kind: str, rule: MeasureRule, reporter: Reporter, *more: str) -> str:
        """The id of a report: the same for the same question made at the same moment."""
        asked = (self.request.rules.name, self.request.rules.year, self.request.period)
        return made_id(kind, self.made_at, *asked, rule.measure, reporter, *more)


def summary(result: Result, making: Making) -> Resource:
    """The counts of one measure for one reporter."""
    count = result.count
    report = _report("summary", result.rule, result.reporter, making)
    numbers = (count.denominator, count.denominator, count.numerator)
    report["group"] = [_group(numbers)]
    return report


def individual(rule: MeasureRule, member: Member, making: Making) -> Resource:
    """Whether one patient of a denominator is in the numerator, and by which act."""
    report = _report("individual", rule, member.reporter, making, member.patient_id)
    report["subject"] = making.patient(member.patient_id)
    report["group"] = [_group((1, 1, int(member.in_numerator)))]
    if member.act_id is not None:
        act = {"identifier": {"value": member.act_id}, "display": f"{member.act}"}
        report["evaluatedResource"] = [act]
    return report


def subject_list(result: Result, members: Sequence[Member], making: Making) -> Resource:
    """The counts, and for each population the list of its patients' individual reports."""
    report = summary(result, making)
    report |= {
        "id": making.identifier("subject-list", result.rule, result.reporter),
        "meta": {"profile": [PROFILES["subject-list"]]},
        "type": "subject-list",
    }
    every = [_individual(result.rule, member, making) for member in members]
    reached = [one for one, member in zip(every, members, strict=True) if member.in_numerator]
    lists = dict(zip(POPULATIONS, (every, every, reached), strict=True))
    report["contained"] = [
        *report.get("contained", []),
        *(_list(code, found) for code, found in lists.items()),
    ]
    for each in report["group"][0]["population"]:
        each["subjectResults"] = {"reference": f"#{each['id']}-list"}
    return report


def _report(
    kind: str, rule: MeasureRule, reporter: Reporter, making: Making, *more: str
) -> Resource:
    reference, contained = reporter_reference(reporter)
    rules, period = making.request.rules, making.request.period
    report: Resource = {
        "resourceType": "MeasureReport",
        "id": making.identifier(kind, rule, reporter, *more),
        "meta": {"profile": [PROFILES[kind]]},
        "text": {"status": "additional", "div": _narrative(rule, reporter, making)},
        "extension": [{"url": SCORING, "valueCodeableConcept": scoring()}],
        "status": "complete",
        "type": kind,
        "measure": f"{measure_url(rules, rule, making.base)}|{rules.year}",
        "date": making.made_at.isoformat(timespec="seconds"),
        "reporter": reference,
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()},
        "improvementNotation": improvement(),
    }
    return report | ({"contained": contained} if contained else {})


def _group(numbers: tuple[int, int, int]) -> Resource:
    counted = zip(POPULATIONS, numbers, strict=True)
    group: Resource = {
        "id": "main",
        "population": [population(code) | {"count": number} for code, number in counted],
    }
    _, denominator, numerator = numbers
    if denominator:
        group["measureScore"] = {"value": round(numerator / denominator, 6)}
    return group


def _list(code: str, individuals: Sequence[Resource]) -> Resource:
    made: Resource = {
        "resourceType": "List",
        "id": f"{code}-list",
        "meta": {"profile": [LIST_PROFILE]},
        "status": "current",
        "mode": "snapshot",
    }
    if not individuals:
        system = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
        return made | {"emptyReason": {"coding": [{"system": system, "code": "nilknown"}]}}
    return made | {"entry": [{"item": each} for each in individuals]}


def _individual(rule: MeasureRule, member: Member, making: Making) -> Resource:
    name = making.identifier("individual", rule, member.reporter, member.patient_id)
    return {"reference": f"urn:uuid:{name}"}


def _narrative(rule: MeasureRule, reporter: Reporter, making: Making) -> str:
    """What a person reads: the same for each patient of a measure and reporter."""
    key = rule.measure, reporter
    if key not in making.narratives:
        making.narratives[key] = _written(rule, reporter, making.request)
    return making.narratives[key]


def _written(rule: MeasureRule, reporter: Reporter, request: Request) -> str:
    """The rule with its source, the policies in force, changes by hand."""
    div = etree.Element(f"{{{XHTML}}}div", nsmap=_PLAIN)
    law = f"{rule.threshold.text}: {rule.says} ({rule.cite})"
    for sentence in (law, policies_line(request), *_by_hand(rule, reporter, request)):
        etree.SubElement(div, f"{{{XHTML}}}p").text = sentence
    return str(etree.tostring(div, encoding="unicode"))


def _by_hand(rule: MeasureRule, reporter: Reporter, request: Request) -> Iterator[str]:
    """Why a number is not the one counted, in characters that XML can hold."""
    for each in request.overrides:
        if (each.measure, each.reporter) == (rule.measure, reporter):
            reason = "".join(c if c.isprintable() else " " for c in each.reason)
            yield f"Changed by hand, not counted, by {each.by}: {reason}"
