"""Every parameter, and pages that shift for nothing that comes meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.server.fhir_api.conftest import why
from tests.server.fhir_api.messaging.conftest import ALL_OF_IT, found
from tests.server.fhir_api.record.conftest import link
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock.time import held_at
from wellpost.server.fhir_api.record.asking import FORM
from wellpost.server.messaging import actions
from wellpost.server.messaging.models import Thread
from wellpost.server.routing.models import Reason
from wellpost.server.routing.signals import about

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def story(alice, amir, dr_chen, sam_staff, practice, fresh_key):
    """A thread about a refill: Alice, Dr Chen, Amir, Sam to Amir, and what is automatic."""
    reason = Reason.objects.get(practice=practice, kind="refill")

    def say(at, by, body, **more):
        with held_at(datetime(2021, 9, at, 14, tzinfo=UTC)):
            return actions.send_message(
                thread=Thread(pk=begun.thread_id), by=by, body=body, client_key=fresh_key(), **more
            )

    with held_at(datetime(2021, 9, 1, 14, tzinfo=UTC)), about(reason):
        begun = actions.start_thread(
            practice=practice, patient=alice, by=alice.user, subject="Pills", body="I need more.",
            client_key=fresh_key(), for_clinician=dr_chen,
        )  # fmt: skip
    told = {"begun": begun, "thread": begun.thread, "reason": reason}
    told["chen"] = say(2, dr_chen.user, "They are on their way.", in_reply_to=begun)
    told["amir"] = say(3, amir.user, "She has none left.")
    told["sam"] = say(4, sam_staff, "Call us.", in_reply_to=told["amir"])
    with held_at(datetime(2021, 9, 5, 14, tzinfo=UTC)):
        told["closed"] = actions.send_automatically(
            thread=begun.thread, body="We are closed.", client_key=fresh_key()
        )
        actions.retract_message(message=told["chen"], by=dr_chen.user)
    return told


def asked(story, phone, alice, amir):
    """Each search, and what it finds."""
    ref = lambda name: phone.get(f"/fhir/Communication/{story[name].pk}").json()  # noqa: E731 - short
    chen, practice = ref("chen")["sender"]["reference"], ref("closed")["sender"]["reference"]
    sam, every = ref("sam")["sender"]["reference"], ["begun", "chen", "amir", "sam", "closed"]
    return {
        "": ["thread", *every],
        f"patient={alice.pk}": ["thread", *every],
        f"subject=Patient/{alice.pk}&part-of:missing=true": ["thread"],
        "part-of:missing=false": every,
        f"part-of=Communication/{story['thread'].pk}": every,
        f"_id={story['sam'].pk},{story['thread'].pk}": ["thread", "sam"],
        f"sender=Patient/{alice.pk}": ["begun"],
        f"sender=RelatedPerson/{amir.pk}": ["amir"],
        f"sender={chen}": ["chen"],
        f"sender={sam},{chen}": ["chen", "sam"],
        f"sender={practice}": ["closed"],
        f"sender:Patient={amir.pk}": [],
        f"recipient=RelatedPerson/{amir.pk}": ["thread", "sam"],
        f"recipient={chen}": ["thread", "begun", "amir"],
        f"recipient=Patient/{alice.pk}": ["thread", "chen", "closed"],
        f"recipient={practice}": ["thread"],
        "sent=2021-09-02": ["chen"],
        "sent=gt2021-09-02&sent=lt2021-09-04": ["amir"],
        "sent=sa2021-09-04": ["closed"],
        "sent=le2021-09-01": ["thread", "begun"],
        "_lastUpdated=ge2021-09-05": ["thread", "chen", "closed"],
        "status=entered-in-error": ["chen"],
        "status=in-progress": ["thread"],
        "status=completed": ["begun", "amir", "sam", "closed"],
        f"category={story['reason'].pk}": ["thread"],
        "category=notification": ["closed"],
        f"in-response-to=Communication/{story['begun'].pk}": ["chen"],
        "patient=Patient/00000000-0000-0000-0000-000000000000": [],
        "sender=http://elsewhere.example/Patient/1": [],
        "status=unheard": [],
    }


def test_each_parameter_finds_what_it_says(story, phone, alice, amir):
    for query, names in asked(story, phone, alice, amir).items():
        answer = phone.get(f"/fhir/Communication?{query}{'&' if query else ''}_sort=sent")
        assert sorted(found(answer)) == sorted(str(story[name].pk) for name in names), query
        assert answer.json()["total"] == len(names), query
        counted = phone.get(f"/fhir/Communication?{query}{'&' if query else ''}_summary=count")
        assert counted.json()["total"] == len(names) and "entry" not in counted.json(), query


def test_pages_go_on_where_the_last_one_ended(story, phone, alice, fresh_key):
    for order in ("sent", "-sent", "_lastUpdated", "-_lastUpdated"):
        whole = found(phone.get(f"/fhir/Communication?_sort={order}"))
        answer, seen = phone.get(f"/fhir/Communication?_sort={order}&_count=2"), []
        while True:
            seen += found(answer)
            if not (onward := link(answer, "next")):
                break
            answer = phone.get(onward)
        assert seen == whole, order
    first = phone.get("/fhir/Communication?part-of:missing=false&_sort=-sent&_count=2")
    actions.send_message(
        thread=story["thread"], by=alice.user, body="And today?", client_key=fresh_key()
    )
    second = phone.get(link(first, "next"))
    assert found(second) == [str(story[name].pk) for name in ("amir", "chen")]


def test_a_page_is_good_for_its_app_and_its_search_alone(
    story, phone, app_of, alice, sam_staff, as_user
):
    onward = link(phone.get("/fhir/Communication?_count=1"), "next")
    other = app_of(alice, scope=ALL_OF_IT)
    assert other.get(onward).status_code == 400
    assert as_user(sam_staff).get(onward).status_code == 400
    assert phone.get(onward.replace("Communication", "AuditEvent")).status_code == 400
    assert phone.get(f"{onward}x").status_code == 400


@pytest.mark.parametrize(
    "query",
    ["sent=yesterday", "_count=x", "_sort=name", "part-of:missing=perhaps", "sender:Group=1",
     "status:not=completed", "_total=some", "_summary=text", "sent=", "status=%00", "_page=x"],
)  # fmt: skip
def test_what_cannot_be_read_is_said(query, phone):
    refused = phone.get(f"/fhir/Communication?{query}")
    assert refused.status_code == 400 and len(why(refused.json())) > 15


def test_what_is_not_known_is_left_out_and_said_or_refused(phone, first):
    answer = phone.get("/fhir/Communication?received=2021&colour=red")
    said = answer.json()["entry"][-1]
    assert said["search"]["mode"] == "outcome" and "2 parameters" in why(said["resource"])
    strict = phone.get("/fhir/Communication?colour=red", Prefer="handling=strict")
    assert strict.status_code == 400 and "part-of" in why(strict.json())


def test_the_practice_asks_about_one_patient_or_for_the_list(as_user, story, sam_staff, bob, alice):
    sam = as_user(sam_staff)
    for query in (
        "",
        "?status=completed",
        "?part-of:missing=false",
        f"?patient={alice.pk},{bob.pk}",
    ):
        assert sam.get(f"/fhir/Communication{query}").status_code == 400, query
    assert found(sam.get("/fhir/Communication?part-of:missing=true")) == [str(story["thread"].pk)]
    listed = AuditRow.objects.latest("pk")
    assert listed.deed == "threads_listed" and listed.actor_id == str(sam_staff.pk)
    assert len(found(sam.get(f"/fhir/Communication?patient={alice.pk}"))) == 6
    read = AuditRow.objects.latest("pk")
    assert (read.deed, read.patient_id) == ("thread_read", str(alice.pk))
    assert sam.get(f"/fhir/Communication?patient={bob.pk}").status_code == 404


def test_a_search_by_form_is_the_same(phone, story):
    headers = {"Authorization": f"Bearer {phone.tokens['access_token']}"}
    answer = Client().post(
        "/fhir/Communication/_search", "status=in-progress", content_type=FORM, headers=headers
    )
    assert found(answer) == [str(story["thread"].pk)]
