"""Emergency access on the pages: Dr Diaz opens it, Ada reviews it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging.actions import start_thread
from wellpost.server.messaging.models import Receipt
from wellpost.server.people.models import EmergencyAccess, Membership

pytestmark = pytest.mark.django_db
REASON = "Unconscious in the emergency room, Dr Chen cannot be reached."


@pytest.fixture
def thread(practice, alice, dr_chen):
    return start_thread(
        practice=practice, patient=alice, by=alice.user, subject="My knee", body="It hurts.",
        client_key="one", for_clinician=dr_chen,
    ).thread  # fmt: skip


@pytest.fixture
def diaz(as_user, dr_diaz):
    return as_user(dr_diaz.user)


@pytest.fixture
def opened(diaz, alice, thread):
    return diaz.post(reverse("clinic:emergency", args=[alice.pk]), {"reason": REASON}, follow=True)


def test_the_patients_page_leads_to_it_and_then_to_the_conversations(diaz, alice, thread):
    page = diaz.get(reverse("clinic:patient", args=[alice.pk])).content.decode()
    assert reverse("clinic:emergency", args=[alice.pk]) in page
    assert "My knee" not in page
    page = diaz.post(reverse("clinic:emergency", args=[alice.pk]), {"reason": REASON}, follow=True)
    assert "Emergency access is open" in page.content.decode()
    assert "My knee" in page.content.decode()


def test_the_conversation_is_shown_to_be_read_only(opened, diaz, thread):
    page = diaz.get(reverse("clinic:thread", args=[thread.pk]))
    assert "It hurts." in page.content.decode()
    assert "You read this under emergency access" in page.content.decode()
    assert b"<textarea" not in page.content
    assert not Receipt.objects.exists()
    answer = diaz.post(reverse("clinic:thread", args=[thread.pk]), {"body": "Hello"})
    assert answer.status_code == 404


def test_too_short_a_reason_is_said_beside_the_field(diaz, alice, thread):
    page = diaz.post(reverse("clinic:emergency", args=[alice.pk]), {"reason": "urgent"})
    assert "Say a little more: at least 15 characters." in page.content.decode()
    assert not EmergencyAccess.objects.exists()


def test_it_is_ended_on_the_page(opened, diaz, alice, thread):
    for _ in range(2):  # the second time it has ended already
        page = diaz.post(reverse("clinic:end_emergency", args=[alice.pk]), follow=True)
        assert "Emergency access has ended." in page.content.decode()
    assert diaz.get(reverse("clinic:thread", args=[thread.pk])).status_code == 404


def test_who_reads_everything_is_told_so(as_user, sam_staff, alice, thread):
    page = as_user(sam_staff).get(reverse("clinic:emergency", args=[alice.pk]))
    assert "You do not need it" in page.content.decode()


def test_it_is_reviewed_on_the_page(opened, diaz, as_user, ada_admin, thread, practice):
    diaz.get(reverse("clinic:thread", args=[thread.pk]))
    ada = as_user(ada_admin)
    page = ada.get(reverse("clinic:emergencies"))
    (shown,) = page.context["emergencies"]
    assert (shown.reason, shown.is_open, shown.own) == (REASON, True, False)
    assert shown.readings == 2  # the list on the patient's page, and the conversation
    assert REASON in page.content.decode()
    access = EmergencyAccess.objects.get()
    ada.post(reverse("clinic:review_emergency", args=[access.pk]))
    assert "Reviewed by Ada Moss" in ada.get(reverse("clinic:emergencies")).content.decode()


def test_another_practice_reviews_nothing(opened, as_user, dr_evans, other_practice):
    Membership.objects.create(
        practice=other_practice, user=dr_evans.user, role="administrator", starts_on="2020-01-01"
    )
    client = as_user(dr_evans.user)
    assert not client.get(reverse("clinic:emergencies")).context["emergencies"]
    access = EmergencyAccess.objects.get()
    asked = client.post(reverse("clinic:review_emergency", args=[access.pk]))
    assert asked.status_code == 404


def test_the_privacy_officer_is_chosen_on_the_page(as_user, ada_admin, practice, sam_staff):
    ada, held = as_user(ada_admin), Membership.objects.get(user=ada_admin)
    ada.post(reverse("clinic:privacy_officer"), {"officer": held.pk})
    practice.refresh_from_db()
    assert practice.privacy_officer == held
    staff = Membership.objects.get(user=sam_staff).pk
    page = ada.post(reverse("clinic:privacy_officer"), {"officer": staff}, follow=True)
    assert "Choose somebody of the list." in page.content.decode()
    practice.refresh_from_db()
    assert practice.privacy_officer == held


def test_the_patient_sees_it_marked(opened, diaz, as_user, alice, thread):
    diaz.get(reverse("clinic:thread", args=[thread.pk]))
    page = as_user(alice.user).get(
        reverse("portal:activity", args=[alice.pk]), {"show": "emergency"}
    )
    said = [(each.who, each.role, each.did, each.emergency) for each in page.context["rows"]]
    assert ("Dr Diaz", "Clinician", "Read a conversation", True) in said
    assert all(each[3] for each in said)
    assert AuditRow.objects.filter(category="emergency").count() == len(said)
