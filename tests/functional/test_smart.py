"""A SMART walk in the browser, with an app that nobody here wrote: npm `fhirclient`.

It registers, the practice approves it, it launches, Alice agrees, it reads and renews; she ends it,
and it is refused.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.functional.conftest import at_each_width
from tests.server.conftest import make_patient
from wellpost.server.records.keeping import keep
from wellpost.server.records.models import PortalAction
from wellpost.server.smart.actions import connect, decide
from wellpost.server.smart.models import App, Connection, Decision
from wellpost.server.smart.registering import register

pytestmark = pytest.mark.django_db(transaction=True)
CLIENT = Path(__file__).parents[1] / "data/fhirclient/fhir-client.pure.min.js.gz"
SCOPE = "launch/patient openid fhirUser offline_access patient/*.rs"
START = '<!doctype html><title>App</title><script src="fhir-client.js"></script>'
BACK = """<!doctype html><title>App</title><script src="fhir-client.js"></script><script>
FHIR.oauth2.ready().then((client) => { window.client = client; document.title = "Ready"; })
  .catch((wrong) => { document.title = "Refused: " + wrong.message; });
</script>"""


@pytest.fixture
def here(settings, live_server) -> Iterator[str]:
    """The server's own address, as it listens in this test."""
    settings.SITE_ADDRESS = live_server.url
    issuer = {"OIDC_ISS_ENDPOINT": f"{live_server.url}/smart"}
    settings.OAUTH2_PROVIDER = settings.OAUTH2_PROVIDER | issuer
    yield live_server.url


@pytest.fixture
def pulse(alice) -> None:
    """Something to read."""
    resource = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
        "subject": {"reference": f"Patient/{alice.pk}"},
        "effectiveDateTime": "2021-06-03",
    }
    keep(practice=alice.practice, patient=alice, resource=resource, by=None)


class OwnSite(BaseHTTPRequestHandler):
    """The app's own site: two pages and the client."""

    def do_GET(self) -> None:
        """One of them."""
        served = {
            "/": (START.encode(), "text/html"),
            "/back": (BACK.encode(), "text/html"),
            "/fhir-client.js": (gzip.decompress(CLIENT.read_bytes()), "text/javascript"),
        }
        body, form = served.get(self.path.partition("?")[0], (b"", "text/plain"))
        self.send_response(200)
        self.send_header("Content-Type", form)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def at() -> Iterator[str]:
    """Where the app has its site: on its user's own machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), OwnSite)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def in_app(page: Page, script: str, given: Any = None) -> Any:
    """What the app's own code gives, its errors as text."""
    return page.evaluate(
        f"async (given) => {{ try {{ return await ({script}); }}"
        " catch (wrong) { return 'wrong: ' + wrong.message; } }",
        given,
    )


def test_an_app_registers_is_let_in_reads_renews_and_is_ended(
    here, at, browser_page, alice, ada_admin, pulse, violations, screenshot
):
    page = browser_page("phone", alice.user, expect_errors=True)
    page.goto(f"{at}/")
    said = {
        "client_name": "Heart Diary",
        "redirect_uris": [f"{at}/back"],
        "token_endpoint_auth_method": "none",
        "client_uri": "https://app.example",
    }
    sends = """fetch(given.at, {method: 'POST', headers: {'Content-Type': 'application/json'},
      body: JSON.stringify(given.said)}).then((answer) => answer.json())"""
    told = in_app(page, sends, {"at": f"{here}/smart/register/", "said": said})
    asks = {"iss": f"{here}/fhir", "clientId": told["client_id"], "scope": SCOPE}
    launch = "FHIR.oauth2.authorize({...given, redirectUri: 'back', pkceMode: 'required'})"

    in_app(page, launch, asks)
    expect(page.get_by_role("heading", name="Heart Diary cannot be connected")).to_be_visible()
    assert not violations(page)

    desk = browser_page("desk", ada_admin)
    desk.goto(reverse("clinic:apps"))
    assert not violations(desk)
    screenshot(desk, "apps-waiting")
    desk.get_by_role("link", name="Heart Diary").click()
    expect(desk.get_by_label("Approve: patients can connect it")).to_be_visible()
    assert not violations(desk)
    screenshot(desk, "app-decision")
    desk.get_by_label("Approve: patients can connect it").check()
    desk.get_by_role("button", name="Decide").click()
    expect(desk.get_by_text("Patients can connect Heart Diary from now on.")).to_be_visible()

    page.goto(f"{at}/")
    in_app(page, launch, asks)
    expect(
        page.get_by_role("heading", name="Let Heart Diary read the health record?")
    ).to_be_visible()
    assert not violations(page)
    screenshot(page, "app-consent")
    page.get_by_label("Goals").first.uncheck()
    page.get_by_role("button", name="Agree").click()
    page.wait_for_url(f"{at}/back*")
    expect(page).to_have_title("Ready")

    assert in_app(page, "client.patient.id") == str(alice.pk)
    assert in_app(page, "client.patient.read().then((one) => one.name[0].family)") == "Arden"
    assert in_app(page, "client.request('Observation?code=8867-4').then((all) => all.total)") == 1
    refused = in_app(page, "client.request('Goal')")
    assert "403" in str(refused) or "Forbidden" in str(refused), refused
    before = in_app(page, "client.state.tokenResponse.access_token")
    renewed = in_app(page, "client.refresh().then((state) => state.tokenResponse.access_token)")
    assert renewed != before and not str(renewed).startswith("wrong"), renewed
    assert in_app(page, "client.request('Observation').then((all) => all.total)") == 1
    assert in_app(page, "client.user.fhirUser").endswith(f"Patient/{alice.pk}")
    (used,) = PortalAction.objects.all()
    assert (used.action, used.through) == ("api", "Heart Diary")

    own = browser_page("phone", alice.user)
    own.goto(reverse("portal:apps", args=[alice.pk]))
    expect(own.get_by_role("heading", name="Heart Diary")).to_be_visible()
    assert not violations(own)
    screenshot(own, "apps-phone")
    own.get_by_role("button", name="End the access of Heart Diary").click()
    expect(own.get_by_text("can read nothing more from this moment")).to_be_visible()
    assert not violations(own)
    assert "wrong" in str(in_app(page, "client.request('Observation')"))
    assert Connection.objects.get().ended_because == "person"


