"""The work on a conversation: read, found, claimed, passed on, settled, by the practice alone."""

from __future__ import annotations

from datetime import date

import pytest

from tests.server.fhir_api.conftest import why
from tests.server.fhir_api.messaging.conftest import found, send, where
from tests.server.fhir_api.record.conftest import link
from wellpost.server.audit.models import AuditRow
from wellpost.server.clock.time import held_at, now
from wellpost.server.messaging import actions
from wellpost.server.people.models import Membership
from wellpost.server.routing.models import Note, Task
from wellpost.server.routing.pools import add_pool, join_pool
from wellpost.server.routing.tasks import arrange, claim, reassign

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def sam(as_user, sam_staff):
    return as_user(sam_staff)


@pytest.fixture
def task(sam, answer):
    """How to read the task of Alice's conversation."""
    return lambda: sam.get(f"/fhir/Task/{answer.thread_id}")


@pytest.fixture
def refills(practice, ada_admin, dr_diaz):
    pool = add_pool(practice=practice, by=ada_admin, name="Refills")
    diaz = Membership.objects.get(clinician=dr_diaz)
    join_pool(pool=pool, membership=diaz, by=ada_admin, starts_on=date(2021, 1, 1), ends_on=None)
    return pool


def put(by, told, tag, **changes):
    body = {name: value for name, value in (told | changes).items() if value is not None}
    return send(by, body, f"Task/{told['id']}", how="put", If_Match=tag)


def test_a_task_has_the_thread_as_its_focus_and_is_for_the_patient(task, answer, alice, practice):
    told = task().json()
    assert told["focus"] == {"reference": f"Communication/{answer.thread_id}"}
    assert told["for"]["reference"] == f"Patient/{alice.pk}" and "owner" not in told
    assert (told["status"], told["intent"], told["priority"]) == ("requested", "order", "routine")
    assert told["businessStatus"] == {"text": "Waits for the practice"}
    assert AuditRow.objects.latest("pk").details["tasks"] == [str(answer.thread_id)]


def test_it_is_claimed_given_back_and_settled_each_in_the_version_read(
    task, sam, answer, sam_staff
):
    own = _owner(sam, sam_staff)
    first = task()
    claimed = put(sam, first.json(), first["ETag"], owner=own)
    assert claimed.status_code == 200 and claimed.json()["status"] == "in-progress"
    assert Task.objects.get().owner.user == sam_staff
    stale = put(sam, first.json(), first["ETag"], owner=None)
    assert stale.status_code == 412 and "changed meanwhile" in why(stale.json())
    back = put(sam, claimed.json(), claimed["ETag"], owner=None)
    assert back.status_code == 200 and back.json()["status"] == "requested"
    done = put(sam, back.json(), back["ETag"], status="completed")
    assert done.json()["status"] == "completed" and "businessStatus" not in done.json()
    opened = put(sam, done.json(), done["ETag"], status="requested")
    assert opened.json()["status"] == "requested"
    deeds = list(AuditRow.objects.order_by("pk").values_list("deed", flat=True))
    ours = [each for each in deeds if each.startswith(("task_", "thread_re"))]
    assert ours == ["task_claimed", "task_released", "thread_resolved", "thread_reopened"]


def test_it_is_passed_on_with_the_reason_that_staff_alone_read(task, sam, refills, answer, dr_diaz):
    told = task()
    pool = {"system": "http://localhost:8000/fhir/CodeSystem/pool", "code": str(refills.pk)}
    into_pool = {"performerType": [{"coding": [pool]}]}
    silent = put(sam, told.json(), told["ETag"], **into_pool)
    assert silent.status_code == 422 and where(silent) == "Task.note"
    note = {"note": [{"text": "Needs the pharmacy."}]}
    moved = put(sam, told.json(), told["ETag"], **into_pool, **note)
    assert moved.status_code == 200, moved.content
    assert moved.json()["performerType"][0]["text"] == "Refills" and "note" not in moved.json()
    assert Note.objects.count() == 1
    diaz = _owner(sam, dr_diaz.user)
    given = put(sam, moved.json(), moved["ETag"], owner=diaz, **note)
    assert given.json()["owner"]["display"] == "Dr Diaz"
    assert given.json()["performerType"][0]["text"] == "Refills"


