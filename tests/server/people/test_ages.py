"""A parent's rights begin and end at the child's birthdays, by the ages the practice set."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.server.conftest import make_patient, make_user
from wellpost.errors import RequestError
from wellpost.server.clock import time as clock
from wellpost.server.messaging import actions as messaging
from wellpost.server.messaging import queries
from wellpost.server.people import actions
from wellpost.server.people.ages import ages_at, birthday, old_enough, stretches
from wellpost.server.people.models import AgedRight, Representative
from wellpost.server.people.parents import changes_soon
from wellpost.server.people.permissions import NotAllowed, Permission, may

pytestmark = pytest.mark.django_db
NOON = datetime(2021, 6, 3, 16, tzinfo=UTC)
BORN = date(2009, 6, 20)


@pytest.fixture(autouse=True)
def today():
    with clock.held_at(NOON):
        yield


@pytest.fixture
def lena(practice):
    """A child of the practice, 11 years old, 12 on 2021-06-20."""
    child = make_patient(practice, "Lena Lind")
    child.birth_on = BORN
    child.save()
    return child


@pytest.fixture
def mia(lena, ada_admin):
    """Lena's mother, with an account."""
    first = actions.add_parent(
        patient=lena, by=ada_admin, name="Mia Lind", relationship="mother",
        starts_on=date(2015, 1, 1),
    )  # fmt: skip
    user = make_user("Mia Lind")
    Representative.objects.filter(patient=lena).update(
        user=user, account_opened_on=date(2020, 1, 1)
    )
    first.refresh_from_db()
    return first


def rights(user, patient, moment):
    with clock.held_at(moment):
        wanted = (Permission.READ_MESSAGES, Permission.READ_RECORD)
        return tuple(may(user, each, patient) for each in wanted)


def held(lena):
    rows = lena.representatives.order_by("starts_on")
    return [(str(r.starts_on), str(r.ends_on), r.may_message, r.may_see_record) for r in rows]


def test_at_first_all_rights_end_when_the_child_is_of_age(lena, mia):
    assert held(lena) == [("2015-01-01", "2027-06-19", True, True)]
    assert rights(mia.user, lena, datetime(2027, 6, 19, 16, tzinfo=UTC)) == (True, True)
    assert rights(mia.user, lena, datetime(2027, 6, 20, 16, tzinfo=UTC)) == (False, False)


def test_the_record_ends_at_the_age_the_practice_set_and_messages_go_on(lena, mia, ada_admin):
    actions.set_ages(practice=lena.practice, by=ada_admin, ages={AgedRight.RECORD: 12})
    assert held(lena) == [
        ("2015-01-01", "2021-06-19", True, True), ("2021-06-20", "2027-06-19", True, False),
    ]  # fmt: skip
    assert rights(mia.user, lena, datetime(2021, 6, 19, 16, tzinfo=UTC)) == (True, True)
    assert rights(mia.user, lena, datetime(2021, 6, 20, 16, tzinfo=UTC)) == (True, False)


def test_what_was_written_before_stays_readable_in_the_next_stretch(lena, mia, ada_admin, dr_chen):
    message = messaging.start_thread(
        practice=lena.practice, patient=lena, by=dr_chen.user, subject="Vaccination",
        body="On Monday at nine.", client_key="one",
    )  # fmt: skip
    actions.set_ages(practice=lena.practice, by=ada_admin, ages={AgedRight.RECORD: 12})
    with clock.held_at(datetime(2021, 7, 1, 16, tzinfo=UTC)):
        opened = queries.open_thread(message.thread_id, mia.user)
        assert opened.messages[0].text == "On Monday at nine."
    with clock.held_at(datetime(2027, 7, 1, 16, tzinfo=UTC)), pytest.raises(NotAllowed):
        queries.open_thread(message.thread_id, mia.user)


def test_a_lower_age_ends_rights_today_and_a_higher_one_gives_them_back(lena, mia, ada_admin):
    actions.set_ages(practice=lena.practice, by=ada_admin, ages={AgedRight.RECORD: 11})
    assert rights(mia.user, lena, NOON) == (True, False)
    actions.set_ages(practice=lena.practice, by=ada_admin, ages={AgedRight.RECORD: 14})
    assert rights(mia.user, lena, NOON) == (True, True)
    assert rights(mia.user, lena, datetime(2023, 6, 20, 16, tzinfo=UTC)) == (True, False)


def test_a_corrected_date_of_birth_moves_the_days(lena, mia, ada_admin):
    actions.change_patient(patient=lena, by=ada_admin, birth_on=date(2004, 1, 31))
    assert held(lena) == [("2015-01-01", "2022-01-30", True, True)]


