"""Reports of what can still be: every possible period, and whom to reach first by which day."""

from __future__ import annotations

from collections.abc import Sequence

from wellpost.reports.about import with_frame
from wellpost.reports.attestation import Names
from wellpost.reports.best_period import PeriodResult
from wellpost.reports.documents import Cell, Column, Document, Made, Section
from wellpost.reports.printed import NOBODY, WHO, without_empty
from wellpost.reports.request import Request
from wellpost.reports.what_if import WhatIf
from wellpost.terms import Reporter, spoken


def periods_document(
    request: Request, results: Sequence[PeriodResult], made: Made, names: Names = NOBODY
) -> Document:
    """Every period given, in the order given; the request is of the period that is reported now."""
    columns = (
        Column("measure", "Measure"),
        *WHO,
        Column("start", "First day", "day"),
        Column("end", "Last day", "day"),
        Column("denominator", "Denominator", "number"),
        Column("numerator", "Numerator", "number"),
        Column("rate", "Rate", "share"),
        Column("verdict", "Verdict", "word"),
    )
    rows = [
        (
            spoken(each.rule.measure),
            *_who(each.count.reporter, names),
            each.period.start,
            each.period.end,
            each.count.denominator,
            each.count.numerator,
            each.rate,
            each.verdict.value,
        )
        for each in results
    ]
    lines = (f"{len(rows):,} periods, the best first.",)
    main = Section("Every possible period", lines, table=without_empty(columns, rows))
    whole = {**request.as_json(), "results": [each.as_json() for each in results]}
    document = Document("periods", "Every possible period", "", main, whole=whole)
    return with_frame(request, made, document)


def what_if_document(
    request: Request, found: Sequence[WhatIf], made: Made, names: Names = NOBODY
) -> Document:
    """What is still needed, by when, and whom to reach first.

    A patient without a name in `names` is another practice's: counted, and on no line.
    """
    columns = (
        Column("measure", "Measure"),
        *WHO,
        Column("patient_id", "Patient"),
        Column("patient", "Patient's name"),
        Column("last_seen_on", "Last seen", "day"),
        Column("next_visit_on", "Next visit", "day"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            spoken(each.result.rule.measure),
            *_who(each.result.reporter, names),
            patient.patient_id,
            names.patients[patient.patient_id],
            patient.last_seen_on,
            patient.next_visit_on,
        )
        for each in found
        for patient in each.patients
        if patient.patient_id in names.patients
    ]
    main = Section("Whom to reach first", table=without_empty(columns, rows))
    whole = {**request.as_json(), "results": [_named(each, names) for each in found]}
    needs = Section("What is still needed", lines=[_said(each) for each in found])
    document = Document("what-if", "What is still needed", "", main, (needs,), whole=whole)
    return with_frame(request, made, document)


def _named(each: WhatIf, names: Names) -> dict[str, object]:
    whom = [one for one in each.patients if one.patient_id in names.patients]
    return WhatIf(each.result, each.period, each.by, whom).as_json()


def _said(each: WhatIf) -> str:
    count, needed = each.result.count, each.result.judgement.needed
    told = f"{spoken(each.result.rule.measure)}: {count.numerator:,} of {count.denominator:,}"
    if each.by is None and needed:
        return f"{told}; no act can help any more."
    if needed is None:
        return f"{told}; what is still needed cannot be said."
    return f"{told}; {needed:,} more needed" + (f", by {each.by}." if needed else ".")


def _who(reporter: Reporter, names: Names) -> tuple[Cell, ...]:
    practice = names.practices.get(reporter.tin or "")
    named = names.clinicians.get(reporter.npi) if reporter.npi else practice
    return spoken(reporter.level), reporter.npi, reporter.tin, reporter.virtual_group, named
