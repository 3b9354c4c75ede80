"""Who did what, as AuditEvents: to patients what was done with their data, to the practice's
administrators what was done there. Looking is put on record as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from wellpost.adapters.fhir.measure_words import Resource
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow
from wellpost.server.audit.queries import rows_of_patient, rows_of_practice
from wellpost.server.people.models import Membership, Patient, Representative
from wellpost.server.people.on_record import NamedRow, named
from wellpost.server.people.permissions import Permission, require
from wellpost.server.smart import scopes
from wellpost.server.smart.models import App

from ..library import base
from ..outcomes import not_here
from ..record.statements import Order
from .asker import Asker
from .asking import Criterion, Searched, asked, at, key, keys, links
from .deeds import ACTIONS, action_of
from .on_record import used
from .paging import behind, searchset
from .references import Directory
from .versions import Json, versioned

KIND = "AuditEvent"
NONE = Q(pk__in=[])
EVENT = {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110110"}
APPLICATION = {
    "system": "http://dicom.nema.org/resources/ontology/DCM",
    "code": "110150",
    "display": "Application",
}
OUTCOMES = {"done": "0", "refused": "4", "alarm": "8"}
AGENTS = ("Patient", "RelatedPerson", "Practitioner")
SEARCHED = Searched(
    KIND,
    {"_id": (), "patient": ("Patient",), "date": (), "agent": AGENTS, "action": ()},
    {
        "date": Order("recorded_at", falling=False),
        "-date": Order("recorded_at", falling=True),
    },
    "-date",
)


def visible(asker: Asker) -> QuerySet[AuditRow]:
    """The rows that the asker may see; NotAllowed for who may see none."""
    if asker.reader:
        require(asker.by, Permission.READ_RECORD, asker.reader.patient)
        return rows_of_patient(asker.reader.records)
    require(asker.by, Permission.READ_AUDIT, asker.practice)
    return rows_of_practice(asker.practice.pk)


def read(asker: Asker, resource_id: str) -> Json:
    """One event; 404 for every other and for none."""
    asker.may(KIND, scopes.READ)
    identifier = key(resource_id)
    found = visible(asker).filter(event_id=identifier).first() if identifier else None
    if found is None:
        raise not_here()
    _noted(asker, [found])
    return _events([found], asker)[0]


def search(request: HttpRequest, asker: Asker) -> Resource:
    """One page of events."""
    asker.may(KIND, scopes.SEARCH)
    wanted = asked(request, SEARCHED, asker.owner)
    found = visible(asker)
    for each in wanted.criteria:
        found = found.filter(_condition(each, asker))
    rows = [] if wanted.only_count else behind(found, wanted, "recorded_at", unique="event_id")
    shown, more = rows[: wanted.most], len(rows) > wanted.most
    whole = not more and wanted.after is None and not wanted.only_count
    counted = wanted.total or wanted.only_count
    total = len(shown) if whole else found.count() if counted else None
    events = _events(shown, asker)
    _noted(asker, shown)
    after = (shown[-1].recorded_at, shown[-1].event_id) if more else None
    return searchset(events, wanted, asker.owner, after=after, total=total)


def _noted(asker: Asker, shown: Sequence[AuditRow]) -> None:
    record(
        by=asker.by,
        deed=Deed.AUDIT_READ,
        practice_id=asker.practice.pk,
        patient_id=asker.reader.patient.pk if asker.reader else None,
        details={"rows": len(shown)},
    )
    used(asker)


def _condition(criterion: Criterion, asker: Asker) -> Q:
    values = criterion.values
    if criterion.name == "_id":
        return Q(event_id__in=keys(values))
    if criterion.name == "patient":
        return Q(patient_id__in=[str(each) for _, each in links(values, "Patient")])
    if criterion.name == "date":
        return at("recorded_at", criterion, asker.zone)
    if criterion.name == "action":
        deeds = [deed for each in values for deed in ACTIONS.get(each.rpartition("|")[2], ())]
        return Q(deed__in=deeds)
    kinds = (criterion.modifier,) if criterion.modifier else AGENTS
    found = links(values, *kinds)
    return Q(actor_id__in=[str(user) for each in found for user in _users(*each, asker)])


def _users(kind: str, identifier: UUID, asker: Asker) -> list[UUID]:
    """The accounts of whom a reference names."""
    if kind == "Practitioner":
        held = Directory(asker.practice).members.get(identifier, [])
        return [each.account.pk for each in held if each.account]
    model = Patient if kind == "Patient" else Representative
    found = model.objects.filter(pk=identifier, user__isnull=False)
    return list(found.values_list("user", flat=True))


def _events(rows: Sequence[AuditRow], asker: Asker) -> list[Json]:
    who = _Who(rows, asker)
    return [_event(each, who) for each in named(rows)]


class _Who:
    """References of those who acted, in three statements however many rows."""

    def __init__(self, rows: Sequence[AuditRow], asker: Asker) -> None:
        users = {UUID(each.actor_id) for each in rows if each.actor_id}
        self.directory = Directory(asker.practice)
        self.of_practice = asker.reader is None
        self.members: dict[UUID, Membership] = {}
        for held in self.directory.members.values() if users else ():
            for each in held:
                if each.account:
                    self.members.setdefault(each.account.pk, each)
        self.apps = App.objects.in_bulk(_apps(rows))
        self.patients = _by_user(Patient.objects.filter(user__in=users, practice=asker.practice))
        acting = Representative.objects.filter(user__in=users, patient__practice=asker.practice)
        self.representatives = _by_user(acting)

    def reference(self, user: UUID) -> Json:
        """Whatever the user is here; a bare identifier for who is nothing here any more."""
        if held := self.members.get(user):
            return self.directory.of_membership(held)
        for kind, found in (
            ("Patient", self.patients),
            ("RelatedPerson", self.representatives),
        ):
            if user in found:
                return {"reference": f"{kind}/{found[user]}"}
        return {"identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{user}"}}

    def app(self, row: AuditRow) -> list[Json]:
        """The app through which it was done, if one."""
        app = self.apps.get(row.details.get("app"))
        if app is None:
            return []
        who = {"identifier": {"value": app.client_id}, "display": app.name}
        return [{"type": {"coding": [APPLICATION]}, "who": who, "requestor": False}]


def _apps(rows: Sequence[AuditRow]) -> set[int]:
    named = (each.details.get("app") for each in rows)
    return {each for each in named if isinstance(each, int)}


def _by_user(found: QuerySet[Patient] | QuerySet[Representative]) -> dict[UUID, UUID]:
    return dict(found.order_by("pk").values_list("user", "pk"))


def _event(each: NamedRow, who: _Who) -> Json:
    row = each.row
    agent: Json = {"requestor": True, "name": each.who}
    if row.actor_id:
        agent["who"] = who.reference(UUID(row.actor_id))
    if each.role:
        agent["role"] = [{"text": each.role}]
    if row.address and who.of_practice:
        agent["network"] = {"address": row.address, "type": "2"}
    deed = {"system": f"{base()}/CodeSystem/deed", "code": row.deed, "display": each.did}
    recorded = row.recorded_at.astimezone(UTC)
    made: Json = {
        "resourceType": KIND,
        "id": str(row.event_id),
        "type": EVENT,
        "subtype": [deed],
        "action": action_of(row.deed),
        "recorded": recorded.isoformat("T", "milliseconds"),
        "outcome": OUTCOMES.get(row.outcome, "0"),
        "agent": [agent, *who.app(row)],
        "source": {"observer": who.directory.organization},
    }
    entities = [*_patient_entity(row, each), *_target(row)]
    if entities:
        made["entity"] = entities
    return versioned(made, recorded, 1)


def _patient_entity(row: AuditRow, each: NamedRow) -> list[Json]:
    if not row.patient_id:
        return []
    who = {"reference": f"Patient/{row.patient_id}"}
    return [{"what": who | ({"display": each.patient} if each.patient else {})}]


def _target(row: AuditRow) -> list[Json]:
    """What it was done with: a reference where the API gives it, else its kind and id."""
    if not row.target_id:
        return []
    if row.target_kind in ("thread", "message"):
        return [{"what": {"reference": f"Communication/{row.target_id}"}}]
    if row.target_kind == "attachment":
        return [{"what": {"reference": f"Binary/{row.target_id}"}}]
    system = f"{base()}/NamingSystem/{row.target_kind or 'thing'}"
    return [{"what": {"identifier": {"system": system, "value": row.target_id}}}]