def test_a_clinician_passes_on_what_only_their_pool_showed_them(
    sam, as_user, refills, first, answer, dr_diaz, sam_staff, practice, ada_admin
):
    reassign(thread=first.thread, by=sam_staff, why="A refill", pool=refills)
    diaz, billing = as_user(dr_diaz.user), add_pool(practice=practice, by=ada_admin, name="Bills")
    told = diaz.get(f"/fhir/Task/{first.thread_id}")
    pool = {"system": "http://localhost:8000/fhir/CodeSystem/pool", "code": str(billing.pk)}
    changes = {"performerType": [{"coding": [pool]}], "note": [{"text": "It is about a bill."}]}
    moved = put(diaz, told.json(), told["ETag"], **changes)
    assert moved.status_code == 200, moved.content
    assert moved.json()["performerType"][0]["text"] == "Bills"
    assert diaz.get(f"/fhir/Task/{first.thread_id}").status_code == 404
    assert Task.objects.get().pool == billing


def test_who_took_it_on_keeps_it_until_it_is_passed_on(
    task, sam, as_user, dr_chen, sam_staff, answer
):
    claim(thread=answer.thread, by=dr_chen.user)
    told = task()
    taken = put(sam, told.json(), told["ETag"], owner=_owner(sam, sam_staff))
    assert taken.status_code == 422 and where(taken) == "Task.note"
    assert Task.objects.get().owner.clinician == dr_chen


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"owner": {"reference": "Patient/1"}}, "Task.owner"),
        ({"owner": {"display": "Dr Chen"}}, "Task.owner"),
        ({"performerType": [{"text": "Refills"}]}, "Task.performerType"),
        ({"performerType": "x"}, "Task.performerType"),
        ({"status": "cancelled"}, "Task.status"),
        ({"priority": "stat"}, "Task.priority"),
        ({"focus": {"reference": "Communication/1"}}, "Task.focus"),
        ({"for": {"reference": "Patient/1"}}, "Task.for"),
        ({"resourceType": "Communication"}, "resourceType"),
    ],
)
def test_nothing_else_is_changed(changes, place, task, sam):
    told = task()
    refused = put(sam, told.json(), told["ETag"], **changes)
    assert refused.status_code in (400, 422) and where(refused) == place
    assert not AuditRow.objects.filter(deed__startswith="task_").exists()


def test_no_app_reads_the_practices_work(phone, answer):
    for address in ("Task", f"Task/{answer.thread_id}"):
        refused = phone.get(f"/fhir/{address}")
        assert refused.status_code == 403 and "no scope" in why(refused.json())


def test_tasks_are_found_by_each_parameter(
    sam, answer, alice, bob, practice, sam_staff, refills, carol, as_user, dr_evans, fresh_key
):
    other = actions.start_thread(
        practice=practice, patient=carol, by=sam_staff, subject="Flu", body="Come.",
        client_key=fresh_key(),
    ).thread_id  # fmt: skip
    claim(thread=answer.thread, by=sam_staff)
    reason = practice.reasons.get(kind="refill")
    arrange(
        thread=answer.thread,
        by=sam_staff,
        priority=0,
        follow_up_on=date(2021, 9, 20),
        reason=reason,
    )
    mine, both = [str(answer.thread_id)], {str(answer.thread_id), str(other)}
    own = _owner(sam, sam_staff)["reference"]
    for query, expected in {
        f"focus=Communication/{answer.thread_id}": mine,
        f"owner={own}": mine,
        "owner:missing=true": [str(other)],
        f"patient=Patient/{alice.pk}": mine,
        f"patient={bob.pk}": [],
        "status=in-progress": mine,
        "status=completed": [],
        "_lastUpdated=lt2021-01-01": [],
    }.items():
        assert found(sam.get(f"/fhir/Task?{query}")) == expected, query
    assert set(found(sam.get("/fhir/Task?_lastUpdated=ge2021"))) == both
    page = sam.get("/fhir/Task?_count=1&_total=accurate")
    assert page.json()["total"] == 2
    assert {*found(page), *found(sam.get(link(page, "next")))} == both
    told = sam.get(f"/fhir/Task/{answer.thread_id}").json()
    assert told["priority"] == "asap" and told["restriction"]["period"]["end"] == "2021-09-20"
    assert told["reasonCode"]["text"] == reason.name
    assert found(as_user(dr_evans.user).get("/fhir/Task")) == []


def test_when_a_task_changed_is_told(task, sam, answer, sam_staff):
    before = task().json()["meta"]["lastUpdated"]
    with held_at(now().replace(day=16)):
        claim(thread=answer.thread, by=sam_staff)
    after = task().json()["meta"]["lastUpdated"]
    assert before < after and after.startswith("2021-09-16")
    told = sam.get(f"/fhir/Communication/{answer.thread_id}").json()
    assert told["meta"]["lastUpdated"] == after


def _owner(sam, user):
    """The reference of somebody of the practice, found by name."""
    name = user.name.split()[-1]
    (entry,) = sam.get(f"/fhir/Practitioner?name={name}").json()["entry"]
    return {"reference": f"Practitioner/{entry['resource']['id']}"}
