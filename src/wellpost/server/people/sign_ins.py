"""Where somebody is signed in, and ending it: the very next request there is refused."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from wellpost.errors import RequestError
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed

from .bound import unbind
from .models import Membership, SignIn, User
from .permissions import Permission, require
from .queries import place_of
from .signals import sign_ins_ended

_USED = Coalesce("last_used_at", "began_at")
MOST = 10
"""Sign-ins that one person has at a time."""


class Row(NamedTuple):
    """One sign-in as its owner sees it. `reference` names it on a page; the session's own key,
    which opens it, never leaves the cookie.
    """

    reference: str
    device: str
    began_at: datetime | None
    last_used_at: datetime | None
    here: bool


def sign_ins_of(user: User, here: str) -> list[Row]:
    """The user's sign-ins that hold, this one (of the session's key `here`) first, then the one
    used last.
    """
    rows = [
        Row(_reference(each), each.device, each.began_at, each.last_used_at, _is(each, here))
        for each in _held(user).order_by("-last_used_at")
    ]
    return sorted(rows, key=lambda each: not each.here)


@transaction.atomic
def end_sign_in(*, by: User, reference: str) -> None:
    """End one of one's own. RequestError for what is none of theirs, or has ended already."""
    found = [each for each in _held(by) if constant_time_compare(_reference(each), reference)]
    if not found:
        raise RequestError("That sign-in has ended already.")
    _end(SignIn.objects.filter(pk=found[0].pk), by, by)
    sign_ins_ended.send(sender=SignIn, user=by, ended=[found[0].began_at], kept=None)


@transaction.atomic
def end_other_sign_ins(*, by: User, here: str) -> int:
    """End all of one's own but this one; gives how many that were."""
    return _end_all_but(here, by, by)


@transaction.atomic
def end_oldest(user: User) -> int:
    """Make room for one more: of the user's sign-ins those used longest ago end (ASVS 7.1.2)."""
    beyond = list(_held(user).order_by(_USED.desc())[MOST - 1 :])
    if not beyond:
        return 0
    count = _end(SignIn.objects.filter(pk__in=[each.pk for each in beyond]), user, user)
    began = [each.began_at for each in beyond]
    sign_ins_ended.send(sender=SignIn, user=user, ended=began, kept=None)
    return count


@transaction.atomic
def end_sign_ins_of_member(*, membership: Membership, by: User | None) -> int:
    """End every sign-in of somebody who works at the practice: a lost laptop, a last day. The
    practice's own sign-in has to find them anew by their address.
    """
    require(by, Permission.MANAGE_PEOPLE, membership)
    user = membership.account
    if user is None:
        raise RequestError("There is no account yet, so nobody is signed in with it.")
    unbind(user)
    return _end_all_but("", user, by, membership)


@transaction.atomic
def end_sign_ins_from_there(*, subject: str, session: str) -> int:
    """End what began at the practice's own sign-in, by whom and by which session (digests) that
    is there; gives how many there were. Of a subject's with a session, also those that do not know
    theirs; without one, all. Sign-ins by our own password or passkey go on.
    """
    if not subject and not session:
        return 0
    found = SignIn.objects.filter(**({"subject_there": subject} if subject else {}))
    if session:
        found = found.filter(session_there__in=[session, ""] if subject else [session])
    count = sum(_end_from_there(found, each) for each in _users_of(found))
    found.filter(user=None).delete()  # on the way to our second factor
    return count


def _users_of(some: QuerySet[SignIn]) -> list[User]:
    return list(User.objects.filter(pk__in=some.exclude(user=None).values("user")))


def _end_from_there(found: QuerySet[SignIn], user: User) -> int:
    mine = found.filter(user=user)
    began = list(mine.values_list("began_at", flat=True))
    count = _end(mine, user, None, way="single_sign_on")
    sign_ins_ended.send(sender=SignIn, user=user, ended=began, kept=None)
    return count


@transaction.atomic
def end_all(user: User, *, here: str = "") -> None:
    """Leave no sign-in but this one: what they were opened with, a password, holds no more."""
    _end_all_but(here, user, user)


def _end_all_but(
    here: str, user: User, by: User | None, membership: Membership | None = None
) -> int:
    kept = _held(user).filter(session_key=here).values_list("began_at", flat=True).first()
    count = _end(_held(user).exclude(session_key=here), user, by, membership)
    sign_ins_ended.send(sender=SignIn, user=user, ended=None, kept=kept)
    return count


def _end(
    some: QuerySet[SignIn],
    user: User,
    by: User | None,
    membership: Membership | None = None,
    **details: str,
) -> int:
    count, _ = some.delete()
    if count:
        practice_id, patient_id = (membership.practice_id, None) if membership else place_of(user)
        record(
            by=by,
            deed=Deed.SIGN_INS_ENDED,
            target=user,
            practice_id=practice_id,
            patient_id=patient_id,
            details={"count": count, **details},
        )
    return count


def _held(user: User) -> QuerySet[SignIn]:
    return SignIn.objects.filter(user=user, expire_date__gt=timezone.now())


def _is(sign_in: SignIn, here: str) -> bool:
    return constant_time_compare(sign_in.session_key, here)


def _reference(sign_in: SignIn) -> str:
    return salted_hmac("wellpost.people.sign_ins", sign_in.session_key).hexdigest()[:32]
