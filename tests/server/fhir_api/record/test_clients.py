"""Clients that nobody here wrote get in and read: SMART's `fhirclient`, and `fhirpy`."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import requests
from fhirclient.client import FHIRClient
from fhirclient.models.observation import Observation
from fhirclient.models.patient import Patient as FHIRPatient
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound

from tests.server.fhir_api.record.conftest import observation
from tests.server.smart.conftest import BACK, EVERYTHING, Phone
from tests.worlds.waiting import HUNG
from wellpost.server.clock import time as clock
from wellpost.server.smart.actions import disconnect

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here(settings, live_server) -> str:
    """The FHIR server's base, where it listens in this test."""
    settings.SITE_ADDRESS = live_server.url
    issuer = {"OIDC_ISS_ENDPOINT": f"{live_server.url}/smart"}
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | issuer
    return f"{live_server.url}/fhir"


def test_the_smart_client_of_python_launches_reads_searches_and_renews(
    here, approved, alice, as_user, has
):
    for day in ("2021-06-01", "2021-06-02", "2021-06-03"):
        has(alice, observation(on=day, subject={"reference": f"Patient/{alice.pk}"}))
    asked = {"app_id": approved.app.client_id, "api_base": here, "redirect_uri": BACK}
    smart = FHIRClient(settings=asked | {"scope": EVERYTHING})
    smart.prepare()
    page = urlsplit(smart.authorize_url)
    browser = as_user(alice.user)
    shown = browser.get(f"{page.path}?{page.query}")
    form = shown.context["form"]
    sent = {name: form[name].initial for name in form.fields} | {"agree": "yes"}
    with clock.held_at(datetime.now(UTC)):  # as the server does, which listens on another thread
        answer = browser.post(shown.wsgi_request.get_full_path(), sent)
    smart.handle_callback(answer.url)
    assert smart.ready and smart.patient_id == str(alice.pk)
    assert smart.human_name(smart.patient.name[0]) == "Alice Arden"
    found = Observation.where({"code": "8867-4", "_count": "2"}).perform(smart.server)
    assert len(found.entry) == 2 and found.link[-1].relation == "next"
    assert found.entry[0].resource.effectiveDateTime.isostring.startswith("2021-06-03")
    everything = Observation.where({"code": "8867-4", "_count": "1"})
    assert len(list(everything.perform_resources_iter(smart.server))) == 3
    before = smart.server.auth.access_token
    assert smart.reauthorize() and smart.server.auth.access_token != before
    assert FHIRPatient.read(str(alice.pk), smart.server).birthDate.isostring == "1980-02-03"
    smart.server.session.close()


def test_fhirpy_reads_searches_pages_and_is_refused_in_its_own_words(
    here, approved, alice, bob, as_user, has
):
    mine = has(alice, observation(on="2021-06-02"))
    has(alice, observation(on="2021-06-01"))
    theirs = has(bob, observation())
    phone = Phone(approved, as_user(alice.user))
    token = phone.connect(aud=here)["access_token"]
    client = SyncFHIRClient(here, authorization=f"Bearer {token}")
    observations = client.resources("Observation").search(patient=str(alice.pk))
    assert len(observations.limit(1).fetch_all()) == 2
    assert observations.count() == 2
    assert observations.sort("-date").first().id == str(mine.pk)
    assert client.get("Observation", str(mine.pk))["valueQuantity"]["value"] == 70
    assert client.resources("Observation").search(patient=str(bob.pk)).fetch() == []
    with pytest.raises(ResourceNotFound):
        client.get("Observation", str(theirs.pk))
    with pytest.raises(OperationOutcome, match="no modifier"):
        client.resources("Observation").search(**{"code:not": "1"}).fetch()
    disconnect(app=approved.app, patient=alice, by=alice.user)
    ended = requests.get(
        f"{here}/Observation", headers={"Authorization": f"Bearer {token}"}, timeout=HUNG
    )
    assert ended.status_code == 401 and "invalid_token" in ended.headers["WWW-Authenticate"]
