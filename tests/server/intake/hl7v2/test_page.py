"""What was refused stands on the page of visits, for who brings visits in at that practice."""

from __future__ import annotations

from datetime import timedelta

from tests.made_messages import adt
from tests.server.intake.hl7v2.conftest import sent
from tests.server.intake.world import NOW, World, signed_in
from wellpost.facts.identifiers import make_npi, make_tin
from wellpost.server.clock import time as clock
from wellpost.server.intake.hl7v2.feed import Feed
from wellpost.server.people.models import User

WRONG = adt("A04", number="<b>77", clinician=f"{make_npi('evans')}^E")


def page(by: User) -> str:
    answer = signed_in(by).get("/clinic/intake/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_nothing_is_said_where_nobody_listens(world: World) -> None:
    assert "registration system" not in page(world.sam)


def test_the_practice_sees_what_was_refused_and_why_until_it_is_put_right(world: World) -> None:
    sent(WRONG, Feed(tin=make_tin("north")))
    said = page(world.sam)
    assert "&lt;b&gt;77" in said
    assert "is no clinician of this practice on 2021-08-30; add them there first." in said
    assert "No message has been taken over yet." in said
    assert "Cole" not in said
    assert "<b>77" not in page(world.evans.user)
    assert "registration system" not in page(world.evans.user)
    world.evans.memberships.update(practice=world.north)
    assert sent(WRONG) == "AA"
    said = page(world.sam)
    assert "&lt;b&gt;77" not in said
    assert "The last message was taken over on August 31, 2021" in said
    assert "None waits to be corrected." in said


def test_what_cannot_be_read_is_shown_to_the_only_practice_it_can_be_for(world: World) -> None:
    assert sent(b"rubbish", Feed(tin=make_tin("north"))).startswith("AR MSH: a message begins")
    assert "without a number" in page(world.sam)


def test_rubbish_fills_no_table(world: World) -> None:
    for _ in range(3):
        sent(b"rubbish", Feed(tin=make_tin("north")))
    assert page(world.sam).count("without a number") == 1
    assert "(3 times)" in page(world.sam)


def test_what_was_refused_long_ago_is_shown_no_longer(world: World) -> None:
    sent(WRONG, Feed(tin=make_tin("north")))
    with clock.held_at(NOW + timedelta(days=31)):
        assert "&lt;b&gt;77" not in page(world.sam)
