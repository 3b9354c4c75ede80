"""The administrator's pages: how long, what holds it, and its end."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from wellpost.server.clinic.retention import HOLDS_A_PAGE
from wellpost.server.messaging.actions import start_thread
from wellpost.server.messaging.models import KeyWrap, LegalHold, RetentionPolicy
from wellpost.server.messaging.retention.holds import lift_hold, set_hold
from wellpost.server.messaging.retention.policy import set_policy

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
REASON = "The court asked for it in writing."


@pytest.fixture
def ada(ada_admin, as_user):
    return as_user(ada_admin)


@pytest.fixture
def talk(alice, dr_chen, practice):
    return start_thread(
        practice=practice, patient=alice, by=dr_chen.user, subject="Your knee",
        body="Please rest it.", client_key="knee",
    )  # fmt: skip


def page(client, name, *args, of=1):
    return client.get(reverse(f"clinic:{name}", args=args), {"page": of}).content.decode()


def test_a_rule_is_set_and_shown(ada, practice):
    assert "Nothing is set yet" in page(ada, "retention")
    ada.post(reverse("clinic:retention"), {"years": 7, "minors_until": 21, "source": "Texas"})
    assert RetentionPolicy.objects.get().years == 7
    assert "Kept 7 years after the last contact" in page(ada, "retention")


def test_a_hold_is_set_shown_and_lifted(ada, practice, alice):
    form = {"reason": REASON, "starts_on": "2021-01-01", "ends_on": ""}
    for address in (
        reverse("clinic:legal_hold"),
        reverse("clinic:legal_hold_patient", args=[alice.pk]),
    ):
        assert ada.post(address, form).status_code == 302
    said = page(ada, "retention")
    assert said.count(REASON) == 2 and "The whole practice" in said and "Alice Arden" in said
    for hold in LegalHold.objects.all():
        ada.post(reverse("clinic:lift_legal_hold", args=[hold.pk]))
    assert page(ada, "retention").count("Lifted") == 2


def test_holds_that_are_on_come_before_those_lifted_and_all_are_on_some_page(
    ada, ada_admin, practice, alice
):
    days = {"starts_on": date(2021, 1, 1)}
    on = set_hold(practice=practice, by=ada_admin, reason=REASON, patient=alice, **days)
    for _ in range(HOLDS_A_PAGE):
        lift_hold(
            hold=set_hold(practice=practice, by=ada_admin, reason=REASON, **days), by=ada_admin
        )
    first, second = (page(ada, "retention", of=each) for each in (1, 2))
    assert reverse("clinic:lift_legal_hold", args=[on.pk]) in first
    assert (first.count(REASON), second.count(REASON)) == (HOLDS_A_PAGE, 1)


def test_what_is_due_is_shown_first_and_destroyed_only_when_ticked(ada, ada_admin, practice, talk):
    set_policy(practice=practice, by=ada_admin, years=10, minors_until=21)
    assert "0 patients" in page(ada, "destroy")
    RetentionPolicy.objects.update(years=0)
    answer = ada.get(reverse("clinic:destroy"))
    assert "Alice Arden" in answer.content.decode()
    code = answer.context["plan"].code
    assert "Tick this" in ada.post(reverse("clinic:destroy"), {"plan": code}).content.decode()
    assert KeyWrap.objects.exists()
    wrong = ada.post(reverse("clinic:destroy"), {"plan": "x", "sure": "on"}).content.decode()
    assert "not what you saw" in wrong and KeyWrap.objects.exists()
    ada.post(reverse("clinic:destroy"), {"plan": code, "sure": "on"})
    assert not KeyWrap.objects.exists() and "What was destroyed" in page(ada, "retention")


def test_the_patient_and_the_clinic_see_what_became_of_it(
    ada, ada_admin, practice, talk, alice, dr_chen, as_user
):
    set_policy(practice=practice, by=ada_admin, years=10, minors_until=21)
    RetentionPolicy.objects.update(years=0)
    code = ada.get(reverse("clinic:destroy")).context["plan"].code
    ada.post(reverse("clinic:destroy"), {"plan": code, "sure": "on"})
    for user, name in ((alice.user, "portal:thread"), (dr_chen.user, "clinic:thread")):
        said = as_user(user).get(reverse(name, args=[talk.thread_id])).content.decode()
        assert "Content destroyed on" in said and "ALARM" not in said
