"""The inbox by its places and filters: in few statements, however long it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import QueryDict

from wellpost.errors import RequestError
from wellpost.server.clock.time import held_at
from wellpost.server.messaging.states import lock_thread, resolve_thread
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.routing import tasks
from wellpost.server.routing.filters import Filters, Place
from wellpost.server.routing.listing import PAGE_SIZE, page_of, waiting_count
from wellpost.server.routing.models import SavedView
from wellpost.server.routing.views import save_view, set_shortcuts, shortcuts_on, views_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

BEGIN = datetime(2021, 6, 1, tzinfo=UTC)


@pytest.fixture
def look(practice, member):
    def look(who, **asked):
        by = (getattr(who, "npi", None) and who.user) or who
        filters = Filters.parse({name: str(value) for name, value in asked.items()})
        return page_of(by, practice, [member(who)], filters)

    return look


def subjects(page):
    return [each.row.subject for each in page.rows]


def test_pages_follow_one_another_and_lead_back(ask, look, sam_staff):
    for number in range(PAGE_SIZE + 3):
        with held_at(BEGIN + timedelta(minutes=number // 2)):
            ask(f"Number {number}")
    first = look(sam_staff)
    second = look(sam_staff, after=first.older)
    assert len(first.rows) == PAGE_SIZE
    assert len(set(subjects(first) + subjects(second))) == PAGE_SIZE + 3
    assert (first.newer, second.older) == (None, None)
    assert subjects(look(sam_staff, before=second.newer)) == subjects(first)


def test_filters_narrow_the_list(ask, say, look, sam_staff, dr_chen, practice, carol, alice):
    mine, answered, due = ask("Mine"), ask("Answered"), ask("Due")
    tasks.claim(thread=mine, by=sam_staff)
    say(answered, dr_chen.user)
    refill = practice.reasons.get(kind="refill")
    tasks.arrange(
        thread=due, by=sam_staff, priority=0, follow_up_on=date(2020, 1, 1), reason=refill
    )
    assert subjects(look(sam_staff, whose="mine")) == ["Mine"]
    assert set(subjects(look(sam_staff, whose="nobody"))) == {"Answered", "Due"}
    assert set(subjects(look(sam_staff, waiting="practice"))) == {"Mine", "Due"}
    assert subjects(look(sam_staff, waiting="patient")) == ["Answered"]
    assert subjects(look(sam_staff, due=1)) == ["Due"]
    assert subjects(look(sam_staff, reason=refill.pk)) == ["Due"]
    assert subjects(look(sam_staff, priority=0)) == ["Due"]
    assert subjects(look(sam_staff, patient=carol.pk)) == []
    assert len(subjects(look(sam_staff, patient=alice.pk))) == 3
    assert subjects(look(sam_staff, whose="pools")) == []


def test_a_day_to_come_back_outlives_the_settling_and_not_the_closing(ask, look, sam_staff):
    settled, closed = ask("Settled"), ask("Closed")
    for thread in (settled, closed):
        on = date(2020, 1, 1)
        tasks.arrange(thread=thread, by=sam_staff, priority=2, follow_up_on=on, reason=None)
    resolve_thread(thread=settled, by=sam_staff)
    lock_thread(thread=closed, by=sam_staff)
    assert subjects(look(sam_staff, due=1)) == ["Settled"]
    assert subjects(look(sam_staff)) == []


def test_what_a_clinician_answered_is_unread_for_the_pool_no_more(
    ask, say, look, sam_staff, dr_chen, practice
):
    thread = ask()
    assert subjects(look(sam_staff, show="unread")) == ["My knee"]
    assert waiting_count(sam_staff, practice) == 1
    say(thread, dr_chen.user)
    assert subjects(look(sam_staff, show="unread")) == []
    assert waiting_count(sam_staff, practice) == 0


def test_what_is_addressed_to_dr_chen_waits_for_her_although_staff_answered(
    ask, say, look, sam_staff, dr_chen, practice
):
    thread = ask()
    say(thread, sam_staff)
    assert subjects(look(dr_chen, show="unread")) == ["My knee"]
    assert waiting_count(dr_chen.user, practice) == 1


def test_outsiders_and_who_takes_no_part_see_nothing(
    ask, look, dr_diaz, dr_evans, ada_admin, alice, practice
):
    ask()
    assert subjects(look(dr_diaz)) == []
    assert waiting_count(dr_diaz.user, practice) == 0
    for by in (dr_evans.user, ada_admin, alice.user):
        with pytest.raises(NotAllowed):
            page_of(by, practice, [], Filters())


@pytest.mark.parametrize("threads", [1, 8])
def test_a_page_costs_at_most_eight_statements(
    ask, look, sam_staff, dr_chen, threads, django_assert_max_num_queries
):
    for number in range(threads):
        ask(f"Number {number}")
    for who in (sam_staff, dr_chen):
        look(who)
        with django_assert_max_num_queries(9):  # the test itself looks up the membership
            assert len(look(who).rows) == threads


@pytest.mark.parametrize(
    "asked",
    [
        "after=x", "after=1.2",
        "after=99999999999999999999999.00000000-0000-4000-8000-000000000000",
        "after=-1.00000000-0000-4000-8000-000000000000", "reason='", "priority=9", "priority=²",
        "whose=x&waiting=x&show=x", "patient=%00",
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_left_out(asked):
    assert Filters.parse(QueryDict(asked)) == Filters()


def test_an_address_is_read_as_it_was_written():
    place = Place(datetime(2021, 6, 1, 12, 0, 0, 7, tzinfo=UTC), SavedView().pk)
    assert Place.parse(str(place)) == place
    asked = Filters.parse(QueryDict(f"whose=mine&due=1&priority=0&reason={SavedView().pk}"))
    assert Filters.parse(QueryDict(asked.query)) == asked
    assert asked.narrowed


def test_views_and_keys_are_ones_own(practice, sam_staff, dr_chen):
    for priority in (0, 1):
        save_view(
            by=sam_staff, practice=practice, name=" Today ", filters=Filters(priority=priority)
        )
    assert [(each.name, each.query) for each in views_of(sam_staff, practice)] == [
        ("Today", "show=open&priority=1")
    ]
    assert not views_of(dr_chen.user, practice)
    with pytest.raises(RequestError):
        save_view(by=sam_staff, practice=practice, name=" ", filters=Filters())
    set_shortcuts(by=sam_staff, on=False)
    assert not shortcuts_on(sam_staff)
    assert shortcuts_on(dr_chen.user)
