"""Who looked: what a patient sees of it, and the proof of a row."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.urls import reverse

from tests.server.audit.conftest import Superuser
from tests.server.conftest import APPEND_ONLY
from wellpost.ledger.proofs import check_proof, read_proof
from wellpost.server.audit.actions import record
from wellpost.server.audit.checkpoints import make_checkpoint
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow
from wellpost.server.audit.sealing import seal_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def looked(alice, dr_chen):
    return record(by=dr_chen.user, deed=Deed.PATIENT_READ, target=alice, patient_id=alice.pk)


@pytest.fixture
def client(as_user, alice):
    return as_user(alice.user)


def sealed(practice):
    seal_waiting()
    make_checkpoint(str(practice.pk))


def of(name, alice, row):
    return reverse(f"portal:{name}", args=[alice.pk, row.event_id])


def test_who_in_what_role_did_what(client, alice, looked):
    page = client.get(reverse("portal:activity", args=[alice.pk]))
    rows = [(each.who, each.role, each.did) for each in page.context["rows"]]
    assert ("Dr Chen", "Clinician", "Read a patient's record") in rows


def test_what_others_did_alone(client, alice, looked):
    client.get(reverse("portal:activity", args=[alice.pk]))
    page = client.get(reverse("portal:activity", args=[alice.pk]), {"show": "others"})
    assert {each.who for each in page.context["rows"]} == {"Dr Chen"}


def test_the_look_itself_is_on_record_at_the_practice(client, alice):
    client.get(reverse("portal:activity", args=[alice.pk]))
    row = AuditRow.objects.last()
    assert (row.deed, row.practice_id) == ("audit_read", str(alice.practice_id))


def test_a_new_row_says_that_it_will_be_sealed(client, alice, looked):
    page = client.get(of("activity_row", alice, looked)).content.decode()
    assert "sealed within minutes" in page
    assert client.get(of("activity_proof", alice, looked)).status_code == 404


def test_a_sealed_row_is_checked_and_its_proof_holds_elsewhere(client, alice, looked, practice):
    sealed(practice)
    assert (
        "This line is as it was sealed."
        in client.get(of("activity_row", alice, looked)).content.decode()
    )
    proof = read_proof(client.get(of("activity_proof", alice, looked)).content.decode(), "proof")
    key = load_pem_public_key(client.get(reverse("portal:activity_key")).content)
    assert (
        check_proof(proof, [key]).size
        == AuditRow.objects.exclude(deed__in=["audit_read", "proof_downloaded"])
        .filter(practice_id=str(practice.pk))
        .count()
    )
    assert proof.row["id"] == looked.pk
    assert AuditRow.objects.last().deed == "proof_downloaded"


def test_a_changed_row_is_said_to_be_so(client, alice, looked, practice):
    sealed(practice)
    APPEND_ONLY.lift(None, Superuser)
    AuditRow.objects.filter(pk=looked.pk).update(actor_id="")
    page = client.get(of("activity_row", alice, looked)).content.decode()
    assert "This line is not what was sealed." in page


def test_the_rows_of_others_are_not_there(client, alice, bob, practice):
    other = record(by=None, deed=Deed.PATIENT_READ, target=bob, patient_id=bob.pk)
    sealed(practice)
    for name in ("activity_row", "activity_proof"):
        assert client.get(of(name, alice, other)).status_code == 404
