"""The records of the run, and an app that each patient let in."""

from __future__ import annotations

import secrets
import statistics
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from .load import Asker

django.setup()

from django.test import Client  # noqa: E402 - Django is set up first
from django.test.utils import CaptureQueriesContext  # noqa: E402 - Django is set up first

from wellpost.facts.identifiers import make_tin  # noqa: E402 - Django is set up first
from wellpost.server.audit.models import AuditRow  # noqa: E402 - Django is set up first
from wellpost.server.people.models import Patient, Practice, User  # noqa: E402 - Django is set up first
from wellpost.server.records.incoming import Incoming  # noqa: E402 - Django is set up first
from wellpost.server.records.keeping import keep_many  # noqa: E402 - Django is set up first
from wellpost.server.smart.models import AccessToken, App, Approval, Connection  # noqa: E402 - Django is set up first
from wellpost.server.smart.registering import register  # noqa: E402 - Django is set up first

LOINC, OBSERVED = "http://loinc.org", "http://terminology.hl7.org/CodeSystem/observation-category"
CODES = ("8867-4", "8310-5", "29463-7", "2708-6", "718-7", "2345-7", "2160-0", "4548-4")
YEARS = 20
FOUND = 20
"""Resources on a page of the search."""


def prepare(patients: int, each: int) -> tuple[list[Asker], list[Asker]]:
    """For every patient one who reads single resources and one who searches."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    practice = Practice.objects.create(tin=make_tin("bench"), name="Bench", time_zone="UTC")
    said = {"client_name": "Bench", "redirect_uris": ["https://app.example/back"]}
    app = register(said).app
    Approval.objects.create(
        practice=practice, app=app, decision="approved", decided_at=datetime.now(UTC)
    )
    made = [_patient(practice, app, number, each) for number in range(patients)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [one for one, _ in made], [several for _, several in made]


def statements_of(asker: Asker) -> int:
    """SQL statements of one answer, the most usual of five."""
    settings.ALLOWED_HOSTS = ["*"]
    counted = []
    for _ in range(5):
        with CaptureQueriesContext(connection) as captured:
            headers = {"Authorization": f"Bearer {asker.token}"}
            answer = Client().get(asker.paths[0], headers=headers)
        if answer.status_code != 200:
            raise SystemExit(f"answered with {answer.status_code}: {answer.content!r}")
        counted.append(len(captured))
    return statistics.mode(counted)


def audited() -> int:
    """Reads by apps on record."""
    return AuditRow.objects.filter(deed="record_read_by_app").count()


def _patient(practice: Practice, app: App, number: int, each: int) -> tuple[Asker, Asker]:
    user = User.objects.create_user(f"patient{number}@example.org", name=f"Patient {number}")
    patient = Patient.objects.create(
        practice=practice, given_name="Patient", family_name=str(number), user=user,
        account_opened_on="2020-01-01",
    )  # fmt: skip
    coming = [_observation(patient, place, YEARS * 365 / each) for place in range(each)]
    with transaction.atomic():
        rows = keep_many(coming).rows
    token = _token(app, user, patient)
    single = [f"/fhir/Observation/{row.pk}" for row in rows[:: max(1, each // 50)]]
    query = f"patient={patient.pk}&date=ge2010&_count={FOUND}"
    several = [f"/fhir/Observation?code={code}&{query}" for code in CODES]
    return Asker(token, tuple(single)), Asker(token, tuple(several))


def _observation(patient: Patient, place: int, days: float) -> Incoming:
    moment = datetime(2005, 1, 1, tzinfo=UTC) + timedelta(days=int(place * days), seconds=place)
    category = {"coding": [{"system": OBSERVED, "code": "vital-signs", "display": "Vital Signs"}]}
    code = CODES[place % len(CODES)]
    resource: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "category": [category],
        "code": {"coding": [{"system": LOINC, "code": code}], "text": "A measurement"},
        "subject": {"reference": f"Patient/{patient.pk}"},
        "effectiveDateTime": moment.isoformat(),
        "issued": moment.isoformat(),
        "valueQuantity": {
            "value": 60 + place % 60, "unit": "/min",
            "system": "http://unitsofmeasure.org", "code": "/min",
        },
    }  # fmt: skip
    return Incoming(
        id=uuid4(), practice=patient.practice, patient=patient, resource=resource,
        available_to_clinician_at=moment, available_to_patient_at=moment,
    )  # fmt: skip


def _token(app: App, user: User, patient: Patient) -> str:
    now, token = datetime.now(UTC), secrets.token_urlsafe(24)
    held = Connection.objects.create(
        app=app, user=user, patient=patient, scope="patient/*.rs", agreed_at=now, began_at=now
    )
    made = AccessToken(
        user=user, application=app, connection=held, scope=held.scope, token="",
        expires=now + timedelta(hours=5), token_checksum=sha256(token.encode()).hexdigest(),
    )  # fmt: skip
    made.save()
    return token
