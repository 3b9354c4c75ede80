"""How messages are answered here: pools, topics, hours, rules, templates, views, who is away. Each
page used as it is by whoever it is for, and by nobody else.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from wellpost.server.clock import time as clock
from wellpost.server.people.models import Membership
from wellpost.server.routing.hours import answering_of
from wellpost.server.routing.models import Pool, Reason, SavedView, Wording

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def ada(as_user, ada_admin):
    return as_user(ada_admin)


@pytest.fixture
def sam(as_user, sam_staff):
    return as_user(sam_staff)


def place(name, *args):
    return reverse(f"clinic:{name}", args=args)


def sent(client, form, name, *args):
    """The page after the form was sent: of its words, with single spaces."""
    answer = client.post(place(name, *args), form, follow=True)
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_pool_is_made_filled_left_and_closed(ada, practice, dr_diaz):
    diaz = Membership.objects.get(clinician=dr_diaz)
    assert "Nobody is in this pool yet." in sent(ada, {"name": "Refills"}, "pools")
    pool = Pool.objects.get()
    joins = {"membership": str(diaz.pk), "starts_on": "2021-01-01", "ends_on": ""}
    assert "Dr Diaz" in sent(ada, joins, "pool", pool.pk)
    assert "on some of these days already" in sent(ada, joins, "pool", pool.pk)
    assert "Refills</a>: Dr Diaz" in re.sub(r"\s+", " ", ada.get(place("pools")).content.decode())
    assert "of this name already" in sent(ada, {"name": "refills"}, "pools")
    member = pool.members.get()
    assert "Nobody is in this pool yet." in sent(ada, {}, "leave_pool", pool.pk, member.pk)
    assert "The pool is closed." in sent(ada, {}, "close_pool", pool.pk)
    assert ada.get(place("pool", pool.pk)).status_code == 404


def test_a_topic_is_added_routed_and_taken_out_but_never_the_last(ada, practice):
    sent(ada, {"name": "Refills"}, "pools")
    pool = Pool.objects.get()
    form = {"name": "Travel", "pool": str(pool.pk), "answer_within_days": "3", "is_offered": "on"}
    page = sent(ada, form, "add_topic")
    assert "Travel" in page and "answered within 3 business days · pool Refills" in page
    travel = practice.reasons.get(name="Travel")
    assert (travel.pool, travel.kind) == (pool, "own")
    shown = ada.get(place("change_topic", travel.pk)).content.decode()
    assert f'<option value="{pool.pk}" selected' in shown
    assert "Not offered" in sent(ada, {**form, "is_offered": ""}, "change_topic", travel.pk)
    Reason.objects.filter(practice=practice).update(is_offered=False)
    assert "Leave at least one topic" in sent(
        ada, {**form, "is_offered": ""}, "change_topic", travel.pk
    )


def test_hours_rules_and_closed_days_are_kept_each_by_itself(ada, practice):
    hours = {"which": "hours", "hours-from_0": "08:00", "hours-to_0": "17:00"}
    assert "Kept." in sent(ada, hours, "answering")
    kept = practice.hours.get()
    assert (kept.weekday, kept.opens_at, kept.closes_at) == (0, time(8), time(17))
    half = {"which": "hours", "hours-from_1": "08:00"}
    assert "Tuesday: give both times" in sent(ada, half, "answering")
    wrong = {"which": "hours", "hours-from_1": "17:00", "hours-to_1": "08:00"}
    assert "open it earlier" in sent(ada, wrong, "answering")
    rules = {
        "which": "rules", "rules-automatic": "on", "rules-automatic_text": "We are closed.",
        "rules-escalate_after_days": "3", "rules-unread_after_days": "9",
    }  # fmt: skip
    assert "Kept." in sent(ada, rules, "answering")
    held = answering_of(practice)
    assert (held.automatic, held.automatic_text) == (True, "We are closed.")
    assert (held.escalate_after_days, held.unread_after_days) == (3, 9)
    closed = {"which": "closed", "closed-day": "2999-12-25", "closed-says": "Christmas"}
    assert "December 25, 2999: Christmas" in sent(ada, closed, "answering")
    day = practice.closed_days.get()
    assert "Christmas" not in sent(ada, {}, "open_again", day.pk)
    assert practice.hours.get() == kept


@pytest.mark.parametrize("name", ["pools", "topics", "add_topic", "answering"])
@pytest.mark.parametrize("who", ["sam_staff", "dr_chen"])
def test_only_an_administrator_arranges_it(name, who, request, as_user, practice):
    held = request.getfixturevalue(who)
    client = as_user(getattr(held, "user", held))
    assert client.get(place(name)).status_code == 404
    assert client.post(place(name), {"name": "X", "which": "hours"}).status_code == 404
    assert not Pool.objects.exists()


def test_nothing_of_another_practice_is_changed(ada, other_practice):
    theirs = other_practice.reasons.first()
    pool = Pool.objects.create(practice=other_practice, name="Theirs")
    day = other_practice.closed_days.create(closed_on=date(2999, 1, 1))
    for name, args in (
        ("change_topic", [theirs.pk]), ("pool", [pool.pk]), ("close_pool", [pool.pk]),
        ("open_again", [day.pk]),
    ):  # fmt: skip
        assert ada.post(place(name, *args), {"name": "Ours"}).status_code == 404, name
    assert Pool.objects.get().is_open and other_practice.closed_days.exists()


def test_a_template_is_ones_own_or_shared_changed_and_deleted(sam, as_user, dr_chen):
    form = {"name": "Thanks", "subject": "", "body": "Thank you, {patient name}."}
    assert "The template is kept." in sent(sam, form, "add_wording")
    own = Wording.objects.get()
    chen = as_user(dr_chen.user)
    assert chen.get(place("change_wording", own.pk)).status_code == 404
    assert chen.post(place("remove_wording", own.pk)).status_code == 404
    assert "There is no field {pet}" in sent(sam, {**form, "body": "{pet}"}, "add_wording")
    sent(sam, {**form, "shared": "on"}, "change_wording", own.pk)
    assert "Thanks" in chen.get(place("wordings")).content.decode()
    assert "The template is deleted." in sent(chen, {}, "remove_wording", own.pk)
    assert not Wording.objects.exists()


def test_a_view_is_kept_opened_and_deleted_by_its_owner(sam, as_user, dr_chen):
    form = {"name": "Mine, urgent", "query": "show=open&whose=mine&priority=0"}
    page = sent(sam, form, "save_view")
    assert "The view is kept." in page
    assert 'href="?show=open&amp;whose=mine&amp;priority=0" aria-current="page"' in page
    kept = SavedView.objects.get()
    chen = as_user(dr_chen.user)
    assert "Mine, urgent" not in chen.get(place("inbox")).content.decode()
    sent(chen, {}, "delete_view", kept.pk)
    assert SavedView.objects.exists()
    assert "The view is deleted." in sent(sam, {}, "delete_view", kept.pk)
    assert not SavedView.objects.exists()


def test_the_keys_are_switched_off_and_on(sam):
    keys = "clinic/keys"
    assert keys in sam.get(place("inbox")).content.decode()
    assert "The keys are switched off." in sent(sam, {"shortcuts": "off"}, "keyboard")
    assert keys not in sam.get(place("inbox")).content.decode()
    assert "The keys are switched on." in sent(sam, {"shortcuts": "on"}, "keyboard")


def test_dr_chen_says_when_she_is_away_and_comes_back(as_user, dr_chen, dr_diaz, practice):
    today = clock.today(practice.time_zone)
    chen, diaz = (Membership.objects.get(clinician=each) for each in (dr_chen, dr_diaz))
    form = {
        "membership": str(chen.pk), "covered_by": str(diaz.pk), "starts_on": str(today),
        "ends_on": str(today + timedelta(days=7)),
    }  # fmt: skip
    client = as_user(dr_chen.user)
    assert "Patients are told on those days." in sent(client, form, "away")
    assert "somebody covers already" in sent(client, form, "away")
    other = {**form, "membership": str(diaz.pk), "covered_by": str(chen.pk)}
    assert "Select a valid choice" in sent(client, other, "away")
    coverage = practice.coverages.get()
    assert as_user(dr_diaz.user).post(place("end_away", coverage.pk)).status_code == 404
    assert "Ended." in sent(client, {}, "end_away", coverage.pk)
    coverage.refresh_from_db()
    assert coverage.withdrawn_at
