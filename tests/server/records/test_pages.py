"""The record's pages: Alice, Amir and Dr Chen read it; nobody else learns that it is there."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Clinician, Patient, Representative, User
from wellpost.server.records.keeping import keep
from wellpost.server.records.models import PortalAction

from .conftest import Keep, weight

As = Callable[[User | None], Client]
NOON = datetime(2021, 6, 3, 16, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"


def record_of(patient: Patient, rest: str = "") -> str:
    return f"/portal/patients/{patient.pk}/record/{rest}"


def problem(text: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "Condition", "code": {"text": text}} | more


def text_of(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_alice_sees_what_is_in_her_record_and_it_counts_as_a_view(
    alice: Patient, as_user: As, kept: Keep
) -> None:
    kept(alice, problem("Asthma", onsetDateTime="2019-02-03"))
    page = text_of(as_user(alice.user), record_of(alice))
    assert "My health record" in page and "Health problems" in page
    assert "Asthma" in text_of(as_user(alice.user), record_of(alice, "problems/"))
    views = PortalAction.objects.values_list("action", "acted_by", "what")
    assert sorted(views) == [("view", "patient", "overview"), ("view", "patient", "problems")]


def test_amir_reads_it_in_his_own_name(
    alice: Patient, amir: Representative, as_user: As, kept: Keep
) -> None:
    kept(alice, problem("Asthma"))
    assert "Health record of Alice Arden" in text_of(as_user(amir.user), record_of(alice))
    assert PortalAction.objects.get().acted_by == "representative"


def test_one_who_may_see_the_record_and_not_message_is_led_to_it(
    alice: Patient, amir: Representative, as_user: As
) -> None:
    amir.may_message = False
    amir.save()
    client = as_user(amir.user)
    assert client.get("/portal/", follow=True).redirect_chain[-1][0] == record_of(alice)
    assert client.get(f"/portal/patients/{alice.pk}/write/").status_code == 404
    assert "Write to the practice" not in text_of(client, record_of(alice))


def test_outsiders_are_told_nothing(
    alice: Patient,
    bob: Patient,
    dr_chen: Clinician,
    amir: Representative,
    as_user: As,
    kept: Keep,
) -> None:
    row = kept(alice, problem("Asthma"))
    amir.may_see_record = False
    amir.save()
    for each in (bob.user, dr_chen.user, amir.user):
        client = as_user(each)
        for rest in ("", "problems/", f"entries/{row.pk}/", f"entries/{row.pk}/files/0/"):
            assert client.get(record_of(alice, rest)).status_code == 404
    assert not PortalAction.objects.exists()


def test_an_entry_of_another_patient_is_not_shown_in_ones_own_record(
    alice: Patient, bob: Patient, as_user: As, kept: Keep
) -> None:
    row = kept(bob, problem("Secret"))
    assert as_user(alice.user).get(record_of(alice, f"entries/{row.pk}/")).status_code == 404


def test_a_reference_to_another_patients_resource_shows_nothing_of_it(
    alice: Patient, carol: Patient, as_user: As, kept: Keep
) -> None:
    of_carol = kept(carol, problem("Secret of Carol"))
    to_carol = {"reference": f"Condition/{of_carol.pk}"}
    report = {"resourceType": "DiagnosticReport", "result": [to_carol], "performer": [to_carol]}
    row = kept(alice, report)
    assert "Secret of Carol" not in text_of(as_user(alice.user), record_of(alice, "results/"))
    page = text_of(as_user(alice.user), record_of(alice, f"entries/{row.pk}/"))
    assert "Secret of Carol" not in page


def test_what_a_practitioner_is_called_is_looked_up_at_ones_own_practice_only(
    alice: Patient, bob: Patient, as_user: As, kept: Keep
) -> None:
    chen = {"resourceType": "Practitioner", "name": [{"family": "Chen", "given": ["Li"]}]}
    here = keep(practice=alice.practice, patient=None, resource=chen, by=None)
    there = keep(practice=bob.practice, patient=None, resource=chen, by=None)
    for row, says in ((here, True), (there, False)):
        asthma = problem("Asthma", recorder={"reference": f"Practitioner/{row.pk}"})
        entry = kept(alice, asthma)
        page = text_of(as_user(alice.user), record_of(alice, f"entries/{entry.pk}/"))
        assert ("Li Chen" in page) is says


def test_markup_of_a_source_is_shown_as_text(alice: Patient, as_user: As, kept: Keep) -> None:
    note = base64.b64encode(f"Well {EVIL}".encode()).decode()
    row = kept(
        alice,
        {
            "resourceType": "DocumentReference",
            "text": {"div": f"<div>{EVIL}</div>"},
            "type": {"text": EVIL},
            "content": [{"attachment": {"contentType": "text/plain", "data": note}}],
        },
    )
    client = as_user(alice.user)
    for rest in ("", "documents/", f"entries/{row.pk}/"):
        assert EVIL not in text_of(client, record_of(alice, rest))
    assert "&lt;script&gt;" in text_of(client, record_of(alice, f"entries/{row.pk}/"))


def test_a_file_is_taken_home_and_never_opened_in_the_page(
    alice: Patient, as_user: As, kept: Keep
) -> None:
    data = base64.b64encode(EVIL.encode()).decode()
    attachment = {"contentType": "text/html", "data": data}
    row = kept(
        alice, {"resourceType": "DocumentReference", "content": [{"attachment": attachment}]}
    )
    client = as_user(alice.user)
    answer = client.get(record_of(alice, f"entries/{row.pk}/files/0/"))
    assert answer.content.decode() == EVIL
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert PortalAction.objects.get().action == "download"
    assert client.get(record_of(alice, f"entries/{row.pk}/files/1/")).status_code == 404


def test_what_came_since_the_last_visit_is_marked_in_words(
    alice: Patient, as_user: As, kept: Keep
) -> None:
    client = as_user(alice.user)
    with clock.held_at(NOON):
        kept(alice, problem("Asthma"))
        assert ">New<" not in text_of(client, record_of(alice, "problems/"))
    with clock.held_at(NOON + timedelta(days=1)):
        kept(alice, problem("Gout"))
    with clock.held_at(NOON + timedelta(days=2)):
        page = text_of(client, record_of(alice))
        assert "New since your last visit" in page and "1 new" in page
        assert "Gout" in page and "Asthma" not in page
    with clock.held_at(NOON + timedelta(days=2, minutes=30)):
        assert text_of(client, record_of(alice, "problems/")).count(">New<") == 1
    with clock.held_at(NOON + timedelta(days=3)):
        assert "Nothing is new" in text_of(client, record_of(alice))


def test_a_new_version_is_marked_as_changed(alice: Patient, as_user: As, kept: Keep) -> None:
    client, source = as_user(alice.user), {"source_system": "feed", "source_id": "1"}
    with clock.held_at(NOON):
        kept(alice, problem("Asthma"), **source)
        text_of(client, record_of(alice))
    with clock.held_at(NOON + timedelta(days=1)):
        kept(alice, problem("Asthma, mild"), **source)
        assert ">Changed<" in text_of(client, record_of(alice, "problems/"))


def test_days_can_be_chosen_on_every_page(alice: Patient, as_user: As, kept: Keep) -> None:
    kept(alice, weight("70.5", on="2020-06-03T12:00:00Z"))
    kept(alice, weight("80.5", on="2021-06-03T12:00:00Z"))
    client, of = as_user(alice.user), "http://loinc.org|29463-7"
    year = {"starts_on": "2021-01-01", "ends_on": "2021-12-31"}
    assert "1 entry" in text_of(client, record_of(alice), **year)
    assert "measured once" in text_of(client, record_of(alice, "vitals/"), **year)
    page = text_of(client, record_of(alice, "vitals/over-time/"), of=of, **year)
    assert "80.5" in page and "70.5" not in page
    page = text_of(client, record_of(alice), starts_on="2021-02-01", ends_on="2021-01-01")
    assert "The last day lies before the first." in page


def test_what_is_measured_often_is_a_picture_with_a_table_beside_it(
    alice: Patient, as_user: As, kept: Keep
) -> None:
    ranged = [{"low": {"value": 60}, "high": {"value": 75}}]
    for year in range(2001, 2021):
        kept(alice, weight("70.5", on=f"{year}-06-03") | {"referenceRange": ranged})
    kept(alice, weight("80.25", on="2021-06-03") | {"referenceRange": ranged})
    client = as_user(alice.user)
    assert "measured 21 times" in text_of(client, record_of(alice, "vitals/"))
    page = text_of(client, record_of(alice, "vitals/over-time/"), of="http://loinc.org|29463-7")
    assert page.count('<circle class="wp-plot__dot"') == 21
    assert "wp-plot__band" in page and "<desc" in page and "80.25 kg" in page
    assert "above the usual range" in page
    missing = record_of(alice, "vitals/over-time/")
    assert client.get(missing, {"of": "nothing"}).status_code == 404


def test_a_wrong_part_is_not_found(alice: Patient, as_user: As) -> None:
    client = as_user(alice.user)
    assert client.get(record_of(alice, "secrets/")).status_code == 404
    assert client.get(record_of(alice, "directory/")).status_code == 404


def test_a_record_of_twenty_years_takes_no_more_questions_than_one_of_a_year(
    alice: Patient, as_user: As, kept: Keep
) -> None:
    for year in range(2001, 2021):
        kept(alice, weight(on=f"{year}-06-03"))
        kept(alice, problem(f"Problem of {year}", onsetDateTime=f"{year}"))
    client = as_user(alice.user)
    with clock.held_at(datetime.now(UTC) - timedelta(days=2)):
        client.get(record_of(alice))
    with CaptureQueriesContext(connection) as asked:
        page = text_of(client, record_of(alice))
    assert "and 32 more" in page.casefold()
    ours = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
    assert len(ours) <= 12, "\n".join(ours)


def test_a_day_in_the_record_is_the_written_one(alice: Patient, as_user: As, kept: Keep) -> None:
    kept(alice, weight(on="2021-06-03T23:30:00-04:00"))
    page = text_of(as_user(alice.user), record_of(alice, "vitals/"))
    assert "June 3, 2021" in page
