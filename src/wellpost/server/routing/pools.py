"""Pools: some of the practice who share a kind of work, each between two days."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from wellpost.errors import RequestError
from wellpost.server.clock import time as clock
from wellpost.server.messaging.checks import check_members
from wellpost.server.messaging.models import Thread
from wellpost.server.people.models import Membership, Practice, User
from wellpost.server.people.permissions import Permission, require

from .models import Pool, PoolMember, Task
from .on_record import record_change

LONGEST_NAME = 80


def in_pool(membership: Any, thread: Any, today: Any) -> QuerySet[PoolMember]:
    """The rows by which a membership of a pool lets in to the threads that lie in it."""
    held = PoolMember.objects.filter(on(today), membership=membership, pool__is_open=True)
    return held if thread is None else held.filter(pool__tasks__thread=thread)


def on(day: Any) -> Q:
    """The condition that a membership of a pool holds on the day."""
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))


def members_today(pool: Pool) -> list[Membership]:
    """Who is in the pool, and works at the practice, today."""
    today = clock.today(pool.practice.time_zone)
    held = pool.members.filter(on(today)).select_related(
        "membership__clinician__user", "membership__user"
    )
    return [each.membership for each in held if each.membership.active_on(today)]


def looking_after(thread: Thread) -> list[Membership]:
    """Who looks after a conversation today: the one who took it on, else those of its pool."""
    joined = Task.objects.select_related("owner__clinician__user", "owner__user", "pool__practice")
    task = joined.filter(thread=thread).first()
    if task is None:
        return []
    owner = task.owner
    if owner and owner.active_on(clock.today(thread.practice.time_zone)):
        return [owner]
    return members_today(task.pool) if task.pool else []


def pools_of(memberships: list[Membership], today: date) -> list[Pool]:
    """The pools in which any of the memberships is today."""
    held = PoolMember.objects.filter(on(today), membership__in=memberships, pool__is_open=True)
    return list(dict.fromkeys(each.pool for each in held.select_related("pool")))


def open_pools(practice: Practice) -> QuerySet[Pool]:
    """The practice's, by name."""
    return practice.pools.filter(is_open=True).order_by("name", "pk")


@transaction.atomic
def add_pool(*, practice: Practice, by: User, name: str) -> Pool:
    """A new pool, with nobody in it; RequestError when the name is taken."""
    require(by, Permission.MANAGE_PEOPLE, practice)
    named = " ".join(name.split())[:LONGEST_NAME]
    if open_pools(practice).filter(name__iexact=named).exists():
        raise RequestError("There is a pool of this name already. Choose another name.")
    made = Pool.objects.create(practice=practice, name=named)
    record_change(by, practice, made, "pool_added")
    return made


@transaction.atomic
def close_pool(*, pool: Pool, by: User) -> None:
    """Nothing goes there any more; what lies in it goes to the whole practice."""
    require(by, Permission.MANAGE_PEOPLE, pool.practice)
    pool.is_open = False
    pool.save(update_fields=["is_open"])
    pool.reasons.update(pool=None)
    freed = Task.objects.filter(pool=pool).update(pool=None, changed_at=clock.now())
    record_change(by, pool.practice, pool, "pool_closed", threads=freed)


@transaction.atomic
def join_pool(
    *, pool: Pool, membership: Membership, by: User, starts_on: date, ends_on: date | None
) -> PoolMember:
    """Somebody who answers messages here is in the pool from one day, to another or for good."""
    require(by, Permission.MANAGE_PEOPLE, pool.practice)
    check_members([membership], pool.practice)
    if ends_on and ends_on < starts_on:
        raise RequestError(f"The last day, {ends_on}, lies before the first, {starts_on}.")
    later = Q(ends_on=None) | Q(ends_on__gte=starts_on)
    overlapping = pool.members.filter(later, membership=membership)
    if overlapping.filter(Q(starts_on__lte=ends_on) if ends_on else Q()).exists():
        raise RequestError("They are in the pool on some of these days already.")
    made = pool.members.create(membership=membership, starts_on=starts_on, ends_on=ends_on)
    record_change(by, pool.practice, pool, "member_joined", membership=str(membership.pk))
    return made


@transaction.atomic
def leave_pool(*, member: PoolMember, by: User) -> None:
    """Yesterday was the last day; who had not begun was never in it."""
    practice = member.pool.practice
    require(by, Permission.MANAGE_PEOPLE, practice)
    record_change(by, practice, member.pool, "member_left", membership=str(member.membership_id))
    member.delete()
