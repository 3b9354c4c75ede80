"""What each address of messages and their people answers."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from wellpost.adapters.fhir.measure_words import Resource

from ..answering import Given, answers
from ..outcomes import Refused, not_here
from ..record import views as record
from . import binaries, choices, communications, creating, events, people, tasks, working
from .asker import asker_of
from .changing import take_back
from .versions import given


@answers("GET", "POST")
def several_communications(request: HttpRequest) -> Resource | Given:
    """A search by an address; or, by POST, a message to be sent."""
    asker = asker_of(request)
    if request.method == "POST":
        return creating.create(request, asker)
    return communications.search(request, asker)


@answers("GET", "POST")
def communications_by_form(request: HttpRequest) -> Resource:
    """A search by a form, whose values stand in no log of addresses."""
    return communications.search(request, asker_of(request))


@answers("GET", "PUT")
def one_communication(request: HttpRequest, message_id: str) -> Given:
    """A message or a thread; by PUT a message is taken back."""
    asker = asker_of(request)
    if request.method == "PUT":
        return take_back(request, asker, message_id)
    return given(communications.read(asker, message_id), request)


@answers("GET")
def message_options(request: HttpRequest) -> Resource:
    """To whom, and about what, one can write."""
    return choices.choices(request, asker_of(request))


@answers("GET")
def several_tasks(request: HttpRequest) -> Resource:
    """A search of the work on conversations."""
    return tasks.search(request, asker_of(request))


@answers("GET", "POST")
def tasks_by_form(request: HttpRequest) -> Resource:
    """The same by a form."""
    return tasks.search(request, asker_of(request))


@answers("GET", "PUT")
def one_task(request: HttpRequest, thread_id: str) -> Given:
    """A task; by PUT it is claimed, given back, passed on or settled."""
    asker = asker_of(request)
    if request.method == "PUT":
        return working.change(request, asker, thread_id)
    return given(tasks.read(asker, thread_id), request)


@answers("GET")
def several_events(request: HttpRequest) -> Resource:
    """A search of who did what."""
    return events.search(request, asker_of(request))


@answers("GET", "POST")
def events_by_form(request: HttpRequest) -> Resource:
    """The same by a form."""
    return events.search(request, asker_of(request))


@answers("GET")
def one_event(request: HttpRequest, event_id: str) -> Given:
    """One event."""
    return given(events.read(asker_of(request), event_id), request)


@answers("GET", any_form=True)
def binary(request: HttpRequest, attachment_id: str) -> HttpResponseBase:
    """A file of a message; for apps, else one of the record's documents."""
    asker = asker_of(request)
    found = binaries.stream(request, asker, attachment_id) if binaries.may_open(asker) else None
    if found is None and asker.reader is None:
        raise not_here()
    return found or record.one(request, resource_kind="Binary", resource_id=attachment_id)


def several_people(request: HttpRequest, person_kind: str) -> HttpResponseBase:
    """Apps search in the record's API; the practice's people among theirs."""
    if _brings_token(request):
        return record.several(request, resource_kind=person_kind)
    return _several_people(request, person_kind)


def people_by_form(request: HttpRequest, person_kind: str) -> HttpResponseBase:
    """The same by a form."""
    if _brings_token(request):
        return record.by_form(request, resource_kind=person_kind)
    return _people_by_form(request, person_kind)


def one_person(request: HttpRequest, person_kind: str, person_id: str) -> HttpResponseBase:
    """The same of one."""
    if _brings_token(request):
        return record.one(request, resource_kind=person_kind, resource_id=person_id)
    return _one_person(request, person_kind, person_id)


@answers("GET", "POST")
def _several_people(request: HttpRequest, person_kind: str) -> Resource:
    asker = asker_of(request)
    if request.method == "POST":
        sentence = f"A {person_kind} can only be read here."
        raise Refused(405, "not-supported", sentence, {"Allow": "GET, HEAD"})
    return people.search(request, asker, person_kind)


@answers("GET", "POST")
def _people_by_form(request: HttpRequest, person_kind: str) -> Resource:
    return people.search(request, asker_of(request), person_kind)


@answers("GET")
def _one_person(request: HttpRequest, person_kind: str, person_id: str) -> Given:
    return given(people.read(asker_of(request), person_kind, person_id), request)


def _brings_token(request: HttpRequest) -> bool:
    return "Authorization" in request.headers
