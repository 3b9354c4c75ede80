"""What apps ask without their user: tokens, their end, what a token is; and their registration."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from oauth2_provider.oauth2_backends import get_oauthlib_core
from oauthlib.common import Request as OAuthRequest

from . import scopes
from .access import still_allowed
from .addresses import fhir_user, issuer
from .crossing import from_anywhere
from .models import AccessToken
from .registering import NotRegistered, Registered, register
from .validating import Validator

LARGEST = 20_000
"""Bytes of what an app may say of itself."""


@csrf_exempt
@from_anywhere("POST")
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """A code, or a refresh token, turned into tokens (RFC 6749)."""
    _, headers, body, status = get_oauthlib_core().create_token_response(request)
    return _plain(body, status, headers)


@csrf_exempt
@from_anywhere("POST")
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """The app gives back what it has (RFC 7009)."""
    _, headers, body, status = get_oauthlib_core().create_revocation_response(request)
    return _plain(body, status, headers)


@csrf_exempt
@from_anywhere("POST")
@require_POST
def introspect(request: HttpRequest) -> HttpResponse:
    """What one of the app's own tokens is good for (RFC 7662); of any other, that it is not."""
    client = _client(request)
    if client is None:
        sentence = "Say who asks: client_id, with its secret where there is one."
        return _wrong("invalid_client", sentence, 401)
    digest = sha256(request.POST.get("token", "").encode()).hexdigest()
    held = AccessToken.objects.filter(
        token_checksum=digest, application=client, expires__gt=timezone.now()
    )
    found = held.select_related("connection__user", "connection__app", "connection__patient")
    return JsonResponse(_told(found.first()))


@csrf_exempt
@from_anywhere("POST")
@require_POST
def registration(request: HttpRequest) -> HttpResponse:
    """An app registers (RFC 7591); at most a few an hour from one address."""
    if not ratelimit.consume(request, action="app_registration"):
        return _wrong("invalid_client_metadata", "Too many at once; try again in an hour.", 429)
    try:
        return JsonResponse(_registered(register(_said(request))), status=201)
    except NotRegistered as refused:
        return _wrong(refused.code, refused.sentence, 400)


def _plain(body: str | None, status: int, headers: dict[str, str]) -> HttpResponse:
    answer = HttpResponse(body or "", status=status, content_type="application/json")
    for name, value in headers.items():
        answer[name] = value
    return answer


def _wrong(code: str, sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"error": code, "error_description": sentence}, status=status)


def _client(request: HttpRequest) -> Any:
    """The app that asks, proved by its secret where it has one."""
    uri, method, body, headers = get_oauthlib_core()._extract_params(request)
    asked, validator = OAuthRequest(uri, method, body, headers), Validator()
    if validator.client_authentication_required(asked):
        return asked.client if validator.authenticate_client(asked) else None
    return asked.client if validator.authenticate_client_id(asked.client_id, asked) else None


def _told(held: AccessToken | None) -> dict[str, Any]:
    connection = held.connection if held else None
    if held is None or connection is None or not still_allowed(connection):
        return {"active": False}
    told: dict[str, Any] = {
        "active": True,
        "scope": held.scope,
        "client_id": connection.app.client_id,
        "exp": int(held.expires.timestamp()),
        "patient": str(connection.patient_id),
    }
    if scopes.OPENID in held.scope.split():
        told |= {"iss": issuer(), "sub": str(connection.user_id)}
    if scopes.FHIR_USER in held.scope.split():
        told["fhirUser"] = fhir_user(connection)
    return told


def _said(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise NotRegistered("invalid_client_metadata", "Send JSON, as application/json.")
    try:
        if int(request.headers.get("Content-Length") or 0) > LARGEST:
            raise ValueError
        said = orjson.loads(request.body)
    except ValueError:
        sentence = f"The body is no JSON of at most {LARGEST} bytes."
        raise NotRegistered("invalid_client_metadata", sentence) from None
    if not isinstance(said, dict):
        raise NotRegistered("invalid_client_metadata", "The body is JSON, but no object.")
    return said


def _registered(made: Registered) -> dict[str, Any]:
    app = made.app
    told: dict[str, Any] = {
        "client_id": app.client_id,
        "client_id_issued_at": int(app.registered_at.timestamp()),
        "client_name": app.name,
        "redirect_uris": app.redirect_uris.split(),
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": made.method,
    }
    if made.secret:
        told |= {"client_secret": made.secret, "client_secret_expires_at": 0}
    return told
