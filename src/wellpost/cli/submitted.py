"""What `wellpost report` sends: QPP JSON, QRDA Category III, FHIR MeasureReports."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from wellpost.adapters.fhir.measure_bundle import KINDS, measure_bundle
from wellpost.adapters.fhir.measure_reports import Making
from wellpost.adapters.qpp import write_qpp
from wellpost.adapters.qrda3 import Sender, write_qrda3
from wellpost.cli.formats import File, Format, Job
from wellpost.reports.scorecard import scorecard
from wellpost.reports.submission import ENTITIES, Submission
from wellpost.reports.submitting import refuse_unsubmittable, submissions
from wellpost.terms import Reporter


def add_options(parser: argparse.ArgumentParser) -> None:
    """What only these formats ask."""
    sent = parser.add_argument_group("what is sent")
    sent.add_argument(
        "--entity",
        choices=tuple(ENTITIES),
        help="who reports: an npi under a tin (what a submission is without it), a tin, "
        "a virtual group",
    )
    sent.add_argument(
        "--cehrt-id",
        metavar="ID",
        help="qpp, qrda3: the CMS EHR certification id of the product, 15 letters and digits",
    )
    sent.add_argument(
        "--practice-name", metavar="NAME", help="qrda3: the name of the practice that reports"
    )
    sent.add_argument(
        "--report-type",
        choices=KINDS,
        default="summary",
        help="measure-report: counts (the default), with the list of patients, or of each patient",
    )


def _qpp(job: Job) -> Sequence[File]:
    return [File(f"qpp-{_named(each)}.json", write_qpp(each)) for each in _submissions(job)]


def _qrda3(job: Job) -> Sequence[File]:
    made_at = datetime.now(UTC)
    return [
        File(f"qrda3-{_named(each)}.xml", write_qrda3(each, _sender(job, each, made_at)))
        for each in _submissions(job)
    ]


def _measure_report(job: Job) -> Sequence[File]:
    card = scorecard(job.source, job.request)
    making = Making(job.request, datetime.now(UTC))
    bundle = measure_bundle(job.source, card, job.arguments.report_type, making)
    rules = job.request.rules
    name = f"measure-report-{rules.name}-{rules.year}-{job.arguments.report_type}.json"
    return [File(name, (json.dumps(bundle, indent=2, ensure_ascii=False) + "\n").encode())]


SUBMISSIONS: Mapping[str, Format] = {
    "qpp": Format("a submission to CMS as QPP JSON", _qpp, True, refuse_unsubmittable),
    "qrda3": Format("a submission to CMS as QRDA III", _qrda3, True, refuse_unsubmittable),
    "measure-report": Format("FHIR R4 Measures and MeasureReports", _measure_report),
}


def _submissions(job: Job) -> list[Submission]:
    (level,) = job.request.levels
    card = scorecard(job.source, job.request)
    return submissions(card, level, certification=job.arguments.cehrt_id)


def _sender(job: Job, submission: Submission, made_at: datetime) -> Sender:
    named: str | None = job.arguments.practice_name
    return Sender(named or f"Practice {_number(submission.entity)}", made_at)


def _named(submission: Submission) -> str:
    entity = submission.entity
    parts = (submission.kind, entity.virtual_group, entity.tin, entity.npi)
    words = [re.sub(r"[^A-Za-z0-9]", "_", part) for part in parts[1:] if part]
    return "-".join((str(submission.year), submission.kind, *words))


def _number(entity: Reporter) -> str:
    return entity.tin or entity.virtual_group or ""
