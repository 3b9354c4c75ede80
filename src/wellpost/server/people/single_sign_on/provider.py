"""The provider as it describes itself (OpenID Connect Discovery 1.0), and asking it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import requests
from django.conf import settings
from jwcrypto.jwk import JWKSet

from .configured import SingleSignOn, is_safe
from .errors import NotSignedOnError

SECONDS = 10
LARGEST = 256 * 1024
KEPT = 3600
ANEW = 30
WELL_KNOWN = "/.well-known/openid-configuration"


class Provider(NamedTuple):
    """Where it is asked what. `says_issuer`: its answers name it (RFC 9207)."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    by_basic: bool
    says_issuer: bool


_known: dict[str, tuple[float, Any]] = {}
"""What was read within the hour, by address."""


def in_use() -> SingleSignOn:
    """What is configured."""
    found: SingleSignOn = settings.SINGLE_SIGN_ON
    return found


def provider() -> Provider:
    """The configured provider; NotSignedOnError where it does not answer, or says it is another."""
    issuer = in_use().issuer
    said = _kept(issuer.rstrip("/") + WELL_KNOWN)
    if said.get("issuer") != issuer:
        raise NotSignedOnError("wrong_issuer")
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(
        issuer=issuer,
        authorization=_address(said, "authorization_endpoint"),
        token=_address(said, "token_endpoint"),
        keys=_address(said, "jwks_uri"),
        userinfo=_address(said, "userinfo_endpoint") if said.get("userinfo_endpoint") else "",
        by_basic="client_secret_basic" in methods,
        says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
    )


def keys_of(found: Provider, *, anew: bool = False) -> JWKSet:
    """The keys it signs with; `anew` when it signed with one that is not among those kept. It is
    asked again after a while only: who makes tokens up has us ask no more than that.
    """
    if anew and _age(found.keys) > ANEW:
        _known.pop(found.keys, None)
    return JWKSet.from_json(json.dumps(_kept(found.keys)))


def exchange(found: Provider, *, code: str, verifier: str, back: str) -> dict[str, Any]:
    """The tokens for a code (RFC 6749 section 4.1.3, RFC 7636)."""
    known_as = in_use()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    if found.by_basic and known_as.client_secret:
        auth = requests.auth.HTTPBasicAuth(known_as.client_id, known_as.client_secret)
        return _asked("POST", found.token, data=form, auth=auth)
    form |= {"client_id": known_as.client_id}
    if known_as.client_secret:
        form |= {"client_secret": known_as.client_secret}
    return _asked("POST", found.token, data=form)


def userinfo(found: Provider, access_token: str) -> dict[str, Any]:
    """What it tells of the person beyond the ID token."""
    return _asked("GET", found.userinfo, headers={"Authorization": f"Bearer {access_token}"})


def forget() -> None:
    """Read everything anew when it is needed next."""
    _known.clear()


def _age(address: str) -> float:
    until, _said = _known.get(address, (0.0, {}))
    return time.monotonic() - (until - KEPT)


def _kept(address: str) -> dict[str, Any]:
    until, held = _known.get(address, (0.0, {}))
    if until < time.monotonic():
        held = _asked("GET", address)
        _known[address] = (time.monotonic() + KEPT, held)
    found: dict[str, Any] = held
    return found


def _asked(way: str, address: str, **more: Any) -> dict[str, Any]:
    """A JSON object; no redirect is followed, and no more is read than such an answer needs."""
    try:
        with requests.request(
            way, address, timeout=SECONDS, allow_redirects=False, stream=True, **more
        ) as answer:
            body = answer.raw.read(LARGEST + 1, decode_content=True)
        said = json.loads(body) if answer.status_code == 200 and len(body) <= LARGEST else None
    except (requests.RequestException, OSError, ValueError):
        raise NotSignedOnError("provider_unreachable") from None
    if not isinstance(said, dict):
        raise NotSignedOnError("provider_refused")
    return said


def _address(said: Mapping[str, Any], name: str) -> str:
    address = said.get(name)
    if not isinstance(address, str) or not is_safe(address):
        raise NotSignedOnError("provider_incomplete")
    return address
