"""Pages for those who work at a practice and may, there, bring visits in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, may
from wellpost.server.people.working_at import practice_at

View = Callable[..., HttpResponse]


class PracticeRequest(HttpRequest):
    """A request of somebody who works at `practice` today."""

    user: User
    practice: Practice


def for_those_who_may(*permissions: Permission) -> Callable[[View], View]:
    """A page for who has one of the permissions at the practice they work at; 404 to others."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def checked(request: PracticeRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            practice = practice_at(request)
            if practice is None or not any(may(request.user, p, practice) for p in permissions):
                raise NotAllowed("brings no visits in here.")
            request.practice = practice
            return view(request, *args, **kwargs)

        return checked

    return decorate
