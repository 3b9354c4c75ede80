"""Where somebody sits: the practice they work at and what they are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from wellpost.server.people.models import Clinician, Membership, Practice, Role, User
from wellpost.server.people.permissions import NotAllowed, Permission, may, require
from wellpost.server.people.queries import memberships_of
from wellpost.server.people.working_at import practice_at
from wellpost.server.ui.forms import PlainForm

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Desk:
    """A user at a practice, with the memberships there that hold today."""

    user: User
    practice: Practice
    memberships: tuple[Membership, ...]

    @property
    def clinician(self) -> Clinician | None:
        """The clinician this user is here, if one."""
        return next((each.clinician for each in self.memberships if each.clinician), None)

    @property
    def membership(self) -> Membership:
        """By which this user takes part in threads: the clinician's before others."""
        at_first = {Role.CLINICIAN.value: 0, Role.STAFF.value: 1}
        return min(self.memberships, key=lambda each: at_first.get(each.role, 2))

    def may(self, permission: Permission) -> bool:
        """Whether this user may, at this practice."""
        return may(self.user, permission, self.practice)


class ClinicRequest(HttpRequest):
    """A request of somebody who works at a practice today. `typed`: forms to be shown as they were
    filled in, by their names on the page.
    """

    user: User
    desk: Desk
    typed: Mapping[str, PlainForm]


def at_desk(permission: Permission | None = None) -> Callable[[View], View]:
    """A page for those who work at a practice and, there, have the permission; 404 to others."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def seated(request: ClinicRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.desk = desk_of(request)
            if permission:
                require(request.user, permission, request.desk.practice)
            return view(request, *args, **kwargs)

        return seated

    return decorate


def desk_of(request: ClinicRequest) -> Desk:
    """The user's desk at the practice they chose; NotAllowed for who works nowhere today."""
    practice = practice_at(request)
    if practice is None:
        raise NotAllowed("works at no practice today.")
    held = memberships_of(request.user)
    here = tuple(each for each in held if each.practice_id == practice.pk)
    return Desk(request.user, practice, here)
