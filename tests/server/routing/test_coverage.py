"""Dr Chen is away, and Dr Diaz answers meanwhile: as covering, credited to herself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlglot import exp

from wellpost.facts.tables import TABLES
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock import time as clock
from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.errors import MessageRefusedError
from wellpost.server.messaging.models import Coverage
from wellpost.server.notices.models import Notice
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.people.roster import end_membership
from wellpost.server.quality.source import server_source

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def covered(dr_chen, dr_diaz, member, practice):
    """From today for a week."""

    def covered(starts=0, ends=7, by=dr_chen.user):
        today = clock.today(practice.time_zone)
        days = {"starts_on": today + timedelta(starts), "ends_on": today + timedelta(ends)}
        to = {"membership": member(dr_chen), "covered_by": member(dr_diaz)}
        return actions.cover(**to, **days, by=by)

    return covered


def test_the_colleague_sees_and_answers_as_covering(ask, say, covered, alice, dr_chen, dr_diaz):
    thread = ask()
    with pytest.raises(NotAllowed):
        queries.open_thread(thread.pk, dr_diaz.user)
    covered()
    assert queries.inbox(dr_diaz.user, practice=alice.practice)[0].thread_id == thread.pk
    message = say(thread, dr_diaz.user)
    assert (message.clinician, message.sender_kind) == (dr_diaz, "clinician")
    shown = queries.open_thread(thread.pk, alice.user).messages[-1]
    assert (shown.sender_name, shown.covers) == ("Dr Diaz", "Dr Chen")
    row = AuditRow.objects.filter(deed="message_sent").last()
    assert row.on_behalf_of == str(dr_chen.pk)


def test_the_author_is_credited_by_the_measures(ask, say, covered, dr_diaz):
    covered()
    say(ask(), dr_diaz.user)
    source = server_source()
    names = TABLES["messages"].names
    query = exp.select("*").from_(source.tables["messages"].copy().subquery("fact"))
    rows = [dict(zip(names, each, strict=True)) for each in source.run(query)]
    assert [each["npi"] for each in rows if each["sent_by"] == "clinician"] == [dr_diaz.npi]


def test_covering_ends_with_its_last_day_and_leaves_no_role(
    ask, say, covered, dr_diaz, dr_chen, alice
):
    thread, coverage = ask(), covered()
    say(thread, dr_diaz.user)
    assert not thread.participants.filter(membership__clinician=dr_diaz).exists()
    actions.end_coverage(coverage=coverage, by=dr_chen.user)
    with pytest.raises(NotAllowed):
        say(thread, dr_diaz.user)
    assert queries.inbox(dr_diaz.user, practice=alice.practice) == []


def test_it_does_not_hold_before_its_first_day(ask, say, covered, dr_diaz):
    thread = ask()
    covered(starts=1)
    with pytest.raises(NotAllowed):
        say(thread, dr_diaz.user)


def test_who_covers_is_told_of_what_comes(
    ask, covered, mailoutbox, django_capture_on_commit_callbacks
):
    covered()
    with django_capture_on_commit_callbacks(execute=True):
        ask()
    assert {each.to[0] for each in mailoutbox} == {"dr.chen@example.org", "dr.diaz@example.org"}


def test_who_left_covers_no_more_and_nobody_is_told_that_they_do(
    ask, say, covered, as_user, alice, dr_diaz, ada_admin, member, practice
):
    thread, today = ask(), clock.today(practice.time_zone)
    covered()
    end_membership(membership=member(dr_diaz), by=ada_admin, on=today)
    Notice.objects.all().delete()
    say(thread, alice.user, "Are you there?")
    assert [each.user.name for each in Notice.objects.all()] == ["Dr Chen"]
    page = as_user(alice.user).get(f"/portal/threads/{thread.pk}/").content.decode()
    assert "answers meanwhile" not in page


def test_each_sets_their_own_and_an_administrator_anybodys(
    covered, dr_diaz, dr_evans, ada_admin, sam_staff, deeds
):
    for by in (dr_diaz.user, dr_evans.user, sam_staff):
        with pytest.raises(NotAllowed):
            covered(by=by)
    covered(by=ada_admin)
    assert deeds()[-1] == "coverage_set"
    with pytest.raises(MessageRefusedError, match="somebody covers already"):
        covered()
    assert Coverage.objects.count() == 1


def test_nobody_of_elsewhere_covers(member, dr_chen, dr_evans, practice):
    today = clock.today(practice.time_zone)
    to = {"membership": member(dr_chen), "covered_by": member(dr_evans), "by": dr_chen.user}
    with pytest.raises(MessageRefusedError, match="at this practice today"):
        actions.cover(**to, starts_on=today, ends_on=today)
    with pytest.raises(MessageRefusedError, match="Nobody covers for themselves"):
        actions.cover(**{**to, "covered_by": member(dr_chen)}, starts_on=today, ends_on=today)


def test_the_patient_is_told_on_both_pages(ask, covered, as_user, alice):
    thread = ask()
    covered()
    for page in (f"/portal/threads/{thread.pk}/", f"/portal/patients/{alice.pk}/write/"):
        said = " ".join(as_user(alice.user).get(page, follow=True).content.decode().split())
        assert "Dr Chen is away until" in said, page
        assert "Dr Diaz answers meanwhile." in said