def test_what_is_ended_by_hand_begins_again_by_no_birthday(lena, mia, ada_admin):
    actions.set_ages(practice=lena.practice, by=ada_admin, ages={AgedRight.RECORD: 12})
    actions.end_representative(representative=mia, by=ada_admin, on=date(2021, 6, 10))
    actions.set_ages(practice=lena.practice, by=ada_admin, ages={AgedRight.RECORD: 16})
    assert held(lena) == [("2015-01-01", "2021-06-09", True, True)]
    assert rights(mia.user, lena, datetime(2021, 7, 1, 16, tzinfo=UTC)) == (False, False)


def test_the_practice_is_reminded_before(lena, mia, ada_admin, sam_staff, dr_evans):
    assert changes_soon(sam_staff, lena.practice) == []
    actions.set_ages(practice=lena.practice, by=ada_admin, ages={AgedRight.RECORD: 12})
    soon = changes_soon(sam_staff, lena.practice)
    assert [(each.who, each.on, each.messages, each.record) for each in soon] == [
        (mia, date(2021, 6, 20), False, True)
    ]
    with pytest.raises(NotAllowed):
        changes_soon(dr_evans.user, lena.practice)


def test_one_account_opens_every_stretch(lena, ada_admin, practice):
    actions.set_ages(practice=practice, by=ada_admin, ages={AgedRight.RECORD: 12})
    mia = actions.add_parent(
        patient=lena, by=ada_admin, name="Mia Lind", relationship="mother",
        starts_on=date(2015, 1, 1),
    )  # fmt: skip
    _, code = actions.invite_representative(representative=mia, by=ada_admin, sent_by="letter")
    user = make_user("Mia Lind")
    actions.accept_invitation(code=code, birth_on=BORN, user=user)
    assert set(lena.representatives.values_list("user", flat=True)) == {user.pk}
    assert rights(user, lena, datetime(2021, 6, 20, 16, tzinfo=UTC)) == (True, False)


def test_a_child_gets_an_account_at_the_age_for_it(lena, ada_admin, carol):
    assert not old_enough(lena)
    assert old_enough(carol)
    with pytest.raises(RequestError, match="too young for an account of their own"):
        actions.invite_patient(patient=lena, by=ada_admin, sent_by="letter")
    actions.set_ages(practice=lena.practice, by=ada_admin, ages={AgedRight.ACCOUNT: 11})
    assert actions.invite_patient(patient=lena, by=ada_admin, sent_by="letter")


def test_a_message_to_a_child_invites_nobody(lena, dr_chen):
    messaging.start_thread(
        practice=lena.practice, patient=lena, by=dr_chen.user, subject="Hello",
        body="Hello.", client_key="one",
    )  # fmt: skip
    assert not lena.invitations.exists()


def test_ages_are_for_administrators_and_between_bounds(practice, sam_staff, ada_admin, deeds):
    with pytest.raises(NotAllowed):
        actions.set_ages(practice=practice, by=sam_staff, ages={AgedRight.RECORD: 12})
    with pytest.raises(RequestError, match="from 0 to 25"):
        actions.set_ages(practice=practice, by=ada_admin, ages={AgedRight.RECORD: 26})
    actions.set_ages(practice=practice, by=ada_admin, ages={AgedRight.RECORD: 12})
    assert ages_at(practice)[AgedRight.RECORD].age == 12
    assert "age_rule_set" in deeds()


def test_a_parent_of_a_grown_patient_or_of_no_birth_is_refused(carol, ada_admin):
    said = {"by": ada_admin, "name": "A B", "relationship": "father", "starts_on": date(2021, 1, 1)}
    with pytest.raises(RequestError, match="no parent these rights"):
        actions.add_parent(patient=carol, **said)
    carol.birth_on = None
    carol.save()
    with pytest.raises(RequestError, match="date of birth first"):
        actions.add_parent(patient=carol, **said)


def test_birthdays_of_a_leap_day():
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert birthday(date(2008, 2, 29), 16) == date(2024, 2, 29)


def test_stretches_of_one_right_alone(practice):
    found = stretches(BORN, NOON.date(), ages_at(practice), messages=False, record=True)
    assert [(str(each.ends_on), each.may_message, each.may_see_record) for each in found] == [
        ("2027-06-19", False, True)
    ]


def test_the_pages_set_the_ages_add_a_parent_and_list_what_ends(as_user, ada_admin, lena):
    client = as_user(ada_admin)
    client.post("/clinic/practice/ages/", {"messages": "18", "record": "12", "account": "13"})
    assert "COPPA" in client.get("/clinic/practice/ages/").content.decode()
    client.post(f"/clinic/patients/{lena.pk}/representatives/", {
        "name": "Mia Lind", "relationship": "mother", "starts_on": "2021-01-01",
        "as_parent": "on", "may_message": "on", "may_see_record": "on",
    })  # fmt: skip
    page = client.get("/clinic/patients/age-changes/").content.decode()
    assert "From June 20, 2021, Mia Lind (mother) no longer sees the record." in page
