"""Who may do what with which resource: every kind and verb, by everybody, app or not.

The table (`matrix.txt`) decides each cell. What it says: `own` what is Alice's is found or read;
`none` nothing is found, nor counted; else the status. Every deed is done on a world of its own,
which is undone after it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client

from tests import made_files
from tests.server.conftest import LONG_AGO, make_user
from tests.server.fhir_api.messaging.conftest import ALL_OF_IT, reply, send, written
from wellpost.server.audit.models import AuditRow
from wellpost.server.fhir_api.messaging.references import Directory
from wellpost.server.messaging import actions
from wellpost.server.people.models import Representative

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("matrix.txt")
APPS = {
    "alice": ALL_OF_IT,
    "record": "launch/patient patient/*.rs",
    "reads": "launch/patient patient/Communication.r patient/AuditEvent.r",
    "finds": "launch/patient patient/Communication.s patient/AuditEvent.s",
    "writes": "launch/patient patient/Communication.c",
}
PEOPLE = [
    "anonymous", *APPS, "before", "amir", "after", "record_only", "bob",
    "session", "chen", "diaz", "evans", "sam", "ada", "rita",
]  # fmt: skip


def decided() -> dict[str, dict[str, str]]:
    """The table: how somebody asks, to what each person gets."""
    rows = [line.split() for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return {how: dict(zip(PEOPLE, cells, strict=True)) for how, *cells in rows}


@pytest.fixture
def hers(alice, practice, amir, dr_chen, fresh_key):
    """Alice's conversation with Dr Chen, with a file, and her answer."""
    begun = actions.start_thread(
        practice=practice, patient=alice, by=dr_chen.user, subject="Results", body="All is well.",
        client_key=fresh_key(), attachments=[ContentFile(made_files.pdf(), name="a.pdf")],
    )  # fmt: skip
    answer = actions.send_message(
        thread=begun.thread,
        by=alice.user,
        body="Thanks.",
        client_key=fresh_key(),
        in_reply_to=begun,
    )
    return begun, answer


@pytest.fixture
def askers(app_of, as_user, alice, amir, bob, dr_chen, dr_diaz, dr_evans, sam_staff, ada_admin,
           rita_reporter):  # fmt: skip
    """Everybody of the table."""
    held: dict[str, Any] = {"anonymous": Client(), "session": as_user(alice.user)}
    held |= {name: app_of(alice, scope=scope) for name, scope in APPS.items()}
    held["amir"] = app_of(alice, amir.user, scope=ALL_OF_IT)
    for name, changes in {
        "before": {"starts_on": date(2999, 1, 1)},
        "after": {"ends_on": date(2021, 9, 14)},
        "record_only": {"may_message": False},
    }.items():
        held[name] = _representatives_app(app_of, alice, name, changes)
    held["bob"] = app_of(bob, scope=ALL_OF_IT)
    sessions = {
        "chen": dr_chen.user, "diaz": dr_diaz.user, "evans": dr_evans.user, "sam": sam_staff,
        "ada": ada_admin, "rita": rita_reporter,
    }  # fmt: skip
    return held | {name: as_user(user) for name, user in sessions.items()}


def _representatives_app(app_of, alice, name, changes):
    """The app of somebody whose rights were changed after it was let in."""
    user = make_user(f"Rep {name}")
    held = Representative.objects.create(
        patient=alice, user=user, name=user.name, relationship="child", starts_on=LONG_AGO,
        account_opened_on=LONG_AGO,
    )  # fmt: skip
    phone = app_of(alice, user, scope=ALL_OF_IT)
    Representative.objects.filter(pk=held.pk).update(**changes)
    return phone


def deeds(hers, alice, amir, dr_chen) -> dict[str, Callable[[Any], Any]]:
    """Every way of asking, by its name in the table."""
    begun, answer = hers
    chen = Directory(alice.practice).of_clinician(dr_chen)["reference"]
    event = AuditRow.objects.filter(deed="thread_started", patient_id=str(alice.pk)).get()
    message, thread = f"Communication/{answer.pk}", f"Communication/{begun.thread_id}"
    gone = {"resourceType": "Communication", "status": "entered-in-error"}
    settled = {"resourceType": "Task", "status": "completed"}
    work = f"Task/{begun.thread_id}"
    return {
        "Communication/read": _get(message),
        "Communication/read-thread": _get(thread),
        "Communication/search": _get(f"Communication?patient={alice.pk}"),
        "Communication/list": _get("Communication?part-of:missing=true"),
        "Communication/count": _get(f"Communication?patient={alice.pk}&_summary=count"),
        "Communication/create": lambda by: send(by, written(alice)),
        "Communication/reply": lambda by: send(by, reply(begun)),
        "Communication/update": lambda by: send(by, gone, message, how="put", If_Match="*"),
        "Communication/$options": _get(f"Communication/$options?patient={alice.pk}"),
        "Communication/delete": lambda by: send(by, {}, message, how="delete"),
        "Task/read": _get(work),
        "Task/search": _get(f"Task?patient={alice.pk}"),
        "Task/update": lambda by: send(by, settled, work, how="put", If_Match="*"),
        "Task/create": lambda by: send(by, settled, "Task"),
        "AuditEvent/read": _get(f"AuditEvent/{event.event_id}"),
        "AuditEvent/search": _get(f"AuditEvent?patient={alice.pk}&_summary=count"),
        "AuditEvent/create": lambda by: send(by, {}, "AuditEvent"),
        "Binary/read": _get(f"Binary/{begun.attachments.get().pk}"),
        "Patient/read": _get(f"Patient/{alice.pk}"),
        "Patient/search": _get("Patient?name=arden"),
        "RelatedPerson/read": _get(f"RelatedPerson/{amir.pk}"),
        "RelatedPerson/search": _get(f"RelatedPerson?patient={alice.pk}"),
        "Practitioner/read": _get(chen),
        "Practitioner/search": _get(f"Practitioner?identifier={dr_chen.npi}"),
    }


def _get(path: str) -> Callable[[Any], Any]:
    return lambda by: by.get(f"/fhir/{path}")


def test_the_table_decides_every_deed(hers, alice, amir, dr_chen):
    assert set(decided()) == set(deeds(hers, alice, amir, dr_chen))


def test_everybody_gets_what_the_table_says(askers, hers, alice, amir, dr_chen):
    wrong = []
    for how, deed in deeds(hers, alice, amir, dr_chen).items():
        got = {who: _asked(deed, by) for who, by in askers.items()}
        wrong += [
            f"{how} by {who}: {got[who]}, decided is {cell}"
            for who, cell in decided()[how].items()
            if got[who] != cell
        ]
    assert not wrong, "\n".join(wrong)


def _asked(deed: Callable[[Any], Any], by: Any) -> str:
    """What somebody gets; whatever it changed is undone."""
    with transaction.atomic():
        answer = deed(by)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    if answer.status_code >= 300:
        return str(answer.status_code)
    bundle = {} if answer.streaming else answer.json()
    if bundle.get("resourceType") != "Bundle":
        return "own"
    return "own" if bundle.get("total", 1) else "none"
