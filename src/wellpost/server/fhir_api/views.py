"""What each address of the API answers."""

from __future__ import annotations

from django.http import HttpRequest

from wellpost.adapters.fhir.measure_words import Resource
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import NotAllowed, Permission, require
from wellpost.server.people.working_at import practice_at

from . import library
from .answering import answers
from .asking import Evaluation, evaluation
from .authentication import signed_in
from .bundles import found_measures
from .capability import SEARCHED, capability_statement
from .evaluating import evaluate as evaluated
from .outcomes import not_here, wrong


@answers("GET")
def metadata(request: HttpRequest) -> Resource:
    """What the API can do; open to everybody, as FHIR asks."""
    return capability_statement()


@answers("GET")
def search_measures(request: HttpRequest) -> Resource:
    """Every Measure, or those asked for."""
    signed_in(request)
    wanted = {name: request.GET.getlist(name) for name in SEARCHED if name in request.GET}
    return found_measures(wanted)


@answers("GET")
def read_measure(request: HttpRequest, measure_id: str) -> Resource:
    """One Measure."""
    signed_in(request)
    return _known(measure_id)[0]


@answers("GET", "POST")
def evaluate(request: HttpRequest, measure_id: str) -> Resource:
    """The report of the Measure of the address."""
    by, practice = _at_work(request)
    named = _known(measure_id)[1]
    wanted = evaluation(request)
    if wanted.measure is not None:
        raise wrong("measure: the address names one already; leave it out.")
    return evaluated(by, practice, named, wanted)


@answers("GET", "POST")
def evaluate_any(request: HttpRequest) -> Resource:
    """The report of the Measure that the parameters name."""
    by, practice = _at_work(request)
    wanted = evaluation(request)
    return evaluated(by, practice, _named(wanted), wanted)


@answers("GET", "POST", "PUT", "PATCH", "DELETE")
def nothing_here(request: HttpRequest) -> Resource:
    """Whatever the API does not have."""
    raise not_here()


def _known(measure_id: str) -> tuple[Resource, library.Named]:
    found = library.by_id(measure_id)
    if found is None:
        raise not_here()
    return found


def _named(wanted: Evaluation) -> library.Named:
    if wanted.measure is None:
        raise wrong(f"measure is missing; {library.base()}/Measure lists all.", "required")
    return library.by_canonical(wanted.measure)


def _at_work(request: HttpRequest) -> tuple[User, Practice]:
    """Who asks and where they work; the same answer to all who do not, whatever they ask."""
    by = signed_in(request)
    practice = practice_at(request)
    if practice is None:
        raise NotAllowed("works at no practice today.")
    require(by, Permission.READ_MEASURES, practice)
    return by, practice
