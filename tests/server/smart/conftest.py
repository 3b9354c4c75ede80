"""An app that somebody else wrote, registered, approved, and let in by Alice."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from wellpost.server.people.models import Patient, Practice, User
from wellpost.server.smart.actions import decide
from wellpost.server.smart.models import App, Decision
from wellpost.server.smart.registering import Registered, register

BACK = "https://app.example/back"
FHIR = "http://localhost:8000/fhir"
VERIFIER = "a-verifier-of-enough-characters-to-be-one-0123456789"
EVERYTHING = "launch/patient openid fhirUser offline_access patient/*.rs"
SAID = {
    "client_name": "Heart Diary",
    "redirect_uris": [BACK],
    "token_endpoint_auth_method": "none",
    "client_uri": "https://app.example",
    "policy_uri": "https://app.example/privacy",
}


def challenge(verifier: str = VERIFIER) -> str:
    """The S256 challenge of a verifier (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass
class Phone:
    """The app on its user's phone: it sends the user to agree, and keeps what it gets."""

    made: Registered
    browser: Client
    tokens: dict[str, Any] = field(default_factory=dict)

    @property
    def app(self) -> App:
        """As the server knows it."""
        return self.made.app

    def asks(self, **changes: str | None) -> dict[str, str]:
        """The parameters of its request; None leaves one out."""
        usual: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.app.client_id,
            "redirect_uri": BACK,
            "scope": EVERYTHING,
            "state": "s1",
            "aud": FHIR,
            "code_challenge": challenge(),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (usual | changes).items() if value is not None}

    def page(self, **changes: str | None) -> Any:
        """The page on which its user would agree."""
        return self.browser.get("/smart/authorize/", self.asks(**changes))

    def agree(
        self,
        *,
        without: tuple[str, ...] = (),
        record: object = "",
        months: str = "",
        **changes: Any,
    ) -> Any:
        """Its user agrees, taking away what is in `without`; where the browser is sent then."""
        page = self.page(**changes)
        assert page.status_code == 200, page.content
        form = page.context["form"]
        chosen = {
            name: [each for each in form[name].initial or [] if each not in without]
            for name in ("may", "besides")
            if name in form.fields
        }
        chosen["record_of"] = str(record or form["record_of"].initial)
        if "how_long" in form.fields:
            chosen["how_long"] = months or form["how_long"].initial
        address = page.wsgi_request.get_full_path()
        return self.browser.post(address, {**chosen, "agree": "yes"})

    def code(self, **choices: Any) -> str:
        """The code it is sent back with."""
        answer = self.agree(**choices)
        assert answer.status_code == 302, answer.content
        return parse_qs(urlsplit(answer.url).query)["code"][0]

    def redeem(self, code: str, **changes: str | None) -> Any:
        """The answer to its code."""
        usual: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "client_id": self.app.client_id,
            "client_secret": self.made.secret or None,
            "code_verifier": VERIFIER,
        }
        sent = {name: value for name, value in (usual | changes).items() if value is not None}
        return Client().post("/smart/token/", sent)

    def connect(self, **choices: Any) -> dict[str, Any]:
        """Agreed to, and with tokens in hand."""
        answer = self.redeem(self.code(**choices))
        assert answer.status_code == 200, answer.content
        self.tokens = answer.json()
        return self.tokens

    def refresh(self, token: str | None = None, **changes: str) -> Any:
        """The answer to a refresh token: its own, or the one given."""
        sent = {
            "grant_type": "refresh_token",
            "refresh_token": token or self.tokens["refresh_token"],
            "client_id": self.app.client_id,
            **({"client_secret": self.made.secret} if self.made.secret else {}),
        }
        answer = Client().post("/smart/token/", sent | changes)
        if answer.status_code == 200 and token is None:
            self.tokens = answer.json()
        return answer

    def get(self, path: str, token: str | None = None, **headers: str) -> Any:
        """What the API answers to its token."""
        held = token or self.tokens.get("access_token", "")
        return Client().get(path, headers={"Authorization": f"Bearer {held}", **headers})


@pytest.fixture
def registered(db: None) -> Callable[..., Registered]:
    """An app as it registers itself, with changes to what it says."""
    return lambda **changes: register(SAID | changes)


@pytest.fixture
def approved(registered, practice: Practice, ada_admin: User) -> Registered:
    """A public app that the practice has approved."""
    made = registered()
    decide(app=made.app, practice=practice, by=ada_admin, decision=Decision.APPROVED)
    return made


@pytest.fixture
def phone(approved: Registered, alice: Patient, as_user) -> Phone:
    """The app on Alice's phone."""
    return Phone(approved, as_user(alice.user))


def text_of(page: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
