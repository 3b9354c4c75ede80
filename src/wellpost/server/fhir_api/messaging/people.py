"""Patients, who acts for them, and the practice's people, as the practice's own programs read them.

Apps read those of their record in the record's API, with those that messages name among them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest

from wellpost.adapters.fhir.measure_words import Resource
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock
from wellpost.server.people.models import Membership, Patient, Representative
from wellpost.server.people.permissions import Permission, require
from wellpost.server.people.phases import representatives_ever
from wellpost.server.people.queries import patients_of
from wellpost.server.records.indexing import folded
from wellpost.server.records.spans import BEGINNING

from ..outcomes import not_here, wrong
from ..record import own
from ..record.statements import Order
from .asker import Asker
from .asking import Asked, Searched, asked, key, keys, links
from .paging import searchset
from .references import Directory
from .versions import Json, versioned

IN_ORDER = {"_id": Order("id", falling=False)}
"""The only order: people have no moment by which one could go on after a page."""
SEARCHED = {
    "Patient": Searched(
        "Patient", {"_id": (), "identifier": (), "name": (), "birthdate": ()}, IN_ORDER, "_id"
    ),
    "RelatedPerson": Searched(
        "RelatedPerson", {"_id": (), "patient": ("Patient",), "active": ()}, IN_ORDER, "_id"
    ),
    "Practitioner": Searched(
        "Practitioner", {"_id": (), "identifier": (), "name": ()}, IN_ORDER, "_id"
    ),
}


def read(asker: Asker, kind: str, resource_id: str) -> Json:
    """One of them; 404 for every other and for none."""
    identifier = key(resource_id)
    if identifier is None:
        raise not_here()
    return _READ[kind](asker, identifier)


def search(request: HttpRequest, asker: Asker, kind: str) -> Resource:
    """One page of them."""
    wanted = asked(request, SEARCHED[kind], asker.owner)
    return _SEARCH[kind](asker, wanted)


def _patient(asker: Asker, identifier: UUID) -> Json:
    patient = asker.patient(identifier)
    _noted(asker, patient)
    return _of_patient(patient)


def _patients(asker: Asker, wanted: Asked) -> Resource:
    """By an id, an identifier, how a name begins, or the day of birth; one of these is needed."""
    if not wanted.criteria:
        raise wrong("Say whom: by _id, identifier, name or birthdate.", "required")
    require(asker.by, Permission.READ_PATIENT, asker.practice)
    found = patients_of(asker.by, asker.practice).filter(_after(wanted))
    for each in wanted.criteria:
        found = found.filter(_PATIENT_BY[each.name](each.values))
    joined = found.select_related("practice").prefetch_related("identifiers")
    rows = list(joined.order_by("pk").distinct()[: wanted.most + 1])
    shown = rows[: wanted.most]
    record(by=asker.by, deed=Deed.PATIENTS_LISTED, practice_id=asker.practice.pk,
           details={"shown": len(shown)})  # fmt: skip
    made = [_of_patient(each) for each in shown]
    return _page(made, wanted, asker, more=len(rows) > len(shown))


def _of_patient(patient: Patient) -> Json:
    made = own.patient_resource(patient) | {"id": str(patient.pk)}
    return versioned(made, patient.created_at)


def _related_person(asker: Asker, identifier: UUID) -> Json:
    found = Representative.objects.select_related("patient__practice").filter(pk=identifier).first()
    if found is None:
        raise not_here()
    patient = asker.patient(found.patient_id)
    _noted(asker, patient)
    return _of_representative(found, asker)


def _related_people(asker: Asker, wanted: Asked) -> Resource:
    """Of one patient: who acts, acted or will act for them."""
    named = [pair for each in wanted.of("patient") for pair in links(each.values, "Patient")]
    if len(named) != 1:
        raise wrong("Say for whom: patient= and one patient.", "required")
    patient = asker.patient(named[0][1])
    _noted(asker, patient)
    made = [_of_representative(each.who, asker) for each in representatives_ever(patient)]
    for each in wanted.of("active"):
        made = [one for one in made if str(one["active"]).lower() in each.values]
    return _listed(_with_ids(made, wanted), wanted, asker)


def _of_representative(representative: Representative, asker: Asker) -> Json:
    today = clock.today(asker.practice.time_zone)
    made = own.representative_resource(representative, today) | {"id": str(representative.pk)}
    return versioned(made, representative.patient.created_at)


def _practitioner(asker: Asker, identifier: UUID) -> Json:
    directory = Directory(asker.practice)
    held = directory.members.get(identifier)
    if not held:
        raise not_here()
    return of_member(directory, held[0])


def _practitioners(asker: Asker, wanted: Asked) -> Resource:
    directory = Directory(asker.practice)
    made = [of_member(directory, held[0]) for held in directory.members.values()]
    for each in wanted.of("identifier"):
        numbers = {value.rpartition("|")[2] for value in each.values}
        made = [one for one in made if _numbers(one) & numbers]
    for each in wanted.of("name"):
        begins = tuple(folded(value) for value in each.values)
        made = [one for one in made if _is_called(one, begins)]
    return _listed(_with_ids(made, wanted), wanted, asker)


def of_member(directory: Directory, membership: Membership) -> Json:
    """Somebody of the practice, now or before."""
    today = clock.today(directory.practice.time_zone)
    if membership.clinician:
        made = own.clinician_resource(membership.clinician)
    else:
        made = {"resourceType": "Practitioner", "name": [{"text": membership.name}]}
    made |= {"id": str(directory.id_of(membership)), "active": membership.active_on(today)}
    began = datetime.combine(membership.starts_on, datetime.min.time(), UTC)
    return versioned(made, began)


def _numbers(practitioner: Json) -> set[str]:
    return {each["value"] for each in practitioner.get("identifier", [])}


def _is_called(practitioner: Json, begins: tuple[str, ...]) -> bool:
    """By how any word of the name begins, without case or accents."""
    name = folded(practitioner["name"][0]["text"])
    return any(name.startswith(begins) or word.startswith(begins) for word in name.split())


def _noted(asker: Asker, patient: Patient) -> None:
    record(by=asker.by, deed=Deed.PATIENT_READ, target=patient, patient_id=patient.pk)


def _with_ids(made: list[Json], wanted: Asked) -> list[Json]:
    for each in wanted.of("_id"):
        made = [one for one in made if one["id"] in each.values]
    return made


def _after(wanted: Asked) -> Q:
    return Q(pk__gt=wanted.after[1]) if wanted.after else Q()


def _listed(made: list[Json], wanted: Asked, asker: Asker) -> Resource:
    """A page of what is at hand, by its ids."""
    last = str(wanted.after[1]) if wanted.after else ""
    rows = sorted((one for one in made if one["id"] > last), key=lambda one: str(one["id"]))
    total = len(made) if wanted.total or wanted.only_count else None
    shown = [] if wanted.only_count else rows[: wanted.most]
    more = not wanted.only_count and len(rows) > len(shown)
    return _page(shown, wanted, asker, more=more, total=total)


def _page(
    shown: list[Json], wanted: Asked, asker: Asker, *, more: bool, total: int | None = None
) -> Resource:
    whole = not more and wanted.after is None and not wanted.only_count
    after = (BEGINNING, UUID(shown[-1]["id"])) if more else None
    return searchset(shown, wanted, asker.owner, after=after, total=len(shown) if whole else total)


def _named(values: tuple[str, ...]) -> Q:
    found = Q(pk__in=[])
    for each in values:
        found |= Q(given_name__istartswith=each) | Q(family_name__istartswith=each)
    return found


def _identified(values: tuple[str, ...]) -> Q:
    found = Q(pk__in=[])
    for each in values:
        system, bar, value = each.rpartition("|")
        where = {"identifiers__system": system} if bar and system else {}
        found |= Q(identifiers__value=value, **where)
    return found


def _born(values: tuple[str, ...]) -> Q:
    try:
        return Q(birth_on__in=[date.fromisoformat(each) for each in values])
    except ValueError:
        raise wrong("birthdate is a whole day, like 1980-02-03.", "value") from None


_PATIENT_BY: dict[str, Callable[[tuple[str, ...]], Q]] = {
    "_id": lambda values: Q(pk__in=keys(values)),
    "name": _named,
    "identifier": _identified,
    "birthdate": _born,
}
_READ: dict[str, Callable[[Asker, UUID], Json]] = {
    "Patient": _patient,
    "RelatedPerson": _related_person,
    "Practitioner": _practitioner,
}
_SEARCH: dict[str, Callable[[Asker, Asked], Resource]] = {
    "Patient": _patients,
    "RelatedPerson": _related_people,
    "Practitioner": _practitioners,
}
