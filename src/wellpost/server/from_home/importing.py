"""Reading the files that devices write: taken in whole, then read in the background.

A file is sealed and stored first; the readings follow in steps of their own, each committed. So
an import can be stopped at any moment: whoever looks at it, or the command `read_home_files`,
takes it up again from the beginning of the file, and what is here already is not added twice.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import connections, transaction
from django.db.models import F, Q
from django.utils import timezone

from wellpost.adapters.apple_health import export_size, readings, xml_inside
from wellpost.adapters.meters import readings_of
from wellpost.adapters.readings import Reading, Tally
from wellpost.errors import RequestError, WellpostError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Patient, User
from wellpost.server.records.models import PatientDatum

from .adding import plain_name, received
from .bulk import Bulk
from .limits import limits_of
from .models import BatchState, HomeDatum, HomeFile, ImportBatch, Source
from .sealing import Note, content_of, drop, note_of, pieces_of, store
from .telling import tell_of_danger
from .who import bringer

APPLE, APPLE_PACKED, METER = "apple_health", "apple_health_zip", "meter"
HEAD_SIZE = 256 * 1024
IN_MEMORY = 64 << 20
STOPPED_AFTER = timedelta(minutes=2)
MOST_ATTEMPTS = 5
logger = logging.getLogger("wellpost.from_home")
_reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="home-files")


def most_bytes() -> int:
    """How large a device's file may be (setting HOME_FILE_BYTES)."""
    return int(getattr(settings, "HOME_FILE_BYTES", 2 << 30))


def begin_import(*, by: User, patient: Patient, file: File[Any]) -> ImportBatch:
    """Store a device's file and have it read soon; the batch tells how far it is.

    Not in a transaction: a large file must not hold up others. RequestError for an empty or too
    large file; what is in it is looked at while it is read.
    """
    who = bringer(by, patient)
    form = _form(file)
    kept = store(who.patient, Note(plain_name(file.name or ""), form), pieces_of(file))
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            practice=who.patient.practice,
            patient=who.patient,
            entered_by=by,
            representative=who.representative,
            file=kept,
            form="apple_health" if form == APPLE_PACKED else form,
            received_at=clock.now(),
            bytes_in_all=kept.size,
        )
        record(
            by=by, deed=Deed.HOME_DATA_ADDED, target=batch, category=form,
            on_behalf_of=who.patient.pk if who.representative else "",
        )  # fmt: skip
    read_soon(batch.pk)
    return batch


def read_soon(batch_id: UUID) -> None:
    """Read it without keeping the request waiting; the setting HOME_FILES_AT_ONCE waits."""
    if getattr(settings, "HOME_FILES_AT_ONCE", False):
        read(batch_id)
    else:
        _reader.submit(_in_background, batch_id)


def waiting() -> list[UUID]:
    """Those nobody reads: never begun, or stopped, the oldest first."""
    found = ImportBatch.objects.filter(_free(), attempts__lt=MOST_ATTEMPTS)
    return list(found.order_by("received_at").values_list("pk", flat=True))


def is_stopped(batch: ImportBatch) -> bool:
    """Whether it should be running and is not."""
    return ImportBatch.objects.filter(_free(), pk=batch.pk, attempts__lt=MOST_ATTEMPTS).exists()


def read(batch_id: UUID) -> None:
    """Read the file of a batch that nobody else reads. A refusal is its end, and is kept."""
    claimed = ImportBatch.objects.filter(_free(), pk=batch_id).update(
        state=BatchState.RUNNING, alive_at=timezone.now(), attempts=F("attempts") + 1
    )
    if not claimed:
        return
    batch = ImportBatch.objects.select_related("practice", "patient__practice", "file").get(
        pk=batch_id
    )
    try:
        _read(batch)
    except WellpostError as refusal:
        _finish(batch, BatchState.REFUSED, str(refusal))


def tidy() -> int:
    """Let go of files whose taking in was cut off; how many."""
    cut_off = HomeFile.objects.filter(
        size=0, dropped_at=None, received_at__lt=clock.now() - timedelta(days=1)
    )
    for each in cut_off:
        drop(each, clock.now())
    return len(cut_off)


def _free() -> Q:
    stopped = Q(state=BatchState.RUNNING, alive_at__lt=timezone.now() - STOPPED_AFTER)
    return Q(state=BatchState.WAITING) | stopped


def _read(batch: ImportBatch) -> None:
    seen = Tally()
    counts = _counts(batch)
    bulk = Bulk(batch, limits_of(batch.patient), counts, seen)
    batch.added = HomeDatum.objects.filter(batch=batch).count()
    batch.known = 0
    try:
        for some in _readings(batch, seen):
            with transaction.atomic():
                added, known = bulk.write(some)
                _progress(batch, seen, added, known)
    finally:
        if not batch.added:
            counts.delete()
    _finish(batch, BatchState.DONE, "\n".join(seen.faults))


def _counts(batch: ImportBatch) -> PatientDatum:
    """The row a measure looks at: that of the first attempt, where there was one."""
    earlier = HomeDatum.objects.filter(batch=batch).exclude(counts=None).first()
    if earlier and earlier.counts:
        return earlier.counts
    return received(batch.patient, Source.DEVICE)


def _readings(batch: ImportBatch, seen: Tally) -> Iterator[list[Reading]]:
    note = note_of(batch.file).type
    pieces = content_of(batch.file)
    if note == METER:
        return _of_meter(batch, pieces, seen)
    if note == APPLE:
        return readings(pieces, seen)
    return _unpacked(batch, pieces, seen)


def _of_meter(batch: ImportBatch, pieces: Iterator[bytes], seen: Tally) -> Iterator[list[Reading]]:
    found = readings_of(pieces, seen)
    batch.form = found.meter.name
    batch.save(update_fields=["form"])
    yield from found.readings


def _unpacked(batch: ImportBatch, pieces: Iterator[bytes], seen: Tally) -> Iterator[list[Reading]]:
    """A ZIP file is read from its end: it is laid out first; a large one on disk, nameless."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as laid_out:
        for piece in pieces:
            laid_out.write(piece)
        batch.bytes_in_all = export_size(laid_out)
        yield from readings(xml_inside(laid_out), seen)


def _form(file: File[Any]) -> str:
    """What it looks to be, by its beginning."""
    if not file.size:
        raise RequestError("The file is empty. Export it again and choose it once more.")
    if file.size > most_bytes():
        raise RequestError(
            f"The file is larger than {most_bytes() >> 20} MB, which is the most that can be read. "
            "Export a shorter time, or choose the export.zip instead of the export.xml."
        )
    file.seek(0)
    head = file.read(HEAD_SIZE)
    if head.startswith(b"PK\x03\x04"):
        return APPLE_PACKED
    return APPLE if b"<HealthData" in head or head.lstrip().startswith(b"<?xml") else METER


def _progress(batch: ImportBatch, seen: Tally, added: int, known: int) -> None:
    batch.added += added
    batch.known += known
    batch.bytes_read, batch.left_out, batch.refused = seen.bytes_read, seen.left_out, seen.refused
    batch.alive_at = timezone.now()
    batch.save(
        update_fields=[
            "added", "known", "bytes_read", "bytes_in_all", "left_out", "refused", "alive_at",
        ]
    )  # fmt: skip


@transaction.atomic
def _finish(batch: ImportBatch, state: BatchState, says: str) -> None:
    """Its end: the counts go on record, the file is let go."""
    batch.state, batch.says, batch.finished_at = state, says, clock.now()
    batch.save(update_fields=["state", "says", "finished_at"])
    drop(batch.file, clock.now())
    if HomeDatum.objects.filter(batch=batch, of_note=True).exists():
        tell_of_danger(batch.patient)
    record(
        by=batch.entered_by,
        deed=Deed.HOME_FILE_IMPORTED,
        target=batch,
        category=batch.form,
        outcome="done" if state == BatchState.DONE else "refused",
        details={"added": batch.added, "known": batch.known, "refused": batch.refused},
    )


def _in_background(batch_id: UUID) -> None:
    try:
        read(batch_id)
    except Exception:
        logger.exception("a file from home waits to be read again")
    finally:
        connections.close_all()
