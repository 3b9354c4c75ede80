"""A made-up health record: one patient's US Core resources over years, the same for one seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from .record_standing import plans, problems, standing
from .record_story import Resource, Story
from .record_visits import Visit, visit

UNTIL = date(2021, 9, 1)

__all__ = ["UNTIL", "Visit", "make_record"]


def make_record(
    seed: str,
    years: int,
    *,
    until: date = UNTIL,
    patient: str = "",
    practitioner: dict[str, str] | None = None,
    visits: Sequence[Visit] = (),
) -> Iterator[Resource]:
    """Resources of one patient, the oldest first; about sixty a year.

    `patient` is the reference that all of them bear (made of the seed if not given),
    `practitioner` a Reference to who wrote them. `visits` are visits that happened, whose
    Encounters exist; two to four a year are made up before the first of them. Ids are UUIDs.
    """
    chance = Random(f"wellpost {seed}")
    who = practitioner or {"display": "Dr. Made Up"}
    story = Story(seed, patient or f"Patient/{uuid5(NAMESPACE_URL, seed)}", who, chance)
    first = date(until.year - years, until.month, 1)
    every = sorted([*_visits(story, first, until, visits), *visits], key=lambda each: each.on)
    yield from standing(story, first)
    yield from problems(story, first, until)
    for number, each in enumerate(every):
        yield from visit(story, each, first, number)
    yield from plans(story, until)


def _visits(story: Story, first: date, until: date, real: Sequence[Visit]) -> Iterator[Visit]:
    """Every three to six months, until the first visit that happened."""
    last = min([until, *(each.on for each in real)])
    day = first + timedelta(days=story.chance.randrange(20, 60))
    while day < last:
        yield Visit(day)
        day += timedelta(days=story.chance.randrange(90, 180))
