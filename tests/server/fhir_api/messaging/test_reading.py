"""What apps and the practice read of conversations, by whom, and what of it is on record."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.server.conftest import make_user
from tests.server.fhir_api.conftest import why
from tests.server.fhir_api.messaging.conftest import ALL_OF_IT, found
from tests.server.fhir_api.record.conftest import ids
from tests.server.smart.conftest import text_of
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock.time import held_at
from wellpost.server.messaging import actions
from wellpost.server.messaging.models import Receipt
from wellpost.server.people.actions import end_representative
from wellpost.server.people.models import Representative
from wellpost.server.records.models import PortalAction

pytestmark = pytest.mark.django_db


def test_a_thread_has_a_topic_and_its_parties_and_a_message_is_part_of_it(
    phone, first, answer, amir, practice, alice
):
    thread = phone.get(f"/fhir/Communication/{first.thread_id}").json()
    assert thread["topic"] == {"text": "Your blood test"} and thread["status"] == "in-progress"
    assert not {"payload", "partOf", "sender"} & set(thread)
    named = [each["display"] for each in thread["recipient"]]
    assert named == ["Alice Arden", "Amir Arden", practice.name, "Dr Chen"]
    message = phone.get(f"/fhir/Communication/{answer.pk}").json()
    assert message["partOf"] == [{"reference": f"Communication/{first.thread_id}"}]
    assert message["inResponseTo"] == [{"reference": f"Communication/{first.pk}"}]
    assert message["payload"] == [{"contentString": "Thank you."}]
    assert (
        message["sender"]["reference"] == f"Patient/{alice.pk}" == message["subject"]["reference"]
    )
    assert message["recipient"][0]["display"] == "Dr Chen" and message["status"] == "completed"


def test_every_reference_of_a_message_can_be_read(phone, first, sam_staff, fresh_key):
    by_sam = actions.send_message(
        thread=first.thread, by=sam_staff, body="See you.", client_key=fresh_key()
    )
    for message in (first, by_sam):
        told = phone.get(f"/fhir/Communication/{message.pk}").json()
        for each in (told["sender"], told["subject"], *told["recipient"], *told["partOf"]):
            assert phone.get(f"/fhir/{each['reference']}").status_code == 200, each
    assert len(ids(phone.get("/fhir/Practitioner?name=chen"))) == 1


def test_reading_a_message_is_a_receipt_for_that_one_and_on_record_but_no_use_of_the_record(
    phone, first, alice, dr_chen, fresh_key
):
    actions.send_message(
        thread=first.thread, by=dr_chen.user, body="And rest.", client_key=fresh_key()
    )
    phone.get(f"/fhir/Communication/{first.thread_id}")
    assert not Receipt.objects.exists()
    phone.get(f"/fhir/Communication/{first.pk}")
    phone.get(f"/fhir/Communication/{first.pk}")
    assert [(each.message_id, each.user) for each in Receipt.objects.all()] == [
        (first.pk, alice.user)
    ]
    *_, listed, read, again = AuditRow.objects.order_by("pk")
    assert (listed.deed, read.deed, again.deed) == ("threads_listed", "thread_read", "thread_read")
    assert read.patient_id == str(alice.pk) and read.target_id == str(first.thread_id)
    assert read.details["app"] == phone.app.pk and read.details["messages"] == 1
    assert (read.details["unread"], again.details["unread"]) == (1, 0)
    assert not PortalAction.objects.exists()


def test_a_version_is_sent_once(phone, first):
    for address in (f"/fhir/Communication/{first.pk}", f"/fhir/Communication/{first.thread_id}"):
        whole = phone.get(address)
        tag = whole["ETag"]
        assert tag == f'W/"{whole.json()["meta"]["versionId"]}"'
        again = phone.get(address, **{"If-None-Match": tag})
        assert again.status_code == 304 and again.content == b""
    before = phone.get(f"/fhir/Communication/{first.thread_id}")["ETag"]
    actions.resolve_thread(thread=first.thread, by=first.sender)
    after = phone.get(f"/fhir/Communication/{first.thread_id}", **{"If-None-Match": before})
    assert after.status_code == 200 and after.json()["status"] == "completed"


def test_everything_of_the_record_is_not_the_messages(app_of, alice, first):
    phone = app_of(alice, scope="launch/patient patient/*.rs")
    for address in ("Communication", f"Communication/{first.pk}", "AuditEvent"):
        refused = phone.get(f"/fhir/{address}")
        assert refused.status_code == 403, address
        assert 'error="insufficient_scope"' in refused["WWW-Authenticate"]
    assert not Receipt.objects.exists()
    reads = app_of(alice, scope="launch/patient patient/Communication.r")
    assert reads.get(f"/fhir/Communication/{first.pk}").status_code == 200
    assert reads.get("/fhir/Communication").status_code == 403


def test_alice_is_asked_about_her_messages_in_words_and_can_take_them_away(phone, app_of, alice):
    page = phone.page(scope=ALL_OF_IT)
    said = text_of(page)
    assert "Your messages with the practice, with their attached files" in said
    assert "Write messages to the practice in your name" in said
    assert "cannot read your messages" not in said
    assert "cannot read your messages" in text_of(phone.page(scope="launch/patient patient/*.rs"))
    reads, writes, takes_back = (f"patient/Communication.{may}" for may in ("rs", "c", "u"))
    wary = app_of(alice, scope=ALL_OF_IT, without=(writes, takes_back))
    assert reads in wary.tokens["scope"].split() and writes not in wary.tokens["scope"].split()
    assert wary.get("/fhir/Communication").status_code == 200
    none = app_of(alice, scope=ALL_OF_IT, without=(reads, writes, takes_back))
    assert "Communication" not in none.tokens["scope"]
    assert none.get("/fhir/Communication").status_code == 403


def test_a_locked_thread_takes_no_reply(phone, first):
    actions.lock_thread(thread=first.thread, by=first.sender)
    thread = phone.get(f"/fhir/Communication/{first.thread_id}").json()
    (said,) = thread["extension"]
    assert (
        said["url"].endswith("/no-reply")
        and said["valueBoolean"]
        and thread["status"] == "completed"
    )


def test_who_acts_for_alice_reads_as_themselves_while_they_may(
    app_of, alice, amir, sam_staff, first, fresh_key
):
    theirs = actions.send_message(
        thread=first.thread, by=amir.user, body="She feels well.", client_key=fresh_key()
    )
    phone = app_of(alice, amir.user, scope=ALL_OF_IT)
    told = phone.get(f"/fhir/Communication/{theirs.pk}").json()
    assert told["sender"]["reference"] == f"RelatedPerson/{amir.pk}"
    assert told["subject"]["reference"] == f"Patient/{alice.pk}"
    row = AuditRow.objects.filter(deed="thread_read").latest("pk")
    assert row.actor_id == str(amir.user.pk) and row.on_behalf_of == str(alice.pk)
    amir.may_message = False
    amir.save()
    assert phone.get(f"/fhir/Communication/{theirs.pk}").status_code == 404
    assert phone.get("/fhir/Communication").status_code == 404
    end_representative(representative=amir, by=sam_staff, on=date(2021, 9, 14))
    assert phone.get(f"/fhir/Communication/{theirs.pk}").status_code == 401


def test_who_came_later_finds_counts_and_reads_nothing_of_before(
    app_of, alice, amir, dr_chen, sam_staff, fresh_key
):
    with held_at(datetime(2021, 6, 1, 12, tzinfo=UTC)):
        before = actions.start_thread(
            practice=alice.practice, patient=alice, by=dr_chen.user, subject="Old and new",
            body="Before Nora", client_key=fresh_key(),
        )  # fmt: skip
    with held_at(datetime(2021, 6, 11, 12, tzinfo=UTC)):
        end_representative(representative=amir, by=sam_staff, on=date(2021, 6, 10))
        after = actions.send_message(
            thread=before.thread, by=dr_chen.user, body="For Nora too", client_key=fresh_key()
        )
    nora = make_user("Nora Arden")
    Representative.objects.create(
        patient=alice, user=nora, name=nora.name, relationship="child",
        starts_on=date(2021, 7, 1), account_opened_on=date(2021, 7, 1),
    )  # fmt: skip
    hers, own = (app_of(alice, user, scope=ALL_OF_IT) for user in (nora, alice.user))
    thread = str(before.thread_id)
    assert found(hers.get("/fhir/Communication?_sort=sent")) == [thread, str(after.pk)]
    assert hers.get("/fhir/Communication?_summary=count").json()["total"] == 2
    assert own.get("/fhir/Communication?_summary=count").json()["total"] == 3
    assert found(hers.get("/fhir/Communication?_count=1&_sort=-sent")) == [str(after.pk)]
    assert hers.get(f"/fhir/Communication/{before.pk}").status_code == 404
    assert not Receipt.objects.filter(message=before).exists()


def test_another_patients_app_learns_nothing(app_of, bob, first, answer, alice):
    phone = app_of(bob, scope=ALL_OF_IT)
    for each in (first.pk, first.thread_id, "x", "00000000-0000-0000-0000-000000000000"):
        refused = phone.get(f"/fhir/Communication/{each}")
        assert refused.status_code == 404 and "none that is yours" in why(refused.json())
    for asked in ("", f"?patient={alice.pk}", f"?part-of={first.thread_id}", f"?_id={first.pk}"):
        assert phone.get(f"/fhir/Communication{asked}").json()["total"] == 0
        joined = "&" if asked else "?"
        assert phone.get(f"/fhir/Communication{asked}{joined}_summary=count").json()["total"] == 0


def test_the_practice_reads_as_on_its_pages(as_user, first, sam_staff, dr_chen, dr_diaz, dr_evans,
                                            ada_admin, rita_reporter, alice):  # fmt: skip
    for user in (sam_staff, dr_chen.user):
        assert as_user(user).get(f"/fhir/Communication/{first.pk}").status_code == 200
    for user in (dr_diaz.user, dr_evans.user, ada_admin, rita_reporter):
        assert as_user(user).get(f"/fhir/Communication/{first.pk}").status_code == 404
    assert as_user(alice.user).get(f"/fhir/Communication/{first.pk}").status_code == 401
    assert list(Receipt.objects.values_list("user", flat=True)) == [sam_staff.pk]
