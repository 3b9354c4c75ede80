"""Taking the record home: in three forms, all or some days, and on the log."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pypdfium2
import pytest
from django.urls import reverse

from tests.server.sharing.conftest import NOW
from wellpost.errors import RequestError
from wellpost.server.clock.time import held_at
from wellpost.server.people.models import Representative
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.records.models import PortalAction
from wellpost.server.sharing import making
from wellpost.server.sharing.contents import Contents
from wellpost.server.sharing.downloading import download
from wellpost.server.sharing.files import Form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_july():
    with held_at(NOW):
        yield


@pytest.fixture
def page(record_of_alice):
    return reverse("portal:download_record", args=[record_of_alice.pk])


def taken(patient, by, form, start=None, end=None) -> bytes:
    file = download(by=by, patient=patient, form=form, start=start, end=end)
    return b"".join(file.pieces)


def kinds(bundle: bytes) -> list[str]:
    return [each["resource"]["resourceType"] for each in json.loads(bundle)["entry"]]


def test_the_bundle_has_everything_and_whom_it_names(record_of_alice):
    held = kinds(taken(record_of_alice, record_of_alice.user, Form.FHIR))
    assert sorted(held) == ["Condition", "Observation", "Observation", "Patient", "Practitioner"]


def test_some_days_are_some_days(record_of_alice):
    some = taken(
        record_of_alice, record_of_alice.user, Form.FHIR, date(2021, 1, 1), date(2021, 6, 1)
    )
    values = [
        each["resource"]["valueQuantity"]["value"]
        for each in json.loads(some)["entry"]
        if each["resource"]["resourceType"] == "Observation"
    ]
    assert values == [71]


def test_the_pdf_can_be_read_and_says_which_days(record_of_alice):
    content = taken(record_of_alice, record_of_alice.user, Form.PDF, date(2010, 1, 1), None)
    pages = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "Alice Arden" in text and "Asthma" in text and "From 2010-01-01 on" in text
    assert "70.5" in text


def test_the_c_cda_comes_with_what_shows_it(record_of_alice):
    archive = zipfile.ZipFile(io.BytesIO(taken(record_of_alice, record_of_alice.user, Form.CCDA)))
    assert archive.namelist() == ["record.xml", "wellpost-ccd.xsl", "record.html"]
    assert b"Asthma" in archive.read("record.html")


def test_a_download_is_on_the_log_with_what_it_was(record_of_alice):
    taken(record_of_alice, record_of_alice.user, Form.PDF, date(2021, 1, 1), None)
    (used,) = PortalAction.objects.all()
    assert (used.action, used.acted_by, used.what) == ("download", "patient", "pdf 2021-01-01..")


def test_amir_downloads_as_amir(record_of_alice, amir):
    taken(record_of_alice, amir.user, Form.PDF)
    (used,) = PortalAction.objects.all()
    assert (used.acted_by, used.user) == ("representative", amir.user)


def test_outsiders_and_the_practice_download_nothing_here(record_of_alice, bob, dr_chen):
    for user in (bob.user, dr_chen.user):
        with pytest.raises(NotAllowed):
            taken(record_of_alice, user, Form.FHIR)
    assert not PortalAction.objects.exists()


def test_amir_downloads_nothing_where_he_may_only_write(record_of_alice, amir):
    Representative.objects.update(may_see_record=False)
    with pytest.raises(NotAllowed):
        taken(record_of_alice, amir.user, Form.FHIR)


def test_too_much_for_one_pdf_is_said_and_not_logged(record_of_alice, monkeypatch):
    monkeypatch.setattr(making, "MOST_AT_ONCE", 100)
    with pytest.raises(RequestError, match="very large"):
        taken(record_of_alice, record_of_alice.user, Form.PDF)
    assert not PortalAction.objects.exists()
    assert kinds(taken(record_of_alice, record_of_alice.user, Form.FHIR))


def test_the_preview_counts_what_is_inside(record_of_alice):
    contents = Contents(record_of_alice, record_of_alice.user, date(2021, 1, 1), date(2021, 6, 1))
    assert contents.sections() == [("Vital signs", 1)]


def test_the_page_shows_what_is_inside_and_gives_the_file(page, record_of_alice, as_user):
    client = as_user(record_of_alice.user)
    shown = client.get(page)
    assert "Vital signs: 2 entries" in shown.content.decode()
    assert not PortalAction.objects.exists()
    answer = client.post(page, {"file": "fhir"})
    assert answer["Content-Type"] == "application/fhir+json"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"] == 'attachment; filename="health-record-2021-07-01.json"'
    assert kinds(answer.getvalue())
    assert PortalAction.objects.get().what == "fhir"


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ({"starts_on": "2021-06-02", "ends_on": "2021-06-01"}, "lies before the first"),
        ({"starts_on": "2021-08-01"}, "still to come"),
        ({"starts_on": "soon"}, "Write a day"),
        ({"ends_on": "0000-00-00"}, "Write a day"),
    ],
)
def test_days_that_cannot_be_are_said(page, record_of_alice, as_user, days, says):
    answer = as_user(record_of_alice.user).post(page, {"file": "pdf", **days})
    assert says in answer.content.decode()
    assert not PortalAction.objects.exists()


def test_an_unknown_kind_of_file_is_refused(page, record_of_alice, as_user):
    answer = as_user(record_of_alice.user).post(page, {"file": "exe"})
    assert answer.status_code == 200 and not PortalAction.objects.exists()
