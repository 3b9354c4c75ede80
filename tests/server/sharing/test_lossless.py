"""Exported, imported into an empty server, exported again: nothing is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.server.conftest import make_user
from tests.unit.adapters.ccda import made_up
from tests.unit.adapters.ccda.conftest import records
from tests.unit.adapters.folders import PRACTICE, encounter, patient, role, write
from wellpost.server.intake.actions import import_fhir
from wellpost.server.people.models import Patient
from wellpost.server.sharing.downloading import download
from wellpost.server.sharing.files import Form

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
ROSTER = [each for each in PRACTICE if each["resourceType"] not in ("Patient", "RelatedPerson")]
"""What any server knows before: its practice and who works there."""

Json = dict[str, Any]


def brought(folder: Path, resources: list[Json], **options: bool) -> list[Json]:
    """What the patient can take home from a server that was empty before these came."""
    with transaction.atomic():
        import_fhir(write(folder, *ROSTER, *resources), by=None, **options)
        person = Patient.objects.get()
        person.user = make_user("Alice Arden")
        person.save()
        file = download(by=person.user, patient=person, form=Form.FHIR)
        made = json.loads(b"".join(file.pieces))
        transaction.set_rollback(True)
    return [each["resource"] for each in made["entry"]]


def told(resources: list[Json]) -> list[str]:
    """Each resource without what a server gives it; references say what they lead to."""
    named = {f"{each['resourceType']}/{each['id']}": _bare(each, {}) for each in resources}
    return sorted(_bare(each, named) for each in resources)


def _bare(resource: Json, named: dict[str, str]) -> str:
    meta = {
        name: value
        for name, value in resource.get("meta", {}).items()
        if name not in ("versionId", "lastUpdated")
    }
    rest = {name: value for name, value in resource.items() if name not in ("id", "meta")}
    kept = {**rest, **({"meta": meta} if meta else {})}
    return json.dumps(_followed(kept, named), sort_keys=True)


def _followed(value: object, named: dict[str, str]) -> object:
    if isinstance(value, dict):
        return {
            name: named.get(str(each), "elsewhere" if not named else each)
            if name == "reference" and not str(each).startswith("#")
            else _followed(each, named)
            for name, each in value.items()
        }
    return [_followed(each, named) for each in value] if isinstance(value, list) else value


def came() -> list[Json]:
    """A record with every kind of entry, a visit that counts, and who is named."""
    others = ("Patient", "Practitioner")
    held = [each for each in made_up.EVERYTHING if each["resourceType"] not in others]
    return [patient("alice"), encounter("e1"), *held]


def test_export_import_export_loses_nothing(tmp_path):
    once = brought(tmp_path / "one", came())
    again = brought(tmp_path / "two", once)
    assert len(once) > len(made_up.EVERYTHING)
    assert told(again) == told(once)


def test_nor_does_that_of_a_synthea_patient(tmp_path):
    held = max(records().values(), key=_notes)
    once = brought(tmp_path / "one", [*held, *roster_of(held)], synthetic_identifiers=True)
    more = roster_of(once)
    again = brought(tmp_path / "two", [*once, *more], synthetic_identifiers=True)
    assert _notes(once) == _notes(held) > 0
    assert told(again) == told(once)


def _notes(resources: list[Json]) -> int:
    return sum(each["resourceType"] == "DocumentReference" for each in resources)


def roster_of(resources: list[Json]) -> list[Json]:
    """Who worked where, as the visits say it; an export of one patient has no roster."""
    pairs = {
        (each["participant"][0]["individual"]["reference"], each["serviceProvider"]["reference"])
        for each in resources
        if each["resourceType"] == "Encounter" and each.get("participant")
    }
    return [role(f"role-{n}", *pair) for n, pair in enumerate(sorted(pairs))]


def test_the_export_holds_everything_that_came(tmp_path):
    out = told(brought(tmp_path / "one", came()))
    for each in came():
        assert _bare_kind(each) in [_bare_kind(json.loads(text)) for text in out]


def _bare_kind(resource: Json) -> str:
    """The resource without ids and where references lead."""
    return _bare(resource, {}) if "id" in resource else _bare({**resource, "id": ""}, {})
