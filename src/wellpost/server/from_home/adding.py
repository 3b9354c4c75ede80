"""Bringing something in: a reading, a note, a photo or document, answers about one's needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile, File
from django.db import transaction

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.messaging.checks import CONTROL
from wellpost.server.messaging.files import noted
from wellpost.server.people.models import Patient, User
from wellpost.server.people.permissions import NotAllowed, Permission, require
from wellpost.server.records.models import PatientDatum

from .documents import DocumentKind
from .identity import identity
from .kinds import DOCUMENT, NEEDS, NOTE, Kind, kind_named
from .limits import danger_of, is_recent, limits_of
from .models import Danger, HomeDatum, Source, State
from .needs import checked_answers
from .sealing import Note, pieces_of, store
from .telling import tell_of_danger
from .units import check_possible, converted, number
from .who import Bringer, bringer

LONGEST_NOTE = 4_000
LONGEST_DEVICE = 100
AHEAD = timedelta(minutes=10)
"""How far a clock may be wrong before a reading is one of the future."""
SINCE = date(1900, 1, 1)
FORM = "form"


@dataclass(frozen=True)
class Measured:
    """A reading as somebody says it: the kind, the numbers and the unit as written, and when."""

    kind: str
    value: str
    unit: str
    measured_at: datetime
    second: str = ""
    ended_at: datetime | None = None
    device: str = ""


@transaction.atomic
def add_readings(
    *,
    by: User,
    patient: Patient,
    readings: Sequence[Measured],
    through: str = FORM,
    source: Source = Source.PATIENT,
) -> list[HomeDatum]:
    """Keep readings that belong together (blood pressure and pulse, say), as they came and in the
    kind's own unit; those past the practice's limits are marked.

    Only the patient and representatives for the record may. RequestError, in the patient's words,
    for what is no number, of another unit, impossible, or of the future. Said twice, kept once.
    """
    who = bringer(by, patient)
    limits = limits_of(who.patient)
    made = [_reading(who, each, through, source) for each in readings]
    for each in made:
        each.danger = danger_of(each.kind, (each.value, each.second), limits)
        each.of_note = bool(each.danger) and is_recent(each.measured_at)
    return _keep(who, made, source)


@transaction.atomic
def add_note(*, by: User, patient: Patient, text: str, measured_at: datetime) -> HomeDatum:
    """Keep words, sealed. RequestError where there are none, or too many."""
    who = bringer(by, patient)
    words = checked_text(text)
    check_moment(measured_at, who.patient)
    file = store(who.patient, Note("", "text/plain"), pieces_of(ContentFile(words.encode())))
    made = _of(who, NOTE, measured_at, Source.PATIENT, identity(who.patient.pk, NOTE, file.pk))
    made.file = file
    return _keep(who, [made], Source.PATIENT)[0]


@transaction.atomic
def add_document(
    *, by: User, patient: Patient, file: File[Any], document: DocumentKind, measured_at: datetime
) -> HomeDatum:
    """Keep a photo or document, sealed, with its type by content.

    DataRefusedError for a file that is of no kind known, empty or too large.
    """
    who = bringer(by, patient)
    check_moment(measured_at, who.patient)
    looked = noted([file])[0]
    sealed = store(who.patient, Note(looked.note.name, looked.note.type), pieces_of(looked.file))
    key = identity(who.patient.pk, DOCUMENT, looked.note.sha256, document.code)
    made = _of(who, DOCUMENT, measured_at, Source.NON_CLINICAL_SETTING, key)
    made.file, made.code = sealed, document.code
    return _keep(who, [made], Source.NON_CLINICAL_SETTING)[0]


@transaction.atomic
def add_needs(
    *, by: User, patient: Patient, answers: dict[str, list[str]], measured_at: datetime
) -> HomeDatum:
    """Keep answers about housing, food, transport and utilities; those skipped are left out.

    RequestError for answers that are not on the list, and where all were skipped.
    """
    who = bringer(by, patient)
    check_moment(measured_at, who.patient)
    checked = checked_answers(answers)
    key = identity(who.patient.pk, NEEDS, measured_at, checked)
    made = _of(who, NEEDS, measured_at, Source.NON_CLINICAL_SETTING, key)
    made.answers = checked
    return _keep(who, [made], Source.NON_CLINICAL_SETTING)[0]


@transaction.atomic
def take_back(*, datum: HomeDatum, by: User) -> None:
    """Take back what was brought by mistake, as long as the practice did nothing with it.

    RequestError once it stands in the record: then the practice has to correct it.
    """
    require(by, Permission.ADD_HOME_DATA, datum)
    held = HomeDatum.objects.select_for_update().get(pk=datum.pk)
    if held.state == State.ACCEPTED:
        raise RequestError(
            "This is in the record already. Write to the practice to have it corrected."
        )
    held.state, held.of_note = State.WITHDRAWN, False
    held.save(update_fields=["state", "of_note"])
    record(by=by, deed=Deed.HOME_DATA_TAKEN_BACK, target=held, category=held.kind)


def checked_text(text: str) -> str:
    """Words as they are kept: plain, not empty, not too long."""
    words = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not words:
        raise RequestError("There are no words yet. Write something, then save it.")
    if len(words) > LONGEST_NOTE:
        raise RequestError(
            f"That is {len(words):,} characters; at most {LONGEST_NOTE:,} can be kept in a note. "
            "Shorten it, or add it as a document."
        )
    return words


def check_moment(moment: datetime, patient: Patient) -> None:
    """Not of the future, and not before there was a patient to measure."""
    if moment > clock.now() + AHEAD:
        raise RequestError("That time has not come yet. Give the day and time it was measured.")
    zone = ZoneInfo(patient.practice.time_zone)
    if moment.astimezone(zone).date() < (patient.birth_on or SINCE):
        raise RequestError("That is before the date of birth. Look for a slip in the date.")


def _reading(who: Bringer, said: Measured, through: str, source: Source) -> HomeDatum:
    kind = kind_named(said.kind)
    value = _value(kind, 0, said.value, said.unit)
    second = _value(kind, 1, said.second, said.unit) if len(kind.parts) > 1 else None
    check_order(value, second)
    check_moment(said.measured_at, who.patient)
    device = plain_name(said.device)
    key = identity(
        who.patient.pk, kind.name, said.measured_at, said.ended_at, f"{through}\x1e{device}",
        value, second,
    )  # fmt: skip
    made = _of(who, kind.name, said.measured_at, source, key)
    made.code, made.unit, made.value, made.second = kind.code, kind.unit.code, value, second
    made.entered, made.entered_second = said.value.strip(), said.second.strip()
    made.entered_unit, made.device, made.through = said.unit, device, through
    made.ended_at = said.ended_at
    return made


def _value(kind: Kind, place: int, written: str, unit: str) -> Decimal:
    part = kind.parts[place]
    try:
        value = converted(number(written), unit, kind)
    except RequestError as refusal:
        raise RequestError(f"{part.label}: {refusal}") from None
    bounds_in = unit if any(each.code == unit for each in kind.units) else kind.unit.code
    check_possible(value, part, kind, bounds_in)
    return value


def check_order(upper: Decimal | None, lower: Decimal | None) -> None:
    """The upper number of blood pressure is the larger one."""
    if upper is not None and lower is not None and lower >= upper:
        raise RequestError(
            "The upper number must be larger than the lower one. Look whether they were swapped."
        )


def plain_name(text: str) -> str:
    """A device's or app's name on one line, printable and not too long."""
    return "".join(each for each in text if each.isprintable()).strip()[:LONGEST_DEVICE]


def _of(who: Bringer, kind: str, measured_at: datetime, source: Source, key: UUID) -> HomeDatum:
    return HomeDatum(
        id=key,
        practice=who.patient.practice,
        patient=who.patient,
        kind=kind,
        measured_at=measured_at.astimezone(UTC),
        received_at=clock.now(),
        entered_by=who.user,
        representative=who.representative,
        through=FORM,
        source=source,
        danger=Danger.NONE,
    )


def _keep(who: Bringer, made: list[HomeDatum], source: Source) -> list[HomeDatum]:
    """Those that are new; those taken back before are brought again. On record."""
    held = HomeDatum.objects.select_for_update().in_bulk([each.pk for each in made])
    if any(each.patient_id != who.patient.pk for each in held.values()):
        raise NotAllowed("that is another patient's.")
    new = [each for each in made if each.pk not in held]
    again = [each for each in held.values() if each.state == State.WITHDRAWN]
    counts = received(who.patient, source) if new else None
    for each in new:
        each.counts = counts
    HomeDatum.objects.bulk_create(new)
    HomeDatum.objects.filter(pk__in=[each.pk for each in again]).update(state=State.WAITING)
    for each in (*new, *again):
        _record(who, each)
    if any(each.of_note for each in new):
        tell_of_danger(who.patient)
    return [held.get(each.pk, each) for each in made]


def received(patient: Patient, source: str) -> PatientDatum:
    """The row that a measure looks at: received today, incorporated by nobody yet."""
    return PatientDatum.objects.create(
        patient=patient,
        practice=patient.practice,
        received_on=clock.today(patient.practice.time_zone),
        source=source,
    )


def _record(who: Bringer, datum: HomeDatum) -> None:
    record(
        by=who.user,
        deed=Deed.HOME_DATA_ADDED,
        target=datum,
        category=datum.kind,
        on_behalf_of=who.patient.pk if who.representative else "",
    )
