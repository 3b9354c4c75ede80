"""Attesting: numbers that do not move, changes by hand that show, refusals in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from tests.server.quality import world
from wellpost.adapters.packet.again import compute_again
from wellpost.adapters.packet.reader import verify
from wellpost.errors import RequestError
from wellpost.reports.claims import Claim
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time as clock
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.quality import attesting, overriding
from wellpost.server.quality.answering import answer
from wellpost.server.quality.models import Answers, Attestation, Override
from wellpost.server.records.models import Encounter

from .conftest import SUMMER
from .test_pages import HOME, text, text_of_pdf

KEPT = {"attestation": "never changed", "answers": "never changed", "override": "taken back"}
"""How the database refuses to change or delete a row of each table."""


def by_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def attested(by, practice, npi=None, **more) -> Attestation:
    return attesting.attest(by=by, practice=practice, npi=npi, asked=SUMMER, **more)


def messaging(kept: Attestation) -> tuple[int, int]:
    (found,) = [each for each in kept.results["results"] if each["measure"] == "secure-messaging"]
    return found["numerator"], found["denominator"]


@pytest.mark.postgresql
def test_later_changes_do_not_move_what_was_attested(
    rita_reporter, practice, dr_chen, alice, carol, summer
):
    kept = attested(rita_reporter, practice, dr_chen.npi)
    before = bytes(kept.packet)
    world.wrote(dr_chen, carol, "2021-08-01")
    Encounter.objects.filter(patient=alice).update(cancelled_at=clock.now())
    again = Attestation.objects.get(pk=kept.pk)
    assert messaging(again) == (1, 2)
    assert bytes(again.packet) == before
    packet = verify(before, "the packet")
    assert not compute_again(packet).differing


@pytest.mark.postgresql
def test_the_difference_to_today_is_told_patient_by_patient(
    rita_reporter, practice, dr_chen, alice, carol, summer
):
    kept = attested(rita_reporter, practice, dr_chen.npi)
    assert attesting.since(rita_reporter, practice, kept.pk)[1].moved == []
    carol.account_opened_on = world.day("2021-08-01")
    carol.user = world.account("Carol Cove")
    carol.save()
    world.wrote(dr_chen, carol, "2021-08-01")
    Encounter.objects.filter(patient=alice).update(cancelled_at=clock.now())
    _, since = attesting.since(rita_reporter, practice, kept.pk)
    found = {(name, each.measure): (each.was, each.now, each.why) for each, name in since.moved}
    was, now, why = found["Cove, Carol", "secure-messaging"]
    assert (was, now) == ("in the denominator only", "in the numerator")
    assert "today: written to on 2021-08-01" in why
    was, now, why = found["Arden, Alice", "secure-messaging"]
    assert (was, now) == ("in the numerator", "not in the denominator")
    assert "attested was: written to on 2021-07-04" in why


def test_a_message_after_the_attestation_does_not_count_in_it(
    rita_reporter, practice, dr_chen, alice, carol, summer
):
    with clock.held_at(datetime(2021, 9, 10, 14, tzinfo=UTC)):
        kept = attested(rita_reporter, practice, dr_chen.npi)
    carol.account_opened_on = world.day("2021-08-01")
    carol.save()
    world.wrote(dr_chen, carol, "2021-10-01")
    assert attesting.since(rita_reporter, practice, kept.pk)[1].moved == []


@pytest.mark.postgresql
def test_the_database_refuses_to_change_an_attestation(rita_reporter, practice, dr_chen, summer):
    kept = attested(rita_reporter, practice, dr_chen.npi)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Attestation.objects.filter(pk=kept.pk).update(attested_name="Somebody Else")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE quality_attestation SET year = 2020")


@pytest.mark.postgresql
def test_the_database_keeps_what_was_attested_answered_and_changed_by_hand(
    rita_reporter, practice, dr_chen, summer
):
    who = {"by": rita_reporter, "practice": practice, "npi": dr_chen.npi, "asked": SUMMER}
    attested(rita_reporter, practice, dr_chen.npi)
    answer(**who)
    overriding.override(
        **who, measure="secure-messaging", numerator=2, denominator=2,
        reason="one letter by courier",
    )  # fmt: skip
    for table, says in KEPT.items():
        with pytest.raises(DatabaseError, match=says), transaction.atomic():
            by_sql(f"DELETE FROM quality_{table}")
        with pytest.raises(DatabaseError, match=says), transaction.atomic():
            by_sql(f"UPDATE quality_{table} SET year = 2020")
        if connection.vendor == "postgresql":
            with pytest.raises(DatabaseError, match=says), transaction.atomic():
                by_sql(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE quality_{table}")
    for model in (Attestation, Answers, Override):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()
        assert model.objects.get().year == 2021


@pytest.mark.postgresql
def test_a_change_by_hand_that_was_taken_back_stays_so(rita_reporter, practice, dr_chen, summer):
    made = overriding.override(
        by=rita_reporter, practice=practice, npi=dr_chen.npi, asked=SUMMER,
        measure="secure-messaging", numerator=2, denominator=2, reason="one letter by courier",
    )  # fmt: skip
    overriding.withdraw(by=rita_reporter, made=made)
    with pytest.raises(DatabaseError, match="taken back"), transaction.atomic():
        Override.objects.update(withdrawn_at=None)
    assert Override.objects.get().withdrawn_at


def test_a_period_that_has_not_ended_is_refused_and_nothing_is_kept(
    rita_reporter, practice, dr_chen, summer
):
    with (
        clock.held_at(datetime(2021, 8, 31, 14, tzinfo=UTC)),
        pytest.raises(RequestError, match="had not ended"),
    ):
        attested(rita_reporter, practice, dr_chen.npi)
    assert not Attestation.objects.exists()


def test_the_day_is_the_practices_own(rita_reporter, practice, dr_chen, summer):
    with (
        clock.held_at(datetime(2021, 9, 1, 3, 59, tzinfo=UTC)),
        pytest.raises(RequestError, match="attested on 2021-08-31"),
    ):
        attested(rita_reporter, practice, dr_chen.npi)
    with clock.held_at(datetime(2021, 9, 1, 4, 1, tzinfo=UTC)):
        assert attested(rita_reporter, practice, dr_chen.npi)


def test_an_exclusion_without_grounds_is_refused_and_nothing_is_kept(
    rita_reporter, practice, dr_chen, summer
):
    claim = Claim.parse("secure-messaging=no_office_visits")
    with pytest.raises(RequestError, match="evidence"):
        attested(rita_reporter, practice, dr_chen.npi, claims=[claim])
    assert not Attestation.objects.exists()


def test_an_exclusion_with_grounds_stands_with_its_evidence(
    rita_reporter, practice, dr_chen, alice
):
    world.seen(alice, dr_chen, "2021-06-03", kind="other")
    claim = Claim.parse("secure-messaging=no_office_visits")
    kept = attested(rita_reporter, practice, dr_chen.npi, claims=[claim])
    (found,) = verify(bytes(kept.packet), "it").attested["exclusions"]
    assert (found["against"], found["stands"]) == (0, True)


@pytest.mark.parametrize("who", ["dr_diaz", "dr_evans", "sam_staff", "alice"])
def test_who_may_not_attest(request, who, practice, dr_chen, summer):
    someone = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        attested(getattr(someone, "user", None) or someone, practice, dr_chen.npi)
    assert not Attestation.objects.exists()


def test_clinicians_attest_for_themselves_and_not_for_the_practice(practice, dr_chen, summer):
    assert attested(dr_chen.user, practice, dr_chen.npi)
    with pytest.raises(NotAllowed):
        attested(dr_chen.user, practice, None)


def test_a_number_changed_by_hand_shows_everywhere(
    at_reports, rita_reporter, practice, dr_chen, summer
):
    browser = at_reports(rita_reporter, proven=True)
    where = f"{HOME}{dr_chen.npi}/"
    sent = {
        "measure": "secure-messaging",
        "numerator": 2,
        "denominator": 2,
        "reason": "One letter by courier, in the paper record",
    }
    assert browser.post(f"{where}override/", sent).status_code == 302
    said = ("2 of 2", "Rita Wolfe", "One letter by courier")
    page = text(browser.get(where))
    pdf = text_of_pdf(browser.get(f"{where}files/scorecard.pdf").content)
    assert browser.post(f"{where}attest/", {"statement": "on"}).status_code == 302
    kept = Attestation.objects.get()
    packet = verify(bytes(kept.packet), "the packet")
    report = text_of_pdf(packet.members["report.pdf"])
    snapshot = text(browser.get(f"{HOME}attestations/{kept.pk}/"))
    for place in (page, pdf, report, snapshot):
        for word in said[1:]:
            assert word in " ".join(place.split())
    assert "counted: 1 of 2" in page
    assert "1 of 2" in pdf
    assert messaging(kept) == (2, 2)
    assert b'"numerator": 1' in packet.members["counted.json"]
    assert "changed by hand" in report


def test_a_change_by_hand_is_taken_back_and_stays_on_record(
    at_reports, rita_reporter, practice, dr_chen, summer
):
    made = overriding.override(
        by=rita_reporter, practice=practice, npi=dr_chen.npi, asked=SUMMER,
        measure="secure-messaging", numerator=2, denominator=2, reason="one letter by courier",
    )  # fmt: skip
    browser = at_reports(rita_reporter)
    browser.post(f"{HOME}overrides/{made.pk}/withdraw/")
    assert "one letter by courier" not in text(browser.get(f"{HOME}{dr_chen.npi}/"))
    assert Override.objects.get().withdrawn_by == rita_reporter
    deeds = AuditRow.objects.values_list("deed", flat=True)
    assert {"number_overridden", "override_withdrawn"} <= set(deeds)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reason": "courier"}, "says too little"),
        ({"reason": ""}, "Write the reason"),
        ({"numerator": 3}, "the numerator counts patients of the denominator"),
        ({"numerator": -1}, "greater than or equal to 0"),
        ({"measure": "patient-access"}, "is not one of the available choices"),
    ],
)
def test_a_change_by_hand_that_cannot_be_right_is_refused(
    at_reports, rita_reporter, dr_chen, summer, change, says
):
    sent = {
        "measure": "secure-messaging",
        "numerator": 2,
        "denominator": 2,
        "reason": "one letter by courier",
        **change,
    }
    answer = at_reports(rita_reporter).post(f"{HOME}{dr_chen.npi}/override/", sent)
    assert says in text(answer)
    assert not Override.objects.exists()


def test_who_attests_proves_once_more_who_they_are(at_reports, rita_reporter, dr_chen, summer):
    where = f"{HOME}{dr_chen.npi}/attest/"
    browser = at_reports(rita_reporter)
    assert browser.get(where).status_code == 200
    answer = browser.post(where, {"statement": "on"})
    assert "/account/" in answer.url
    assert "reauthenticate" in answer.url
    assert not Attestation.objects.exists()


def test_the_page_refuses_in_words(at_reports, rita_reporter, dr_chen, summer):
    where = f"{HOME}{dr_chen.npi}/attest/"
    browser = at_reports(rita_reporter, proven=True)
    assert "Say that you attest" in text(browser.post(where, {}))
    claimed = {"statement": "on", "claims": "secure-messaging=no_office_visits"}
    assert "no reporter asked for has the evidence" in text(browser.post(where, claimed))
    with clock.held_at(datetime(2021, 8, 20, 14, tzinfo=UTC)):
        assert "had not ended then" in text(browser.post(where, {"statement": "on"}))
    assert not Attestation.objects.exists()


def test_the_packet_is_taken_checked_and_on_record(
    at_reports, rita_reporter, practice, dr_chen, summer
):
    kept = attested(rita_reporter, practice, dr_chen.npi)
    browser = at_reports(rita_reporter)
    archive = browser.get(f"{HOME}attestations/{kept.pk}/packet.zip").content
    packet = verify(archive, "packet.zip")
    assert packet.fingerprint == kept.signed_with
    pdf = browser.get(f"{HOME}attestations/{kept.pk}/packet.pdf").content
    assert pdf == packet.members["report.pdf"]
    taken = AuditRow.objects.filter(deed="packet_downloaded").order_by("id")
    assert [row.details["format"] for row in taken] == ["zip", "pdf"]
    assert browser.get(f"{HOME}attestations/{kept.pk}/packet.exe").status_code == 404


@pytest.mark.parametrize("who", ["dr_diaz", "dr_evans", "alice"])
def test_others_find_no_attestation(
    request, at_reports, as_user, who, rita_reporter, practice, dr_chen, summer
):
    kept = attested(rita_reporter, practice, dr_chen.npi)
    someone = request.getfixturevalue(who)
    browser = as_user(someone.user)
    for address in ("", "packet.zip", "packet.pdf", "difference/"):
        assert browser.get(f"{HOME}attestations/{kept.pk}/{address}").status_code == 404


def test_the_practice_attests_as_a_group(rita_reporter, practice, dr_chen, dr_diaz, alice, summer):
    world.seen(alice, dr_diaz, "2021-06-20")
    kept = attested(rita_reporter, practice, None)
    assert messaging(kept) == (1, 2)
    assert not compute_again(verify(bytes(kept.packet), "it")).differing
