"""The reports people keep: scorecard, lists of patients, acts that count, worklist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wellpost.reports.about import with_frame
from wellpost.reports.attestation import Names
from wellpost.reports.attested import title
from wellpost.reports.documents import Cell, Column, Document, Made, Section, Table
from wellpost.reports.evidence import Listed
from wellpost.reports.request import Request
from wellpost.reports.scorecard import ObjectiveResult, PointsResult, Result, Scorecard
from wellpost.reports.worklist import Waiting
from wellpost.rules.model import ProgramYear
from wellpost.terms import Reporter, spoken

NOBODY = Names()
WHO = (
    Column("level", "Level"),
    Column("npi", "NPI"),
    Column("tin", "TIN"),
    Column("virtual_group", "Virtual group"),
    Column("name", "Name"),
)


def scorecard_document(card: Scorecard, made: Made, names: Names = NOBODY) -> Document:
    """Every measure of every reporter, judged; the objective and points where there are any."""
    columns = (
        Column("measure", "Measure"),
        *WHO,
        Column("denominator", "Denominator", "number"),
        Column("numerator", "Numerator", "number"),
        Column("rate", "Rate", "share"),
        Column("threshold", "Asked for"),
        Column("verdict", "Verdict", "word"),
        Column("needed", "Still needed", "number"),
        Column("changed_by_hand", "By hand", "flag"),
        Column("counted", "Counted was"),
        Column("cite", "Source"),
    )
    rows = [_result(each, card.request, names) for each in card.results]
    main = Section("Measures", table=without_empty(columns, rows))
    after = (*_objectives(card, names), *_points(card, names), *_checks(card, names))
    whole = card.as_json()
    document = Document("scorecard", "Scorecard", "", main, after=after, whole=whole)
    return with_frame(card.request, made, document)


def patients_document(
    card: Scorecard, listed: Sequence[Listed], made: Made, names: Names = NOBODY
) -> Document:
    """Numerator, denominator, percentage, and the patients in each (45 CFR 170.315(g)(2))."""
    columns = (
        Column("measure", "Measure"),
        *WHO,
        Column("patient_id", "Patient"),
        Column("patient", "Patient's name"),
        Column("in_numerator", "In numerator", "flag"),
        Column("first_seen_on", "First seen", "day"),
        Column("last_seen_on", "Last seen", "day"),
        Column("counted_on", "Counts from", "day"),
        Column("reason", "Reason"),
    )
    rows = [_listed(each, names) for each in listed]
    main = Section("Patients", (_many(len(rows)),), table=without_empty(columns, rows))
    whole = {**card.as_json(), "patients": [each.as_json() for each in listed]}
    before = (scorecard_document(card, made, names).main,)
    document = Document("g2", "Numerator and denominator", "", main, before, whole=whole)
    return with_frame(card.request, made, document)


def acts_document(
    request: Request, listed: Iterable[Listed], made: Made, names: Names = NOBODY
) -> Document:
    """Each act that makes a patient eligible for the numerator (45 CFR 170.315(g)(1))."""
    columns = (
        Column("measure", "Measure"),
        *WHO,
        Column("patient_id", "Patient"),
        Column("patient", "Patient's name"),
        Column("act", "Act"),
        Column("act_id", "Identifier"),
        Column("happened_on", "On", "day"),
        Column("counted_on", "Counts from", "day"),
        Column("act_npi", "Credited to"),
    )
    rows = [
        (
            *_head(each, names),
            act.what,
            act.identifier,
            act.on,
            act.counted_on,
            act.npi,
        )
        for each in listed
        for act in each.counting
    ]
    main = Section("Acts that count", (_acts(len(rows)),), table=without_empty(columns, rows))
    keys = [column.name for column in columns]
    written = [
        {
            key: str(cell) if key.endswith("_on") else cell
            for key, cell in zip(keys, row, strict=True)
        }
        for row in rows
    ]
    whole = {**request.as_json(), "acts": written}
    return with_frame(request, made, Document("g1", "Acts that count", "", main, whole=whole))


def worklist_document(
    request: Request, waiting: Sequence[Waiting], made: Made, names: Names = NOBODY
) -> Document:
    """Patients of the denominator who are not in the numerator yet."""
    columns = (
        Column("measure", "Measure"),
        *WHO,
        Column("patient_id", "Patient"),
        Column("patient", "Patient's name"),
        Column("first_seen_on", "First seen", "day"),
        Column("last_seen_on", "Last seen", "day"),
        Column("next_visit_on", "Next visit", "day"),
    )
    rows = [
        (
            spoken(each.rule.measure),
            *_who(each.reporter, names),
            each.patient_id,
            names.patients.get(each.patient_id),
            each.first_seen_on,
            each.last_seen_on,
            each.next_visit_on,
        )
        for each in waiting
    ]
    main = Section("Not yet reached", (_many(len(rows)),), table=without_empty(columns, rows))
    whole = {**request.as_json(), "results": [each.as_json() for each in waiting]}
    document = Document("worklist", "Patients not yet reached", "", main, whole=whole)
    return with_frame(request, made, document)


def without_empty(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Table:
    """The table without columns about reporters and names that no row fills."""
    optional = {
        "npi",
        "tin",
        "virtual_group",
        "name",
        "patient",
        "next_visit_on",
        "changed_by_hand",
        "counted",
        "category",
    }
    kept = [
        place
        for place, column in enumerate(columns)
        if column.name not in optional or any(row[place] for row in rows)
    ]
    return Table([columns[n] for n in kept], [[row[n] for n in kept] for row in rows])


def _result(each: Result, request: Request, names: Names) -> tuple[Cell, ...]:
    by_hand = (each.rule.measure, each.reporter) in {
        (one.measure, one.reporter) for one in request.overrides
    }
    return (
        spoken(each.rule.measure),
        *_who(each.reporter, names),
        each.count.denominator,
        each.count.numerator,
        each.rate,
        each.rule.threshold.text,
        each.judgement.verdict.value,
        each.judgement.needed,
        by_hand,
        f"{each.before.numerator} of {each.before.denominator}" if each.before else None,
        each.rule.cite,
    )


def _head(each: Listed, names: Names) -> tuple[Cell, ...]:
    patient_id = each.member.patient_id
    named = names.patients.get(patient_id)
    return (spoken(each.rule.measure), *_who(each.reporter, names), patient_id, named)


def _listed(each: Listed, names: Names) -> tuple[Cell, ...]:
    member = each.member
    days = (member.first_seen_on, member.last_seen_on, member.acted_on)
    return (*_head(each, names), member.in_numerator, *days, each.reason)


def _who(reporter: Reporter, names: Names) -> tuple[Cell, ...]:
    practices = names.practices.get(reporter.tin or "")
    named = names.clinicians.get(reporter.npi) if reporter.npi else practices
    return spoken(reporter.level), reporter.npi, reporter.tin, reporter.virtual_group, named


def _objectives(card: Scorecard, names: Names) -> tuple[Section, ...]:
    objective = card.request.rules.objective
    if objective is None or not card.objectives:
        return ()
    columns = (
        *WHO,
        Column("verdict", "Verdict", "word"),
        Column("required", "Required", "number"),
        Column("met", "Met", "number"),
        Column("excluded", "Excluded", "number"),
    )
    rows = [_objective(each, names) for each in card.objectives]
    lines = (f"{objective.says} ({objective.cite}).",)
    return (Section("The objective", lines, table=without_empty(columns, rows)),)


def _objective(each: ObjectiveResult, names: Names) -> tuple[Cell, ...]:
    found = each.judgement
    who = _who(each.reporter, names)
    return (*who, found.verdict.value, found.required, found.met, found.excluded)


def _points(card: Scorecard, names: Names) -> tuple[Section, ...]:
    if not card.points:
        return ()
    columns = (
        *WHO,
        Column("points", "Points", "number"),
        Column("maximum", "Of at most", "number"),
        Column("by_measure", "By measure"),
        Column("category", "Score of the category"),
    )
    rows = [_earned(each, card.request.rules, names) for each in card.points]
    return (Section("Points", table=without_empty(columns, rows)),)


def _earned(each: PointsResult, rules: ProgramYear, names: Names) -> tuple[Cell, ...]:
    earned = ", ".join(
        f"{spoken(measure)} {'–' if points is None else points}"
        for measure, points in each.by_measure.items()
    )
    return (*_who(each.reporter, names), each.total, each.maximum, earned, _category(each, rules))


def _category(each: PointsResult, rules: ProgramYear) -> str | None:
    score = each.category
    if score is None:
        return None
    if score.missing:
        missing = ", ".join(title(name, rules) for name in score.missing)
        return f"not known: {missing} not answered"
    if score.score is None:
        return f"not known: no source that could be read says {'; '.join(score.unknown)}"
    return f"{score.score} of 100"


def _checks(card: Scorecard, names: Names) -> tuple[Section, ...]:
    if not card.checks:
        return ()
    columns = (
        Column("check", "Check"),
        *WHO,
        Column("encounters", "Encounters", "number"),
        Column("so", "Certified", "number"),
        Column("threshold", "Asked for"),
        Column("passes", "Enough", "flag"),
        Column("cite", "Source"),
    )
    rows = [
        (
            spoken(each.rule.value.name),
            *_who(each.found.reporter, names),
            each.found.encounters,
            each.found.so,
            each.rule.value.text,
            each.passes,
            each.rule.cite,
        )
        for each in card.checks
    ]
    return (Section("Checks", table=without_empty(columns, rows)),)


def _many(number: int) -> str:
    return "1 line." if number == 1 else f"{number:,} lines, one for each patient of a denominator."


def _acts(number: int) -> str:
    return "1 act." if number == 1 else f"{number:,} acts."