def test_whoever_refuses_goes_back_with_nothing(here, at, browser_page, alice, practice, ada_admin):
    app = register({"client_name": "Heart Diary", "redirect_uris": [f"{at}/back"],
                    "token_endpoint_auth_method": "none"}).app  # fmt: skip
    decide(app=app, practice=practice, by=ada_admin, decision=Decision.APPROVED)
    page = browser_page("desk", alice.user, expect_errors=True)
    page.goto(f"{at}/")
    asks = {"iss": f"{here}/fhir", "clientId": app.client_id, "scope": SCOPE}
    in_app(page, "FHIR.oauth2.authorize({...given, redirectUri: 'back'})", asks)
    page.get_by_role("button", name="Refuse").click()
    page.wait_for_url(f"{at}/back?error=access_denied*")
    expect(page).to_have_title(re.compile("Refused"))
    assert App.objects.count() == 1
    assert not Connection.objects.exists()


def test_every_page_about_apps_holds_at_both_widths(
    here, browser_page, alice, amir, practice, ada_admin, violations, screenshot
):
    said = {
        "client_name": "Heart Diary",
        "redirect_uris": ["https://app.example/back"],
        "token_endpoint_auth_method": "none",
    }
    app, waiting = register(said).app, register(said | {"client_name": "Step Counter"}).app
    decide(app=app, practice=practice, by=ada_admin, decision=Decision.APPROVED)
    make_patient(practice, "Ann Arden").representatives.create(
        user=alice.user, name="Alice Arden", relationship="parent", starts_on="2020-01-01"
    )
    made = connect(app=app, patient=alice, by=alice.user, scope="patient/*.rs offline_access")
    Connection.objects.filter(pk=made.pk).update(began_at=made.agreed_at)
    asks = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": "https://app.example/back",
        "scope": f"{SCOPE} patient/Observation.c patient/Communication.crus patient/AuditEvent.rs",
        "aud": f"{here}/fhir",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }
    addresses = {
        "apps": (alice.user, reverse("portal:apps", args=[alice.pk])),
        "apps-another": (amir.user, reverse("portal:apps", args=[alice.pk])),
        "app-consent-several": (alice.user, f"{reverse('smart:authorize')}?{urlencode(asks)}"),
        "clinic-apps": (ada_admin, reverse("clinic:apps")),
        "clinic-app-waiting": (ada_admin, reverse("clinic:app", args=[waiting.pk])),
        "clinic-app-approved": (ada_admin, reverse("clinic:app", args=[app.pk])),
    }
    found = []
    for name, (user, address) in addresses.items():
        page = browser_page("desk", user)
        page.goto(address)
        for width in at_each_width(page):
            wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            found += [*violations(page), *([f"{name} is too wide"] if wide else [])]
            screenshot(page, f"{name}-{width}")
    assert not found
