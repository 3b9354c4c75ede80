"""The pages about apps: what the patient's side and the administrator see and end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.server.smart.conftest import Phone, text_of
from wellpost.server.clock import time as clock
from wellpost.server.smart.models import Approval, Connection
from wellpost.server.smart.queries import apps_of

pytestmark = pytest.mark.django_db


def apps(client, patient):
    return client.get(f"/portal/patients/{patient.pk}/apps/")


def end(client, patient, app):
    return client.post(f"/portal/patients/{patient.pk}/apps/{app.pk}/end/")


def test_the_page_names_the_app_what_it_may_and_when_it_read(phone, alice, as_user):
    phone.connect(without=("patient/Goal.rs",))
    page = text_of(apps(as_user(alice.user), alice))
    assert "Heart Diary" in page and "Let in by Alice Arden" in page
    assert "has read nothing yet" in page and "Health goals" not in page
    phone.get("/fhir/Condition")
    assert "read last" in text_of(apps(as_user(alice.user), alice))


def test_the_page_says_on_which_day_it_ends_by_itself_and_then_names_it_no_more(
    phone, alice, ada_admin, as_user
):
    began = datetime(2026, 11, 24, 17, tzinfo=UTC)
    with clock.held_at(began):
        phone.connect(months="6")
        page = text_of(apps(as_user(alice.user), alice))
        assert "Ends by itself May 25, 2027 at 11:59 p.m. at the latest" in page
    with clock.held_at(began + timedelta(days=183)):
        assert "No app can read this record" in text_of(apps(as_user(alice.user), alice))
        assert apps_of(alice.practice, ada_admin)[0].patients == 0


def test_what_no_app_took_up_is_not_named(phone, alice, as_user):
    phone.code()
    assert "No app can read this record" in text_of(apps(as_user(alice.user), alice))


def test_one_touch_ends_every_access_of_the_app(phone, approved, alice, amir, as_user, deeds):
    phone.connect()
    theirs = Phone(approved, as_user(amir.user))
    theirs.connect()
    answer = end(as_user(alice.user), alice, phone.app)
    assert answer.status_code == 302
    assert phone.get("/fhir/Patient").status_code == theirs.get("/fhir/Patient").status_code == 401
    assert deeds().count("app_disconnected") == 2
    assert {each.ended_because for each in Connection.objects.all()} == {"person"}


def test_a_representative_ends_their_own_and_not_the_patients(
    phone, approved, alice, amir, as_user
):
    phone.connect()
    page = apps(as_user(amir.user), alice)
    assert "Only who let it in, or the patient, can end it" in text_of(page)
    end(as_user(amir.user), alice, phone.app)
    assert phone.get("/fhir/Patient").status_code == 200
    theirs = Phone(approved, as_user(amir.user))
    theirs.connect()
    end(as_user(amir.user), alice, phone.app)
    assert theirs.get("/fhir/Patient").status_code == 401
    assert phone.get("/fhir/Patient").status_code == 200


def test_an_app_of_who_may_no_longer_is_not_named(approved, alice, amir, as_user):
    Phone(approved, as_user(amir.user)).connect()
    assert "Heart Diary" in text_of(apps(as_user(alice.user), alice))
    amir.ends_on = (clock.now() - timedelta(days=2)).date()
    amir.save()
    assert "No app can read this record" in text_of(apps(as_user(alice.user), alice))


def test_outsiders_learn_nothing_of_apps(phone, alice, bob, dr_chen, sam_staff, as_user):
    phone.connect()
    for user in (bob.user, dr_chen.user, sam_staff):
        assert apps(as_user(user), alice).status_code == 404
        assert end(as_user(user), alice, phone.app).status_code == 404
    assert phone.get("/fhir/Patient").status_code == 200


def test_the_administrator_approves_refuses_and_withdraws(
    registered, practice, ada_admin, as_user, deeds
):
    app = registered().app
    ada = as_user(ada_admin)
    page = f"/clinic/apps/{app.pk}/"
    assert "Waits for you" in text_of(ada.get("/clinic/apps/"))
    for decision, badge in (("refused", "Refused"), ("approved", "Approved")):
        assert ada.post(page, {"decision": decision, "reason": "Because"}).status_code == 302
        assert badge in text_of(ada.get("/clinic/apps/"))
    assert ada.post(page, {"decision": "refused"}).status_code == 200  # only withdrawing is open
    assert ada.post(page, {"decision": "withdrawn"}).status_code == 302
    assert ada.post(page, {}).status_code == 200
    decided = [each for each in deeds() if each.startswith("app_") and each != "app_registered"]
    assert decided == ["app_refused", "app_approved", "app_withdrawn"]
    assert Approval.objects.get().decided_by == ada_admin


def test_an_approval_is_its_practices_own(phone, practice, bob, as_user, ada_admin):
    assert Approval.objects.get().practice == practice
    assert Phone(phone.made, as_user(bob.user)).page().status_code == 403


def test_the_administrator_sees_how_many_and_never_who(phone, ada_admin, as_user):
    phone.connect()
    ada = as_user(ada_admin)
    for address in ("/clinic/apps/", f"/clinic/apps/{phone.app.pk}/"):
        page = text_of(ada.get(address))
        assert "Arden" not in page and " 1 " in page
