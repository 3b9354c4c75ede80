"""At which of their practices somebody works just now: chosen by them, kept in the session."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from .models import Practice, User
from .permissions import NotAllowed
from .queries import practice_of, practices_of, works_anywhere

CHOSEN = "works_at"
OF_ONE_PRACTICE = "clinic."
"""How the session's keys begin that pages of one practice keep: a search, a worklist."""


def practice_at(request: HttpRequest) -> Practice | None:
    """The practice chosen, where it is still one of the user's, else the first joined."""
    if not isinstance(request.user, User):
        return None
    return practice_of(request.user, request.session.get(CHOSEN, ""))


def works(request: HttpRequest) -> bool:
    """Whether the user works anywhere today, asked once in a request."""
    known: tuple[object, bool] | None = getattr(request, "_works", None)
    if known is None or known[0] != request.user.pk:
        known = request.user.pk, works_anywhere(request.user)
        request._works = known  # type: ignore[attr-defined]  # kept with the request, by user
    return known[1]


def choose_practice(request: HttpRequest, practice_id: UUID) -> Practice:
    """Work there from now on, in this session; NotAllowed where the user does not work today."""
    held = practices_of(request.user) if isinstance(request.user, User) else []
    for practice in held:
        if practice.pk == practice_id:
            _forget_the_other(request)
            request.session[CHOSEN] = str(practice_id)
            return practice
    raise NotAllowed("works at no such practice today.")


def _forget_the_other(request: HttpRequest) -> None:
    for key in [each for each in list(request.session.keys()) if each.startswith(OF_ONE_PRACTICE)]:
        del request.session[key]
