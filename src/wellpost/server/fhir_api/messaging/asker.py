"""Who asks, and for whom: a patient's app with its token, or somebody of the practice who is
signed in and has a second factor.

An app sees the one record it was let in to, as far as its scopes go and its user may read
messages there today. The practice's people see what they see on their pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from wellpost.server.audit.context import came_through
from wellpost.server.messaging.sight import Sight, sight_at_practice, sight_of_patient
from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.people.permissions import NotAllowed
from wellpost.server.people.queries import patient_for, works_anywhere
from wellpost.server.people.working_at import practice_at

from ..authentication import signed_in
from ..outcomes import Refused
from ..record.reader import Reader, reader_of

SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Asker:
    """`by` asks, through an app (`reader`) or at their practice (None)."""

    by: User
    practice: Practice
    reader: Reader | None = None

    @property
    def owner(self) -> UUID:
        """For whom alone a link to a next page is good."""
        return self.reader.connection.pk if self.reader else self.by.pk

    @property
    def zone(self) -> ZoneInfo:
        """The practice's, in which dates without one are read."""
        return ZoneInfo(self.practice.time_zone)

    @property
    def through(self) -> dict[str, object]:
        """What an audit row says of the way."""
        return {"app": self.reader.connection.app_id} if self.reader else {"through": "api"}

    def may(self, kind: str, deed: str) -> None:
        """403 where the app was not let to do it; people of the practice are asked elsewhere."""
        if self.reader:
            self.reader.may(kind, deed)

    def must_be_of_practice(self) -> None:
        """403 for apps: no scope gives them what is the practice's own work."""
        if self.reader:
            raise Refused(403, "forbidden", "This is the practice's own work; no scope gives it.")

    @cached_property
    def sight(self) -> Sight:
        """All that the asker may see of conversations; NotAllowed for who may see none."""
        if self.reader:
            return sight_of_patient(self.by, self.reader.patient)
        return sight_at_practice(self.by, self.practice)

    def sight_of(self, patient_id: UUID) -> Sight:
        """Of this patient; NotAllowed for another's, and for none."""
        if not self.reader:
            return sight_at_practice(self.by, self.practice, self.patient(patient_id))
        if patient_id not in self.reader.records:
            raise NotAllowed("there is no such patient here.")
        return self.sight

    def patient(self, patient_id: UUID) -> Patient:
        """A patient of the practice that `by` works at."""
        found = patient_for(self.by, patient_id)
        if found.practice_id != self.practice.pk:
            raise NotAllowed("there is no such patient here.")
        return found


def asker_of(request: HttpRequest) -> Asker:
    """Who asks; 401 for nobody, and for a patient who is signed in: their apps have tokens."""
    asker = _asker(request)
    came_through(asker.through)
    return asker


def _asker(request: HttpRequest) -> Asker:
    user = None if "Authorization" in request.headers else getattr(request, "user", None)
    if user is None or not works_anywhere(user):
        reader = reader_of(request, with_people=True)
        return Asker(reader.connection.user, reader.patient.practice, reader)
    by, practice = signed_in(request), practice_at(request)
    if practice is None:
        raise NotAllowed("works at no practice today.")
    if request.method not in SAFE:
        _require_own_page(request)
    return Asker(by, practice)


class _Check(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def _require_own_page(request: HttpRequest) -> None:
    """A session changes nothing without the token that only our own pages and its own holder know:
    the views here are open to every site, for apps."""
    check = _Check(lambda _: HttpResponse())
    check.process_request(request)
    if check.process_view(request, _as_if_guarded, (), {}) is not None:
        raise Refused(
            403, "forbidden", "Send the session's CSRF token in X-CSRFToken, from this site."
        )


def _as_if_guarded(request: HttpRequest) -> HttpResponse:
    """A view that is not exempt, as ours are."""
    return HttpResponse()
