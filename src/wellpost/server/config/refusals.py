"""What somebody may not see does not exist for them; that they asked is on record."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.defaults import page_not_found

from wellpost.server.people.permissions import NotAllowed
from wellpost.server.people.refused import refused


class HideWhatIsNotAllowed:
    """Middleware: NotAllowed is answered exactly as an address that does not exist."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for what is not there; any other error goes its way."""
        if not isinstance(error, NotAllowed):
            return None
        refused(request)
        return page_not_found(request, error)
