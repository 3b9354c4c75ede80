"""Where an app finds what: SMART's configuration, OpenID's, and the keys that sign ID tokens."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from jwcrypto.jwk import JWK

from . import scopes
from .addresses import at, issuer, site
from .crossing import from_anywhere
from .registering import METHODS

CAPABILITIES = (
    "authorize-post",
    "launch-standalone",
    "client-public",
    "client-confidential-symmetric",
    "context-standalone-patient",
    "permission-offline",
    "permission-online",
    "permission-patient",
    "permission-v1",
    "permission-v2",
    "sso-openid-connect",
)

_HL7, _US_CORE = "http://terminology.hl7.org/CodeSystem", "http://hl7.org/fhir/us/core/CodeSystem"
_CATEGORIES = {
    "Condition": (
        f"{_HL7}/condition-category|encounter-diagnosis",
        f"{_HL7}/condition-category|problem-list-item",
        f"{_US_CORE}/condition-category|health-concern",
    ),
    "Observation": (
        *(
            f"{_HL7}/observation-category|{each}"
            for each in ("laboratory", "social-history", "survey", "vital-signs")
        ),
        f"{_US_CORE}/us-core-category|sdoh",
    ),
}
NARROW = tuple(
    f"patient/{kind}.rs?category={each}" for kind, held in _CATEGORIES.items() for each in held
)
"""Scopes of a part of a kind that US Core asks for by name; every other token can narrow too."""


@from_anywhere("GET")
@require_safe
def smart_configuration(request: HttpRequest) -> HttpResponse:
    """`.well-known/smart-configuration` (SMART App Launch 2.2, Conformance)."""
    return JsonResponse(_common() | {"capabilities": CAPABILITIES})


@from_anywhere("GET")
@require_safe
def openid_configuration(request: HttpRequest) -> HttpResponse:
    """`.well-known/openid-configuration` (OpenID Connect Discovery 1.0)."""
    own = {
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "fhirUser"],
    }
    return JsonResponse(_common() | own)


@from_anywhere("GET")
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public key of ID tokens (RFC 7517)."""
    return JsonResponse({"keys": [_public(settings.OAUTH2_PROVIDER["OIDC_RSA_PRIVATE_KEY"])]})


@cache
def _public(pem: str) -> dict[str, Any]:
    """What of a key everybody may know; reading one takes a tenth of a second."""
    key = JWK.from_pem(pem.encode())
    told: dict[str, Any] = key.export_public(as_dict=True)
    return told | {"kid": key.thumbprint(), "use": "sig", "alg": "RS256"}


def _common() -> dict[str, Any]:
    return {
        "issuer": issuer(),
        "jwks_uri": at("keys"),
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "revocation_endpoint": at("revoke"),
        "introspection_endpoint": at("introspect"),
        "registration_endpoint": at("register"),
        "management_endpoint": f"{site()}{reverse('portal:inbox')}",
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "response_types_supported": ["code"],
        "scopes_supported": [*scopes.BESIDES, *scopes.every(), *NARROW],
        "token_endpoint_auth_methods_supported": list(METHODS),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }
