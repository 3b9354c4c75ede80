"""A device's file is read in: once, whole, and again after it was stopped."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from tests.server.from_home.conftest import NOW
from wellpost.errors import RequestError
from wellpost.server.clock import time as clock
from wellpost.server.from_home import importing
from wellpost.server.from_home.importing import begin_import
from wellpost.server.from_home.models import BatchState, HomeDatum, HomeFileChunk, ImportBatch
from wellpost.server.from_home.rounds import Rounds
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.records.models import PatientDatum
from wellpost.synthetic.apple_health import export

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

OMRON = "Date,Time,Systolic (mmHg),Diastolic (mmHg),Pulse (bpm),Notes\n"
ROWS = "Jun 14 2021,08:12,124,74,61,-\nJun 13 2021,08:02,128,76,63,-\n"


@pytest.fixture(autouse=True)
def at_once(settings):
    """Read before the request goes on."""
    settings.HOME_FILES_AT_ONCE = True


def bring(alice, content: str | bytes, name="file.csv", by=None) -> ImportBatch:
    data = content.encode() if isinstance(content, str) else content
    file = ContentFile(data, name=name)
    batch = begin_import(by=by or alice.user, patient=alice, file=file)
    batch.refresh_from_db()
    return batch


def packed(data: bytes, name: str = "apple_health_export/export.xml") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export_cda.xml", "<ClinicalDocument/>")
        archive.writestr(name, data)
    return held.getvalue()


def test_a_meters_file_is_read_on_the_practices_clock(alice):
    batch = bring(alice, OMRON + ROWS)
    assert (batch.state, batch.form, batch.added) == (BatchState.DONE, "omron_connect", 4)
    first = HomeDatum.objects.filter(kind="blood_pressure").order_by("measured_at").last()
    assert (first.value, first.second) == (Decimal(124), Decimal(74))
    assert first.measured_at.isoformat() == "2021-06-14T12:12:00+00:00"
    assert (first.source, first.device) == ("device", "Omron Connect")
    assert PatientDatum.objects.get().incorporated_on is None


def test_the_file_is_let_go_once_its_readings_are_here(alice):
    batch = bring(alice, OMRON + ROWS)
    assert batch.file.dropped_at is not None
    assert not HomeFileChunk.objects.exists()


def test_a_second_import_adds_nothing(alice):
    bring(alice, OMRON + ROWS)
    again = bring(alice, OMRON + ROWS + "Jun 12 2021,08:02,129,76,63,-\n")
    assert (again.added, again.known) == (2, 4)
    same = bring(alice, OMRON + ROWS)
    assert (same.added, same.known) == (0, 4)
    assert PatientDatum.objects.count() == 2


def test_rows_that_cannot_be_right_are_told_and_the_others_are_taken(alice):
    bad = (
        "Jun 14 2021,08:12,=1+1,74,61,-\nJun 13 2021,25:00,128,76,63,-\n"
        "Jun 11 2021,08:00,999,76,63,-\nJun 20 2021,08:00,128,76,63,-\n"
    )
    batch = bring(alice, OMRON + ROWS + bad)
    assert (batch.state, batch.added) == (BatchState.DONE, 5)
    assert "line 4: '=1+1' is not a number" in batch.says
    assert "line 5: its time is not written as the others are" in batch.says
    assert "999 mmHg cannot be right" in batch.says
    assert "its time has not come yet" in batch.says


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("a,b\n1,2\n", "columns of this file are not known"),
        (b"\x00\x01\x02", "no text file"),
        (b"PK\x03\x04 broken", "damaged or locked"),
        ("<?xml version='1.0'?><p/>", "<HealthData>, is missing"),
        ("<HealthData><Record", "no whole export"),
        ('<!DOCTYPE H [<!ENTITY a "b">]><HealthData>&a;</HealthData>', "declares entities"),
        (packed(b"<p/>"), "No Apple Health export"),
        (packed(b"<HealthData>" + b" " * 30_000_000), "is no export"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_a_sentence(alice, content, says):
    batch = bring(alice, content)
    assert batch.state == BatchState.REFUSED
    assert says in batch.says
    assert not HomeDatum.objects.exists()
    assert not PatientDatum.objects.exists()


def test_an_empty_file_is_no_file(alice):
    with pytest.raises(RequestError, match="empty"):
        bring(alice, b"")


def test_nobody_else_brings_a_file(alice, bob, dr_chen):
    for user in (bob.user, dr_chen.user):
        with pytest.raises(NotAllowed):
            bring(alice, OMRON, by=user)
    assert not HomeFileChunk.objects.exists()


def test_an_export_of_a_phone_packed_or_not_says_the_same(alice):
    data = b"".join(export("one", 600_000))
    first = bring(alice, data, "export.xml")
    assert first.state == BatchState.DONE
    assert first.added == HomeDatum.objects.count() > 50
    second = bring(alice, packed(data), "export.zip")
    assert (second.state, second.added, second.known) == (BatchState.DONE, 0, first.added)


def test_a_later_export_brings_a_days_steps_up_to_date(alice):
    one = (
        '<HealthData><Record type="HKQuantityTypeIdentifierStepCount" sourceName="iPhone" '
        'unit="count" startDate="2021-06-14 10:00:00 -0400" endDate="2021-06-14 10:01:00 -0400" '
        'value="{}"/></HealthData>'
    )
    assert bring(alice, one.format(900)).added == 1
    assert bring(alice, one.format(1500)).added == 1
    assert HomeDatum.objects.get().value == Decimal(1500)
    HomeDatum.objects.update(state="accepted")
    assert bring(alice, one.format(1600)).added == 0
    assert HomeDatum.objects.get().value == Decimal(1500)


@pytest.mark.parametrize("take_up", [lambda: call_command("read_home_files"), Rounds()])
def test_one_that_was_stopped_goes_on(alice, monkeypatch, take_up):
    data = b"".join(export("one", 3_000_000))
    monkeypatch.setattr("wellpost.adapters.apple_health.reader.IN_BATCHES_OF", 50)
    written, steps = importing.Bulk.write, iter(range(2))

    def stopped(self, some):
        if next(steps, None) is None:
            raise KeyboardInterrupt
        return written(self, some)

    monkeypatch.setattr(importing.Bulk, "write", stopped)
    with pytest.raises(KeyboardInterrupt):
        bring(alice, data)
    monkeypatch.setattr(importing.Bulk, "write", written)
    batch, half = ImportBatch.objects.get(), HomeDatum.objects.count()
    assert half > 0
    assert not importing.is_stopped(batch)
    ImportBatch.objects.update(alive_at="2021-01-01T00:00Z")
    assert importing.is_stopped(batch)
    take_up()
    batch.refresh_from_db()
    assert (batch.state, batch.added) == (BatchState.DONE, HomeDatum.objects.count())
    assert batch.added > half
    assert PatientDatum.objects.count() == 1


def test_what_never_came_whole_is_let_go(alice, monkeypatch):
    def cut_off(*_given):
        raise OSError("the disk is full")

    monkeypatch.setattr("wellpost.server.from_home.sealing._store_chunks", cut_off)
    with pytest.raises(OSError, match="full"):
        bring(alice, OMRON)
    assert importing.tidy() == 0
    with clock.held_at(NOW.replace(day=17)):
        assert importing.tidy() == 1
