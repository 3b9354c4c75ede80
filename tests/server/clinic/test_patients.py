"""Patients of the practice: found, added, changed, invited, merged."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from tests.server.conftest import make_patient
from tests.server.portal.test_portal import begin
from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging.queries import PAGE_SIZE
from wellpost.server.people.actions import add_representative
from wellpost.server.people.models import Patient

LIST = "/clinic/patients/"


@pytest.fixture
def sam(as_user, sam_staff):
    return as_user(sam_staff)


def page_of(patient, name="patient", *more):
    return reverse(f"clinic:{name}", args=[patient.pk, *more])


def found(client, words):
    assert client.post(LIST, {"words": words}).status_code == 302
    return client.get(LIST).content.decode()


@pytest.mark.django_db
def test_patients_are_found_by_words_of_the_name_and_by_the_day_of_birth(sam, alice, carol):
    Patient.objects.filter(pk=carol.pk).update(birth_on=date(1990, 12, 31))
    assert "Arden, Alice" in found(sam, "ard ali")
    assert "Cove, Carol" not in found(sam, "ard ali")
    assert "Cove, Carol" in found(sam, "12/31/1990")
    assert "Arden, Alice" not in found(sam, "1990-12-31")
    assert "Nobody is found" in found(sam, "alice 1990-12-31")
    assert "Cove, Carol" in found(sam, "")


@pytest.mark.django_db
def test_what_is_looked_for_is_in_no_address(sam, alice):
    answer = sam.post(LIST, {"words": "arden"})
    assert answer.url == LIST


@pytest.mark.django_db
def test_a_patient_of_another_practice_is_not_found(sam, bob):
    assert "Birch" not in found(sam, "birch").replace("“birch”", "").replace('"birch"', "")
    assert sam.get(page_of(bob)).status_code == 404


@pytest.mark.django_db
def test_the_list_is_paged(sam, practice):
    for number in range(30):
        make_patient(practice, f"Patient Number{number:02}")
    first, second = sam.get(LIST), sam.get(LIST, {"page": 2})
    assert "Number00" in first.content.decode()
    assert "Number29" not in first.content.decode()
    assert "Number29" in second.content.decode()


@pytest.mark.django_db
def test_the_patients_page_says_how_the_account_stands(sam, alice, carol):
    assert "Has an account since January 1, 2020" in sam.get(page_of(alice)).content.decode()
    assert "Waiting for first sign-in" in sam.get(page_of(carol)).content.decode()
    Patient.objects.filter(pk=carol.pk).update(email="")
    assert "Cannot be reached: no email" in sam.get(page_of(carol)).content.decode()


@pytest.mark.django_db
def test_reading_a_patients_page_is_on_record(sam, alice, deeds):
    sam.get(page_of(alice))
    assert "patient_read" in deeds()


@pytest.mark.usefixtures("noon")
@pytest.mark.django_db(transaction=True)
def test_an_invitation_goes_out_by_email_without_a_name(sam, carol):
    answer = sam.post(page_of(carol, "invite"), follow=True)
    assert "The invitation was sent by email." in answer.content.decode()
    assert mail.outbox[0].to == ["carol@example.org"]
    assert "Carol" not in mail.outbox[0].subject + mail.outbox[0].body
    assert "An invitation by email was made today" in sam.get(page_of(carol)).content.decode()


@pytest.mark.django_db
def test_a_letter_shows_a_code_that_opens_the_account(sam, carol):
    from wellpost.server.people.actions import open_invitation

    page = sam.post(page_of(carol, "letter"))
    invitation = open_invitation(code=page.context["code"], birth_on=carol.birth_on)
    assert invitation.patient == carol
    assert page.context["code"] in page.content.decode()


@pytest.mark.django_db
def test_a_new_patient_is_added_and_what_was_typed_is_kept_on_an_error(sam, practice):
    wrong = {"given_name": "Dora", "family_name": "", "birth_on": "yesterday", "email": "dora"}
    page = sam.post(f"{LIST}add/", wrong).content.decode()
    for kept in ("Dora", "yesterday", "dora", "Write the name.", 'href="#id_family_name"'):
        assert kept in page
    right = {"given_name": "Dora", "family_name": "Dale", "birth_on": "1970-01-02"}
    answer = sam.post(f"{LIST}add/", right)
    assert answer.url == page_of(practice.patients.get(family_name="Dale"))


@pytest.mark.django_db
def test_the_contact_data_are_changed(sam, carol):
    sam.post(
        page_of(carol, "change_patient"),
        {"given_name": "Carol", "family_name": "Cove", "phone": "207 555 0100"},
    )
    carol.refresh_from_db()
    assert carol.phone == "207 555 0100"
    assert carol.birth_on is None


@pytest.mark.django_db
def test_somebody_is_added_who_may_act_and_later_ends(sam, carol):
    given = {"name": "Dan Cove", "relationship": "son", "starts_on": "2020-01-01"}
    sam.post(page_of(carol, "add_representative"), {**given, "may_message": "on"})
    dan = carol.representatives.get()
    assert (dan.may_message, dan.may_see_record) == (True, False)
    assert "messages only" in sam.get(page_of(carol)).content.decode()
    sam.post(page_of(carol, "end_representative", dan.pk), {"on": "2021-01-01"})
    dan.refresh_from_db()
    assert dan.ends_on == date(2020, 12, 31)
    assert "Ended" in sam.get(page_of(carol)).content.decode()


@pytest.mark.django_db
def test_a_period_that_ends_before_it_starts_is_refused_in_words(sam, carol):
    given = {"name": "Dan Cove", "relationship": "son", "starts_on": "2020-02-01"}
    page = sam.post(page_of(carol, "add_representative"), {**given, "ends_on": "2020-01-01"})
    assert "it ends before it starts" in page.content.decode()
    assert not carol.representatives.exists()


@pytest.mark.django_db
def test_two_records_of_one_person_are_compared_and_merged(sam, practice, carol):
    twin = make_patient(practice, "Caroline Cove")
    assert "Caroline Cove" in sam.get(page_of(carol, "merge")).content.decode()
    side_by_side = page_of(carol, "merge_with", twin.pk)
    assert "Are these one person?" in sam.get(side_by_side).content.decode()
    answer = sam.post(side_by_side, follow=True)
    assert "the patient counts once" in answer.content.decode()
    twin.refresh_from_db()
    assert twin.merged_into == carol
    assert sam.get(page_of(twin)).url == page_of(carol)


@pytest.mark.django_db
def test_a_record_is_not_merged_with_itself(sam, carol):
    answer = sam.post(page_of(carol, "merge_with", carol.pk), follow=True)
    assert "choose another one to merge" in answer.content.decode()


@pytest.mark.django_db
def test_names_are_shown_as_text_whatever_they_hold(sam, carol):
    Patient.objects.filter(pk=carol.pk).update(given_name="<script>alert(1)</script>")
    for address in (
        LIST,
        page_of(carol),
        page_of(carol, "merge"),
        page_of(carol, "change_patient"),
    ):
        page = sam.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.django_db
def test_the_patients_page_lists_their_conversations(sam, practice, alice, carol, dr_chen):
    begin(practice, alice, alice.user, subject="My knee", for_clinician=dr_chen)
    begin(practice, carol, dr_chen.user, subject="Your results")
    page = sam.get(page_of(alice)).content.decode()
    assert "My knee" in page
    assert "1 unread" in page
    assert "Your results" not in page
    listed = AuditRow.objects.filter(deed="threads_listed").latest("pk")
    assert (listed.patient_id, len(listed.details["threads"])) == (str(alice.pk), 1)


@pytest.mark.django_db
def test_older_conversations_are_on_further_pages(sam, practice, alice):
    for number in range(PAGE_SIZE + 1):
        begin(practice, alice, alice.user, subject=f"Matter {number}.")
    first, second = (sam.get(page_of(alice), {"page": each}).content.decode() for each in (1, 2))
    assert "?page=2" in first and "Matter 0." not in first
    assert "Matter 0." in second and f"Matter {PAGE_SIZE}." not in second


@pytest.mark.django_db
def test_only_conversations_one_carries_are_listed(as_user, practice, alice, dr_chen, dr_diaz):
    begin(practice, alice, alice.user, subject="My knee", for_clinician=dr_chen)
    page = as_user(dr_diaz.user).get(page_of(alice)).content.decode()
    assert "None that you take part in." in page
    assert "My knee" not in page


@pytest.mark.django_db
def test_who_reads_no_messages_sees_no_conversations(as_user, ada_admin, practice, alice):
    begin(practice, alice, alice.user, subject="My knee")
    page = as_user(ada_admin).get(page_of(alice)).content.decode()
    assert "My knee" not in page
    assert "Conversations" not in page


@pytest.mark.django_db(transaction=True)
def test_who_acts_for_a_patient_is_invited_by_email_or_by_a_letter(sam, carol, sam_staff, deeds):
    from wellpost.server.people.actions import open_invitation

    rita = add_representative(
        patient=carol, by=sam_staff, name="Rita Rowe", email="rita@example.org",
        relationship="sister", starts_on=date(2021, 1, 1),
    )  # fmt: skip
    answer = sam.post(page_of(carol, "invite_representative", rita.pk), {"proof": "known_here"})
    assert answer.url == page_of(carol)
    assert mail.outbox[-1].to == ["rita@example.org"]
    letter = sam.post(page_of(carol, "representative_letter", rita.pk), {"proof": "known_here"})
    opened = open_invitation(code=letter.context["code"], birth_on=carol.birth_on)
    assert (opened.representative, opened.sent_by) == (rita, "letter")
    assert "Rita Rowe" in letter.content.decode()
    assert deeds().count("invitation_made") == 2


@pytest.mark.django_db
def test_nobody_is_invited_to_act_from_elsewhere(as_user, dr_evans, bob, carol, amir, sam):
    elsewhere = as_user(dr_evans.user)
    assert (
        elsewhere.post(page_of(amir.patient, "invite_representative", amir.pk)).status_code == 404
    )
    assert sam.post(page_of(carol, "invite_representative", amir.pk)).status_code == 404
    assert not mail.outbox
