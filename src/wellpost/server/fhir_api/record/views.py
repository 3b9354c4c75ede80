"""What each address of the record answers."""

from __future__ import annotations

from django.http import HttpRequest

from ..answering import Given, answers
from ..outcomes import not_here
from .everything import everything
from .on_record import note
from .reader import reader_of
from .reading import given, read
from .searching import search
from .splicing import bundle
from .writing import create


@answers("GET")
def one(request: HttpRequest, resource_kind: str, resource_id: str) -> Given:
    """A resource of the record."""
    reader = reader_of(request)
    row = read(resource_kind, resource_id, reader)
    note(reader, resource_kind, 1)
    return given(row, request)


@answers("GET", "POST")
def several(request: HttpRequest, resource_kind: str) -> Given:
    """A search by an address; or, by POST, a new resource."""
    if request.method == "POST":
        return create(request, resource_kind, reader_of(request))
    return _found(request, resource_kind)


@answers("GET", "POST")
def by_form(request: HttpRequest, resource_kind: str) -> Given:
    """A search by a form, whose values stand in no log of addresses."""
    return _found(request, resource_kind)


@answers("GET")
def all_of(request: HttpRequest, patient_id: str = "") -> Given:
    """Everything of the patient's record."""
    reader = reader_of(request)
    if patient_id and patient_id not in map(str, reader.records):
        raise not_here()
    answer = everything(request, reader)
    note(reader, "$everything", len(answer.found))
    return Given(bundle(answer))


def _found(request: HttpRequest, kind: str) -> Given:
    reader = reader_of(request)
    answer = search(request, kind, reader)
    note(reader, kind, len(answer.found) + len(answer.beside))
    return Given(bundle(answer))
