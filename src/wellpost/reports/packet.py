"""The audit packet for people: one document that holds the whole attestation (rules.md 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wellpost.reports.about import changed_by_hand, closing, heading, warnings
from wellpost.reports.attestation import Attestation
from wellpost.reports.documents import Cell, Column, Document, Made, Section, Table
from wellpost.reports.evidence import Listed
from wellpost.reports.printed import scorecard_document, without_empty
from wellpost.reports.words import name
from wellpost.rules.model import MeasureRule
from wellpost.terms import Reporter, spoken

HOW_TO_CHECK = (
    "The ZIP that goes with this document holds everything it says and the facts it rests on. "
    "“wellpost packet verify FILE” tells whether a byte of it was changed, and “wellpost packet "
    "recompute FILE” counts and judges every number again by the rules it holds. "
    "Its README.txt says how to check it without Wellpost."
)


def packet_document(attestation: Attestation, hashes: Mapping[str, str], key: str) -> Document:
    """What was attested, by whom and when, its evidence, and the hashes of every file."""
    request = attestation.request
    made = Made(attestation.product, attestation.at, attestation.by)
    card = scorecard_document(attestation.card, made, attestation.names)
    tail = [each for each in closing(request) if each.title not in _HERE]
    return Document(
        "packet",
        "Audit packet",
        heading(request),
        Section("Measures as attested", table=card.main.table),
        (_attested(attestation),),
        (
            *(each for each in card.after if each.title in ("The objective", "Points", "Checks")),
            *_by_hand(attestation),
            *_grounds(attestation),
            *tail,
            *_patients(attestation),
            _files(hashes, key),
        ),
        warnings=warnings(request),
    )


_HERE = ("Changed by hand", "Exclusions claimed")


def _attested(attestation: Attestation) -> Section:
    request = attestation.request
    return Section(
        "What was attested",
        pairs=(
            ("Attested by", attestation.by),
            ("Attested at", f"{attestation.at:%Y-%m-%d %H:%M:%S} UTC"),
            ("Program", f"{request.rules.program.title} ({request.rules.name})"),
            ("Year", str(request.rules.year)),
            ("Reporting period", f"{request.period}, {request.period.days} days"),
            ("Reporters", "; ".join(_reporters(attestation))),
            ("Product", attestation.product),
        ),
    )


def _reporters(attestation: Attestation) -> Iterator[str]:
    names = attestation.names
    for reporter in dict.fromkeys(each.reporter for each in attestation.card.results):
        named = names.clinicians.get(reporter.npi or "") or names.practices.get(reporter.tin or "")
        yield f"{name(reporter)} ({named})" if named else name(reporter)


def _by_hand(attestation: Attestation) -> Iterator[Section]:
    if not attestation.request.overrides:
        return
    yield changed_by_hand(attestation.request)
    columns = (
        Column("measure", "Measure"),
        Column("reporter", "Reporter"),
        Column("counted", "Counted"),
        Column("attested", "Attested"),
    )
    rows = [
        (spoken(was.rule.measure), name(was.reporter), _of(was.count), _of(now.count))
        for was, now in zip(attestation.counted.results, attestation.card.results, strict=True)
        if was.count != now.count
    ]
    yield Section("Counted and attested", table=Table(columns, rows), level=2)


def _of(count: object) -> str:
    return f"{getattr(count, 'numerator', '')} of {getattr(count, 'denominator', '')}"


def _grounds(attestation: Attestation) -> Iterator[Section]:
    if not attestation.grounds:
        return
    columns = (
        Column("measure", "Measure"),
        Column("reporter", "Reporter"),
        Column("ground", "Ground", "word"),
        Column("says", "What it says"),
        Column("encounters", "Encounters", "number"),
        Column("against", "Against it", "number"),
        Column("stands", "Stands", "flag"),
    )
    rows = [
        (
            spoken(each.claim.measure),
            name(each.reporter),
            each.claim.ground,
            str(each.as_json()["says"]),
            each.encounters,
            each.against,
            each.stands,
        )
        for each in attestation.grounds
    ]
    lines = ("Where no number stands, no fact shows the ground: it is attested.",)
    yield Section("Exclusions claimed, with their evidence", lines, table=Table(columns, rows))


def _patients(attestation: Attestation) -> Iterator[Section]:
    """One list for each measure and reporter, so that no line repeats what all have."""
    lists: dict[tuple[MeasureRule, Reporter], list[Listed]] = {}
    for each in attestation.listed:
        lists.setdefault((each.rule, each.reporter), []).append(each)
    for (rule, reporter), listed in lists.items():
        number = sum(each.member.in_numerator for each in listed)
        yield Section(
            f"Patients: {spoken(rule.measure)}, {name(reporter)}",
            (f"{number:,} of {len(listed):,} in the numerator. {rule.cite}: {rule.says}.",),
            table=without_empty(_COLUMNS, [_line(each, attestation) for each in listed]),
        )


_COLUMNS = (
    Column("patient_id", "Patient"),
    Column("patient", "Patient's name"),
    Column("in_numerator", "Counts", "flag"),
    Column("first_seen_on", "First seen", "day"),
    Column("last_seen_on", "Last seen", "day"),
    Column("reason", "Why"),
)


def _line(each: Listed, attestation: Attestation) -> tuple[Cell, ...]:
    member = each.member
    return (
        member.patient_id,
        attestation.names.patients.get(member.patient_id),
        member.in_numerator,
        member.first_seen_on,
        member.last_seen_on,
        each.reason,
    )


def _files(hashes: Mapping[str, str], key: str) -> Section:
    columns = (Column("file", "File"), Column("sha256", "SHA-256"))
    lines = (HOW_TO_CHECK, f"Signed with the key whose SHA-256 is {key}.")
    return Section("The files of the packet", lines, table=Table(columns, list(hashes.items())))
