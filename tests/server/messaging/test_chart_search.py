"""A search over many charts: a job, with what it opens on record before it opens it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from wellpost.errors import RequestError
from wellpost.server.audit.models import AuditRow
from wellpost.server.clinic.searching import SHOWN
from wellpost.server.messaging import actions
from wellpost.server.messaging.models import ChartSearch, Finding, SearchState
from wellpost.server.messaging.search import charts
from wellpost.server.messaging.search.charts import (
    begin_chart_search,
    results_of,
    run,
    search_for,
    searches_of,
)
from wellpost.server.people.actions import merge_patients
from wellpost.server.people.models import Membership
from wellpost.server.people.permissions import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def at_once(settings, django_capture_on_commit_callbacks):
    """Begins a search and runs it to its end."""
    settings.CHART_SEARCHES_AT_ONCE = True

    def begun(**asked):
        with django_capture_on_commit_callbacks(execute=True):
            made = begin_chart_search(**asked)
        made.refresh_from_db()
        return made

    return begun


@pytest.fixture
def talks(alice, carol, bob, dr_chen, dr_diaz, dr_evans, fresh_key):
    """Two patients of the practice, one of another."""
    said = {}
    for patient, clinician, body in (
        (alice, dr_chen, "Stop the lisinopril today."),
        (carol, dr_diaz, "Go on with lisinopril."),
        (bob, dr_evans, "Lisinopril was recalled."),
    ):
        said[patient] = actions.start_thread(
            practice=patient.practice, patient=patient, by=clinician.user, subject="Medicine",
            body=body, client_key=fresh_key(),
        ).thread  # fmt: skip
    return said


def test_it_finds_in_every_chart_of_the_practice_and_in_no_other(
    talks, alice, carol, practice, sam_staff, at_once
):
    search = at_once(practice=practice, by=sam_staff, words="lisino")
    assert search.state == SearchState.DONE and search.done == 2
    found, more = results_of(search, sam_staff)
    assert {each.patient_name for each in found} == {"Alice Arden", "Carol Cove"} and not more
    assert {each.snippet.hit for each in found} == {"lisinopril", "lisinopril."}


def test_every_thread_opened_is_named_on_record_before(talks, alice, carol, practice, sam_staff):
    begin_chart_search(practice=practice, by=sam_staff, words="nothing")
    row = AuditRow.objects.get(deed="charts_searched")
    assert set(row.details["threads"]) == {str(talks[each].pk) for each in (alice, carol)}
    assert "nothing" not in str(row.details)


def test_each_patient_can_see_it(talks, alice, practice, sam_staff, at_once):
    at_once(practice=practice, by=sam_staff, words="nothing")
    row = AuditRow.objects.get(deed="messages_searched", patient_id=str(alice.pk))
    assert row.details == {"threads": [str(talks[alice].pk)]}


def test_each_patient_whose_messages_are_shown_can_see_it(
    talks, alice, carol, bob, dr_chen, practice, sam_staff, at_once, fresh_key, as_user
):
    actions.send_message(
        thread=talks[alice], by=dr_chen.user, body="No lisinopril.", client_key=fresh_key()
    )
    search = at_once(practice=practice, by=sam_staff, words="lisinopril")
    assert not AuditRow.objects.filter(deed="found_read").exists()
    results_of(search, sam_staff)
    rows = {each.patient_id: each for each in AuditRow.objects.filter(deed="found_read")}
    assert set(rows) == {str(alice.pk), str(carol.pk)}
    row = rows[str(alice.pk)]
    assert row.details == {"threads": [str(talks[alice].pk)], "messages": 2}
    assert (row.actor_id, row.target_id) == (str(sam_staff.pk), str(search.pk))
    assert (row.practice_id, row.category) == (str(practice.pk), "charts")
    page = as_user(alice.user).get(reverse("portal:activity", args=[alice.pk])).content.decode()
    assert "Read messages found by a search of many patients" in page and "Sam" in page
    assert "lisinopril" not in page and "Carol" not in page


def test_only_who_is_on_the_page_is_named(talks, alice, carol, practice, sam_staff, at_once):
    search = at_once(practice=practice, by=sam_staff, words="stop lisinopril")
    results_of(search, sam_staff)
    results_of(search, sam_staff, page=2)
    assert AuditRow.objects.get(deed="found_read").patient_id == str(alice.pk)


def test_a_record_merged_since_counts_for_the_one_it_became(
    talks, alice, carol, practice, sam_staff, ada_admin, at_once
):
    search = at_once(practice=practice, by=sam_staff, words="lisinopril")
    merge_patients(keep=alice, merge=carol, by=ada_admin)
    results_of(search, sam_staff)
    row = AuditRow.objects.get(deed="found_read")
    assert row.patient_id == str(alice.pk) and row.details["messages"] == 2


def test_more_patients_on_a_page_take_no_more_statements(
    talks, alice, practice, sam_staff, at_once, django_assert_num_queries
):
    one = at_once(practice=practice, by=sam_staff, words="stop lisinopril")
    two = at_once(practice=practice, by=sam_staff, words="lisinopril")
    with CaptureQueriesContext(connection) as asked:
        results_of(one, sam_staff)
    with django_assert_num_queries(len(asked)):
        results_of(two, sam_staff)


def test_a_clinician_and_days_narrow_it(talks, practice, sam_staff, dr_chen, at_once):
    asked = {"practice": practice, "by": sam_staff, "words": "lisinopril"}
    assert len(at_once(**asked, clinician=dr_chen).chosen) == 1
    with pytest.raises(RequestError, match="no conversation"):
        at_once(**asked, ends_on=date(2020, 1, 1))


def test_too_many_are_refused(talks, practice, sam_staff, monkeypatch):
    monkeypatch.setattr(charts, "MOST_THREADS", 1)
    with pytest.raises(RequestError, match="would open 2 conversations; at most 1"):
        begin_chart_search(practice=practice, by=sam_staff, words="lisinopril")
    assert not AuditRow.objects.filter(deed="charts_searched").exists()


@pytest.mark.parametrize("who", ["dr_chen", "ada_admin", "rita_reporter", "dr_evans", "alice"])
def test_only_staff_with_that_right_may(request, talks, practice, who):
    by = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        begin_chart_search(practice=practice, by=getattr(by, "user", by), words="lisinopril")


def test_nobody_sees_anothers_search(talks, practice, sam_staff, dr_chen, at_once):
    search = at_once(practice=practice, by=sam_staff, words="lisinopril")
    with pytest.raises(NotAllowed):
        search_for(dr_chen.user, search.pk)


def test_the_words_are_sealed(talks, practice, sam_staff, at_once):
    search = at_once(practice=practice, by=sam_staff, words="lisinopril")
    assert b"lisinopril" not in bytes(search.words_sealed)


def test_one_that_stopped_is_taken_up_again(talks, practice, sam_staff, monkeypatch, settings):
    monkeypatch.setattr(charts, "TOGETHER", 1)
    search = begin_chart_search(practice=practice, by=sam_staff, words="lisinopril")
    scan, steps = charts._scan_some, []

    def pulled(*args):
        steps.append(1)
        if len(steps) == 2:
            raise KeyboardInterrupt
        return scan(*args)

    monkeypatch.setattr(charts, "_scan_some", pulled)
    with pytest.raises(KeyboardInterrupt):
        run(search.pk)
    assert Finding.objects.count() == 1
    run(search.pk)  # somebody may still be at it
    assert Finding.objects.count() == 1
    ChartSearch.objects.update(alive_at=timezone.now() - timedelta(minutes=3))
    settings.CHART_SEARCHES_AT_ONCE = True
    assert search_for(sam_staff, search.pk).state == SearchState.DONE
    assert Finding.objects.count() == 2


def test_who_may_no_more_gets_nothing_more(talks, practice, sam_staff):
    search = begin_chart_search(practice=practice, by=sam_staff, words="lisinopril")
    Membership.objects.filter(user=sam_staff).update(ends_on=date(2020, 6, 1))
    run(search.pk)
    search.refresh_from_db()
    assert (search.state, search.done) == (SearchState.DONE, 0)
    assert not Finding.objects.exists()


def test_the_pages(talks, practice, sam_staff, as_user, settings):
    browser = as_user(sam_staff)
    form = {"words": "lisinopril", "starts_on": "2020-01-01", "ends_on": "2999-01-01"}
    answer = browser.post(reverse("clinic:chart_searches"), form)
    search = searches_of(sam_staff, practice).get()
    assert answer.url == reverse("clinic:chart_search", args=[search.pk])
    run(search.pk)
    page = browser.get(answer.url).content.decode()
    assert "<mark>lisinopril</mark>" in page and "Carol Cove" in page
    assert "lisinopril" in browser.get(reverse("clinic:chart_searches")).content.decode()


def test_earlier_searches_are_on_further_pages(talks, practice, sam_staff, as_user, settings):
    settings.CHART_SEARCHES_AT_ONCE = True
    for number in range(SHOWN + 1):
        begin_chart_search(practice=practice, by=sam_staff, words=f"word{number}")
    client, place = as_user(sam_staff), reverse("clinic:chart_searches")
    pages = [client.get(place, {"page": each}).content.decode() for each in (1, 2)]
    assert [each.count("wp-row__title") for each in pages] == [SHOWN, 1]
    assert "word0" in pages[1]
