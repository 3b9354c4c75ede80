"""The work on a conversation as a Task: its focus the thread, for the patient, owned by a person or
lying in a pool. It is the practice's own; no app of a patient reads it.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from wellpost.adapters.fhir.measure_words import Resource
from wellpost.server.messaging.exchange import open_some
from wellpost.server.messaging.models import ThreadState
from wellpost.server.routing.models import Pool, Priority, Task, Waiting

from ..library import base
from ..outcomes import not_here
from ..record.statements import Order
from .asker import Asker
from .asking import Asked, Criterion, Searched, asked, at, key, keys, links
from .paging import behind, searchset
from .references import Directory, of_patient
from .resources import reason_concept
from .versions import Json, versioned

NONE = Q(pk__in=[])
PRIORITIES = {Priority.URGENT: "asap", Priority.SOON: "urgent", Priority.ROUTINE: "routine"}
"""FHIR's words, by how soon it must be looked at: today, soon, in its turn."""
STATES: dict[str, Q] = {
    "requested": Q(thread__state=ThreadState.OPEN, owner=None),
    "in-progress": Q(thread__state=ThreadState.OPEN) & ~Q(owner=None),
    "completed": ~Q(thread__state=ThreadState.OPEN),
}
SEARCHED = Searched(
    "Task",
    {
        "_id": (),
        "focus": ("Communication",),
        "owner": ("Practitioner", "missing"),
        "performer": (),
        "patient": ("Patient",),
        "subject": ("Patient",),
        "status": (),
        "_lastUpdated": (),
    },
    {
        "_lastUpdated": Order("changed", falling=False),
        "-_lastUpdated": Order("changed", falling=True),
    },
    "-_lastUpdated",
)


def pools_system() -> str:
    """The code system of a practice's pools."""
    return f"{base()}/CodeSystem/pool"


def pool_concept(pool: Pool) -> Json:
    """A pool, by its id."""
    coding = {"system": pools_system(), "code": str(pool.pk), "display": pool.name}
    return {"coding": [coding], "text": pool.name}


def visible(asker: Asker) -> QuerySet[Task]:
    """The tasks of the threads that the asker may see, with `changed`; NotAllowed for apps."""
    asker.must_be_of_practice()
    threads = asker.sight.threads.order_by().values("pk")
    return told().filter(thread__in=threads)


def told() -> QuerySet[Task]:
    """Tasks with all that is told of them joined, and `changed`."""
    held = Task.objects.select_related(
        "thread__practice", "thread__patient__merged_into", "owner__clinician", "owner__user",
        "pool", "reason",
    )  # fmt: skip
    return held.annotate(changed=Coalesce("changed_at", "thread__last_message_at"))


def read(asker: Asker, resource_id: str) -> Json:
    """One task, on record; 404 for every other and for none."""
    task = one(asker, resource_id)
    open_some(asker.sight, beside={"tasks": [str(task.pk)]})
    return task_resource(task, Directory(asker.practice))


def one(asker: Asker, resource_id: str) -> Task:
    """One task; 404 for every other and for none."""
    identifier = key(resource_id)
    found = visible(asker).filter(pk=identifier).first() if identifier else None
    if found is None:
        raise not_here()
    return found


def search(request: HttpRequest, asker: Asker) -> Resource:
    """One page of tasks, on record."""
    wanted = asked(request, SEARCHED, asker.owner)
    found, directory = visible(asker), Directory(asker.practice)
    for each in wanted.criteria:
        found = found.filter(_condition(each, asker, directory))
    rows = [] if wanted.only_count else behind(found, wanted, "changed")
    shown = rows[: wanted.most]
    open_some(asker.sight, beside={"tasks": [str(each.pk) for each in shown]})
    resources = [task_resource(each, directory) for each in shown]
    return _page(resources, shown, len(rows) > len(shown), wanted, asker, found)


def _page(
    resources: list[Json],
    shown: list[Task],
    more: bool,
    wanted: Asked,
    asker: Asker,
    found: QuerySet[Task],
) -> Resource:
    whole = not more and not wanted.only_count and wanted.after is None
    counted = wanted.total or wanted.only_count
    total = len(shown) if whole else found.count() if counted else None
    last = shown[-1] if more else None
    after = (last.changed, last.pk) if last else None  # type: ignore[attr-defined]  # annotated
    return searchset(resources, wanted, asker.owner, after=after, total=total)


def task_resource(task: Task, directory: Directory) -> Json:
    """The task as it stands."""
    made: Json = {
        "resourceType": "Task",
        "id": str(task.pk),
        "status": status_of(task),
        "intent": "order",
        "priority": PRIORITIES[Priority(task.priority)],
        "code": {"text": "Answer the conversation"},
        "focus": {"reference": f"Communication/{task.pk}"},
        "for": of_patient(task.thread.patient),
        "authoredOn": task.thread.started_at.isoformat("T", "milliseconds"),
        "requester": directory.organization,
    }
    if task.owner:
        made["owner"] = directory.of_membership(task.owner)
    if task.pool:
        made["performerType"] = [pool_concept(task.pool)]
    if task.reason:
        made["reasonCode"] = reason_concept(task.reason)
    if task.waiting:
        made["businessStatus"] = {"text": f"Waits for the {Waiting(task.waiting).value}"}
    if task.follow_up_on:
        made["restriction"] = {"period": {"end": task.follow_up_on.isoformat()}}
    changed = task.changed_at or task.thread.last_message_at
    made["lastModified"] = changed.isoformat("T", "milliseconds")
    return versioned(made, changed)


def status_of(task: Task) -> str:
    """Nobody's yet, somebody's, or done."""
    if task.thread.state != ThreadState.OPEN:
        return "completed"
    return "in-progress" if task.owner_id else "requested"


def _condition(criterion: Criterion, asker: Asker, directory: Directory) -> Q:
    name, values = criterion.name, criterion.values
    if name == "_id":
        return Q(pk__in=keys(values))
    if name == "focus":
        return Q(pk__in=[each for _, each in links(values, "Communication")])
    if name in ("patient", "subject"):
        return _of_patients([each for _, each in links(values, "Patient")])
    if name == "_lastUpdated":
        return at("changed", criterion, asker.zone)
    if name == "performer":
        return Q(pool__in=keys([each.rpartition("|")[2] for each in values]))
    if name == "owner":
        return _owner(criterion, directory)
    return _status(values)


def _status(values: tuple[str, ...]) -> Q:
    condition = NONE
    for each in values:
        condition |= STATES.get(each.rpartition("|")[2], NONE)
    return condition


def _owner(criterion: Criterion, directory: Directory) -> Q:
    if criterion.modifier == "missing":
        return Q(owner__isnull=criterion.values == ("true",))
    named = [each for _, each in links(criterion.values, "Practitioner")]
    return Q(owner__in=[held.pk for one in named for held in directory.members.get(one, [])])


def _of_patients(identifiers: list[UUID]) -> Q:
    merged = Q(thread__patient__merged_into__in=identifiers)
    return merged | Q(thread__patient__in=identifiers, thread__patient__merged_into=None)
