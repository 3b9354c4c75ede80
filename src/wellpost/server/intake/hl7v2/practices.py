"""Which practice a message belongs to."""

from __future__ import annotations

from collections.abc import Iterable

from wellpost.adapters.hl7v2 import MessageRefusedError, Place
from wellpost.adapters.hl7v2.refusal import Where
from wellpost.facts.identifiers import tin_is_valid
from wellpost.server.people.models import Practice

from .feed import Feed


def practice_of(places: Iterable[Place], feed: Feed) -> Practice:
    """The practice, its row locked: the messages of one practice are taken over one by one.

    MessageRefusedError when the message names one that is not here, another than the feed's, or
    none where there are several.
    """
    found = next(((tin, each) for each in places if (tin := _tin(each, feed))), None)
    if found is None:
        return _only(feed)
    tin, place = found
    if feed.tin not in (None, tin):
        says = f"tin {tin} is another practice; here is listened for tin {feed.tin}."
        raise MessageRefusedError(204, place.where, says)
    practice = _locked(tin=tin)
    if practice is None:
        says = f"tin {tin} is no practice of this server; set it up first, or correct the field."
        raise MessageRefusedError(204, place.where, says)
    return practice


def named(places: Iterable[Place], feed: Feed) -> Practice | None:
    """The practice whose people see that a message was refused, if that can be told."""
    tin = feed.tin or next((tin for each in places if (tin := _tin(each, feed))), None)
    if tin:
        return Practice.objects.filter(tin=tin).first()
    held = list(Practice.objects.all()[:2])
    return held[0] if len(held) == 1 else None


def _tin(place: Place, feed: Feed) -> str | None:
    plain = place.name.replace("-", "")
    return feed.facilities.get(place.name) or (plain if tin_is_valid(plain) else None)


def _only(feed: Feed) -> Practice:
    practice = _locked(tin=feed.tin) if feed.tin else None
    if practice is None and Practice.objects.count() == 1:
        practice = _locked()
    if practice is None:
        says = (
            "no practice is named; write its TIN there, or begin to listen with --practice TIN or "
            "--facility NAME=TIN."
        )
        raise MessageRefusedError(101, Where("PV1", 3, 4), says)
    return practice


def _locked(**which: str) -> Practice | None:
    # Not FOR UPDATE: rows that refer to the practice may be written meanwhile.
    return Practice.objects.select_for_update(no_key=True).filter(**which).first()
