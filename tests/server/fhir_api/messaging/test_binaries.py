"""Files of messages: their bytes as they went in, for those who may read the message."""

from __future__ import annotations

import base64
import json

import pytest
from django.core.files.base import ContentFile

from tests import made_files
from tests.server.fhir_api.messaging.conftest import ALL_OF_IT
from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging import actions

pytestmark = pytest.mark.django_db
FILE = made_files.pdf() + b"% more" * 30_000


@pytest.fixture
def file(alice, dr_chen, fresh_key):
    message = actions.start_thread(
        practice=alice.practice, patient=alice, by=dr_chen.user, subject="Report", body="See.",
        client_key=fresh_key(), attachments=[ContentFile(FILE, name="report.pdf")],
    )  # fmt: skip
    return message.attachments.get()


def whole(answer):
    assert answer.status_code == 200 and answer.streaming
    return b"".join(answer.streaming_content)


def test_a_file_comes_as_it_is_or_as_fhir(phone, file, alice):
    raw = phone.get(f"/fhir/Binary/{file.pk}")
    assert whole(raw) == FILE and raw["Content-Length"] == str(len(FILE))
    assert raw["Content-Type"] == "application/pdf" and raw["Cache-Control"] == "no-store"
    assert raw["Content-Disposition"] == 'attachment; filename="report.pdf"'
    for how in ({"Accept": "application/fhir+json"}, {"Accept": "application/json"}):
        made = json.loads(whole(phone.get(f"/fhir/Binary/{file.pk}", **how)))
        assert (made["resourceType"], made["contentType"]) == ("Binary", "application/pdf")
        assert base64.b64decode(made["data"]) == FILE
    row = AuditRow.objects.filter(deed="attachment_read").latest("pk")
    assert (row.patient_id, row.target_id) == (str(alice.pk), str(file.pk))


def test_who_may_not_read_the_message_does_not_get_its_file(
    phone, app_of, alice, bob, amir, file, as_user, sam_staff, dr_diaz, ada_admin
):
    address = f"/fhir/Binary/{file.pk}"
    assert app_of(bob, scope=ALL_OF_IT).get(address).status_code == 404
    assert app_of(alice, scope="launch/patient patient/*.rs").get(address).status_code == 404
    writes = app_of(alice, scope="launch/patient patient/Communication.c")
    assert writes.get(address).status_code in (403, 404)
    assert whole(app_of(alice, amir.user, scope=ALL_OF_IT).get(address)) == FILE
    amir.may_message = False
    amir.save()
    assert app_of(alice, amir.user, scope=ALL_OF_IT).get(address).status_code == 404
    of_staff = as_user(sam_staff).get(address)
    assert whole(of_staff) == FILE and "sandbox" in of_staff["Content-Security-Policy"]
    for user in (dr_diaz.user, ada_admin):
        assert as_user(user).get(address).status_code == 404
    assert phone.get("/fhir/Binary/x").status_code == 404


def test_the_records_own_files_are_still_read(phone, has, alice, file):
    kept = has(alice, {"resourceType": "Binary", "contentType": "text/plain", "data": "V2VsbC4="})
    assert phone.get(f"/fhir/Binary/{kept.pk}").json()["data"] == "V2VsbC4="
