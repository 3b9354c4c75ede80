"""Virtual groups: named by one practice, and each TIN in it only when its own practice agrees."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from wellpost.errors import RequestError
from wellpost.facts.identifiers import tin_is_valid
from wellpost.rules.mips_measures import mips_year
from wellpost.rules.model import ProgramYear
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission
from wellpost.terms import Level

from .models import VirtualGroup, VirtualGroupTin
from .viewing import viewer


def has_virtual_groups(rules: ProgramYear) -> bool:
    """Whether practices can report to the program as a virtual group: MIPS, from 2018."""
    return Level.CLINICIAN not in rules.levels and mips_year(rules.year).virtual_groups


def group_of(practice: Practice, year: int) -> VirtualGroup | None:
    """The virtual group that the practice is in; it agreed, and did not leave."""
    own = _standing(year, practice).filter(agreed_at__isnull=False).first()
    return own.group if own else None


def asked_into(by: User, practice: Practice, year: int) -> Sequence[VirtualGroupTin]:
    """Where the practice is named and has not said yes."""
    viewer(by, practice).require(None, Permission.READ_MEASURES)
    return list(_standing(year, practice).filter(agreed_at=None).order_by("group__name"))


def tins_of(by: User, practice: Practice, group: VirtualGroup) -> Sequence[tuple[str, bool, str]]:
    """Each TIN, whether its practice agreed, and then the practice's name; for those who agreed."""
    viewer(by, practice).require(None, Permission.READ_MEASURES)
    if group_of(practice, group.year) != group:
        raise NotAllowed("this virtual group is others'.")
    held = group.tins.filter(left_at=None).order_by("tin")
    names = dict(
        Practice.objects.filter(
            tin__in=held.filter(agreed_at__isnull=False).values("tin")
        ).values_list("tin", "name")
    )
    return [(each.tin, each.agreed_at is not None, names.get(each.tin, "")) for each in held]


@transaction.atomic
def name_group(
    *, by: User, practice: Practice, year: int, name: str, tins: Sequence[str]
) -> VirtualGroup:
    """Name a virtual group: the practice is in it, the other TINs when they agree."""
    viewer(by, practice).require(None, Permission.ATTEST)
    others = sorted(set(tins) - {practice.tin})
    _check(year, name, others)
    made = VirtualGroup.objects.create(
        name=name.strip(), year=year, named_at=clock.now(), named_by=by
    )
    for tin in (practice.tin, *others):
        made.tins.create(year=year, tin=tin)
    _record(by, practice, Deed.VIRTUAL_GROUP_NAMED, made, tins=len(others) + 1)
    agree(by=by, practice=practice, member=made.tins.get(tin=practice.tin))
    return made


@transaction.atomic
def agree(*, by: User, practice: Practice, member: VirtualGroupTin) -> None:
    """Say yes for one's own TIN; RequestError when it is in another virtual group that year."""
    _require_own(by, practice, member)
    if member.agreed_at is not None:
        return
    member.agreed_at, member.agreed_by = clock.now(), by
    try:
        with transaction.atomic():
            member.save(update_fields=["agreed_at", "agreed_by"])
    except IntegrityError:
        raise RequestError(
            f"tin {member.tin} is in a virtual group of {member.year} already, and can be in one "
            "only; leave that one first."
        ) from None
    _record(by, practice, Deed.VIRTUAL_GROUP_AGREED, member.group)


@transaction.atomic
def leave(*, by: User, practice: Practice, member: VirtualGroupTin) -> None:
    """Take one's own TIN out, or refuse to be in; it stays on record that it was named."""
    _require_own(by, practice, member)
    if member.left_at is None:
        member.left_at, member.left_by = clock.now(), by
        member.save(update_fields=["left_at", "left_by"])
        _record(by, practice, Deed.VIRTUAL_GROUP_LEFT, member.group)


def _check(year: int, name: str, others: Sequence[str]) -> None:
    if not name.strip():
        raise RequestError("A virtual group has a name, or the identifier that CMS gave it.")
    wrong = [tin for tin in others if not tin_is_valid(tin)]
    if wrong:
        raise RequestError(f"tin {wrong[0]} is not a TIN; a TIN is nine digits.")
    if not others:
        raise RequestError("A virtual group has two TINs or more; give at least one other.")
    if VirtualGroup.objects.filter(year=year, name=name.strip()).exists():
        raise RequestError(f"In {year} a virtual group has that name already; take another.")


def _require_own(by: User, practice: Practice, member: VirtualGroupTin) -> None:
    viewer(by, practice).require(None, Permission.ATTEST)
    if member.tin != practice.tin:
        raise NotAllowed("another practice answers for that TIN.")


def _standing(year: int, practice: Practice) -> QuerySet[VirtualGroupTin]:
    held = VirtualGroupTin.objects.filter(tin=practice.tin, year=year, left_at=None)
    return held.select_related("group")


def _record(by: User, practice: Practice, deed: Deed, group: VirtualGroup, **more: object) -> None:
    record(
        by=by,
        deed=deed,
        practice_id=practice.pk,
        target=group,
        category="measures",
        details={"virtual_group": group.name, "year": group.year, **more},
    )
