"""How visits get in: a FHIR export, a CSV of the day, one by hand; and one taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db import transaction

from wellpost.adapters.fhir import FhirFacts, facts_of, read
from wellpost.adapters.fhir.reader import OnBrokenLine
from wellpost.errors import DataRefusedError, RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Clinician, Patient, Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, require
from wellpost.server.people.queries import clinicians_of
from wellpost.server.records.models import Encounter, EncounterKind

from .batch import BY_HAND, FHIR
from .daily import Day
from .from_fhir import batch_of
from .record_import import import_record
from .report import ImportReport
from .writing import Progress, Writing
from .writing_all import write

ONLY_IN_THE_RECORD = ("AuditEvent", "DocumentReference")
"""Types that an import keeps in the record or leaves, and makes no rows of that measures count."""

__all__ = ["import_day", "import_facts", "import_fhir", "record_visit", "take_back_visit"]


def import_fhir(
    folder: str | Path,
    *,
    by: User | None,
    practice: Practice | None = None,
    synthetic_identifiers: bool = False,
    on_broken_line: OnBrokenLine = "refuse_all",
    progress: Progress | None = None,
) -> ImportReport:
    """Read a folder of FHIR NDJSON into the database; a second time nothing changes.

    Visits, messages and data from patients become rows that measures count; every resource of a
    patient, and of whom it names, is kept in the record as it came.

    `practice`: only what belongs to it; without one every practice of the folder is imported,
    and made where it is new, which only the machine itself may (`by` None).

    DataRefusedError: see `wellpost.adapters.fhir`. Everything is written or nothing.
    """
    _require(by, practice)
    records = read(
        folder, on_broken_line=on_broken_line, progress=progress, without=ONLY_IN_THE_RECORD
    )
    facts = facts_of(records, synthetic_identifiers=synthetic_identifiers)
    facts = _all_read(facts)
    keep_rest = on_broken_line == "keep_rest"

    def also(writing: Writing) -> None:
        import_record(Path(folder), facts, writing, keep_rest=keep_rest, progress=progress)

    return import_facts(facts, by=by, practice=practice, progress=progress, also=also)


def import_facts(
    facts: FhirFacts,
    *,
    by: User | None,
    practice: Practice | None = None,
    progress: Progress | None = None,
    also: Callable[[Writing], None] | None = None,
) -> ImportReport:
    """Write FHIR facts that were read already (and perhaps moved in time) into the database.

    `also` writes more of the same import, in its transaction.
    """
    _require(by, practice)
    report = ImportReport(account=list(facts.reconciliation.sentences()))
    zone = practice.time_zone if practice else "UTC"
    only_tin = practice.tin if practice else None
    batch = batch_of(facts, report, today=clock.today(zone), only_tin=only_tin)
    if not batch.practices:
        raise DataRefusedError(*report.account, _nothing_here(facts, practice))
    return write(Writing(batch, report, progress), by, also)


def _all_read(facts: FhirFacts) -> FhirFacts:
    """The files that hold nothing for the measures are read all the same, for the record."""
    return replace(facts, reconciliation=replace(facts.reconciliation, ignored_files=()))


def _require(by: User | None, practice: Practice | None) -> None:
    if practice is not None:
        require(by, Permission.IMPORT_VISITS, practice)
    elif by is not None:
        raise NotAllowed("only the machine itself imports for every practice.")


def _nothing_here(facts: FhirFacts, practice: Practice | None) -> str:
    tins = {post.tin for post in facts.posts}
    if practice is None or not tins:
        return (
            "No clinician of this folder belongs to a practice with a TIN, so nothing was "
            "imported. If these are made-up data, ask for --synthetic-identifiers."
        )
    return (
        f"Nothing in this folder belongs to tin {practice.tin}; it speaks of {len(tins):,} other "
        "practices, so nothing was imported. Leave the practice out to import them all."
    )


def import_day(day: Day, *, practice: Practice, by: User | None) -> ImportReport:
    """Write the good lines of a CSV of the day; `daily.read_day` has read and checked it."""
    require(by, Permission.IMPORT_VISITS, practice)
    if day.practice != practice:
        raise RequestError("This file was checked for another practice; drop it again.")
    report = ImportReport()
    report.leave_out("lines", "with a fault", len(day.faulty_lines))
    return write(Writing(day.batch, report), by)


@transaction.atomic
def record_visit(
    *,
    patient: Patient,
    clinician: Clinician,
    seen_on: date,
    kind: EncounterKind | str,
    by: User | None,
    client_key: UUID | str,
) -> Encounter:
    """A visit written down by hand; with one client key once, however often it is sent.

    RequestError for a day to come, a kind that is none, or a clinician who is not of the
    practice on that day.
    """
    require(by, Permission.RECORD_VISIT, patient)
    practice, standing = patient.practice, patient.surviving
    _check_visit(practice, clinician, seen_on, str(kind))
    source = {"practice": practice, "source_system": BY_HAND, "source_id": str(client_key)}
    values = {"patient": standing, "clinician": clinician, "seen_on": seen_on, "kind": str(kind)}
    visit, made = _once(source, values)
    if made:
        record(by=by, deed=Deed.VISIT_RECORDED, target=visit, category="encounter")
    return visit


def _once(source: dict[str, object], values: dict[str, object]) -> tuple[Encounter, bool]:
    visit, made = Encounter.objects.get_or_create(**source, defaults=values)
    if any(getattr(visit, name) != value for name, value in values.items()):
        raise RequestError("This form was sent before with other values; open it afresh.")
    return visit, made


def _check_visit(practice: Practice, clinician: Clinician, seen_on: date, kind: str) -> None:
    if kind not in EncounterKind.values:
        raise RequestError(f"kind {kind} is none; write one of {', '.join(EncounterKind.values)}.")
    if seen_on > clock.today(practice.time_zone):
        raise RequestError(f"{seen_on} is still to come; a visit is recorded when it has been.")
    if clinician.pk not in {each.clinician_id for each in clinicians_of(practice, seen_on)}:
        raise RequestError(f"npi {clinician.npi} is no clinician of this practice on {seen_on}.")


@transaction.atomic
def take_back_visit(*, visit: Encounter, by: User | None) -> Encounter:
    """The visit was none: it no longer counts, and stays on record as taken back.

    RequestError for one from an export: there the source says what stands.
    """
    require(by, Permission.RECORD_VISIT, visit)
    if visit.source_system == FHIR:
        raise RequestError("This visit comes from the medical record; take it back there.")
    if visit.cancelled_at is None:
        visit.cancelled_at = clock.now()
        visit.save(update_fields=["cancelled_at"])
        record(by=by, deed=Deed.VISIT_TAKEN_BACK, target=visit, category="encounter")
    return visit
