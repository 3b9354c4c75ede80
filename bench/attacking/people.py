"""Two patients, one of the staff, an administrator and an app, signed in; printed as JSON."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from breaking.people import LONG_AGO, clinician, new_user, patient, signed_in, staff

from wellpost.facts.identifiers import make_tin
from wellpost.server.config.serving import prepare_database
from wellpost.server.people.models import Membership, Patient, Practice, Role
from wellpost.server.records.incoming import Incoming
from wellpost.server.records.keeping import keep_many
from wellpost.server.smart.models import AccessToken, App, Approval, Connection
from wellpost.server.smart.registering import register
from wellpost.synthetic.record import make_record

SCOPES = "patient/*.cruds patient/Communication.crus patient/AuditEvent.rs openid fhirUser"
"""Messages, and who looked at them, are given by their names alone."""


def people() -> dict[str, Any]:
    """A practice that is attacked from inside.

    The app is another patient's than the one whose pages are walked: the walk ends apps.
    """
    practice = Practice.objects.create(tin=make_tin("attack"), name="Attacked")
    doctor = clinician(practice, "Dr One")
    made = [patient(practice, doctor, number) for number in range(2)]
    walked, with_app = (Patient.objects.get(pk=each["id"]) for each in made)
    _fill(walked)
    _fill(with_app)
    administrator = new_user("Administrator")
    Membership.objects.create(
        practice=practice, user=administrator, role=Role.ADMINISTRATOR, starts_on=LONG_AGO
    )
    return {
        "patients": made,
        "doctor": signed_in(doctor.user),
        "staff": signed_in(staff(practice, "Staff One")),
        "administrator": signed_in(administrator),
        "token": _token(with_app),
    }


def _fill(held: Patient) -> None:
    now = datetime.now(UTC)
    coming = [
        Incoming(
            id=uuid4(), practice=held.practice, patient=held, resource=dict(each),
            available_to_clinician_at=now, available_to_patient_at=now,
        )
        for each in make_record("attack", 1, patient=f"Patient/{held.pk}")
    ]  # fmt: skip
    keep_many(coming)


def _token(held: Patient) -> str:
    now, token = datetime.now(UTC), secrets.token_urlsafe(24)
    app = _app(held.practice, now)
    of = Connection.objects.create(
        app=app, user=held.user, patient=held, scope=SCOPES, agreed_at=now, began_at=now
    )
    AccessToken(
        user=held.user, application=app, connection=of, scope=SCOPES, token="",
        expires=now + timedelta(hours=10), token_checksum=sha256(token.encode()).hexdigest(),
    ).save()  # fmt: skip
    return token


def _app(practice: Practice, now: datetime) -> App:
    app = register({"client_name": "Attack", "redirect_uris": ["https://app.example/back"]}).app
    Approval.objects.create(practice=practice, app=app, decision="approved", decided_at=now)
    return app


if __name__ == "__main__":
    prepare_database()
    print(json.dumps(people()))
