"""The toolkit's validator, with what SMART and this server ask besides.

A code, an access token and a refresh token belong to a connection; none works when it has ended,
when the practice no longer approves the app, or when the user no longer stands to the record.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.oauth2.rfc6749 import errors

from wellpost.server.clock import time as clock

from . import actions, scopes
from .access import still_allowed
from .addresses import fhir_user, issuer
from .lasting import seconds_left
from .models import App, Connection, RefreshToken

Request = Any
"""oauthlib's request, on which anything may be set."""


class Validator(OAuth2Validator):
    """What each step of OAuth may do here."""

    oidc_claim_scope = OAuth2Validator.oidc_claim_scope | {"fhirUser": scopes.FHIR_USER}

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """As the toolkit does. Apps without a secret may leave their name out when they renew, as
        SMART's own table of parameters does: the refresh token says whose it is."""
        if request.grant_type == "refresh_token" and not request.client_id:
            request.client_id = _public_owner(request.refresh_token) or request.client_id
        return super().client_authentication_required(request, *args, **kwargs)

    def validate_scopes(
        self,
        client_id: str,
        wanted: list[str],
        client: App,
        request: Request,
        *_: Any,
        **__: Any,
    ) -> bool:
        """What cannot be given is left out, and the answer says what was given (SMART 2.2)."""
        request.scopes = scopes.supported(wanted)
        return bool(request.scopes)

    def validate_code(
        self, client_id: str, code: str, client: App, request: Request, *_: Any, **__: Any
    ) -> bool:
        """A code once. A second time ends what the first one began (RFC 6749, 4.1.2)."""
        if not super().validate_code(client_id, code, client, request):
            _end_if_known(Connection.objects.filter(code_digest=_digest(code), app=client).first())
            return False
        held = Connection.objects.filter(grants__code=code, grants__application=client)
        return self._of(request, held.select_related("app", "user", "patient__practice").first())

    def validate_refresh_token(
        self, refresh_token: str, client: App, request: Request, *_: Any, **__: Any
    ) -> bool:
        """A refresh token once; a second time ends everything that came of the same consent."""
        found = super().validate_refresh_token(refresh_token, client, request)
        held = RefreshToken.objects.filter(
            token_checksum=_digest(refresh_token), application=client
        ).select_related("connection__app", "connection__user", "connection__patient__practice")
        token = held.first()
        if token is not None and token.revoked is not None:
            _end_if_known(token.connection)
        return bool(found) and self._of(request, token.connection if token else None)

    def _of(self, request: Request, connection: Connection | None) -> bool:
        """Note whose the tokens will be, and whether there may be any."""
        if connection is None or not still_allowed(connection) or _offline_too_long(connection):
            return False
        request.connection = connection
        request.extra_credentials = {"patient": str(connection.patient_id)}
        return True

    def save_bearer_token(self, token: Any, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Tokens in one transaction; a refresh token only where one was asked for and allowed."""
        with transaction.atomic():
            _require_unused(getattr(request, "refresh_token_instance", None), request)
            if not {scopes.OFFLINE, scopes.ONLINE} & set(request.connection.scope.split()):
                token.pop("refresh_token", None)
            until = request.connection.runs_out_at
            token["expires_in"] = seconds_left(until, token["expires_in"])
            saved = super().save_bearer_token(token, request, *args, **kwargs)
            if request.grant_type == "authorization_code":
                began = {"began_at": clock.now(), "code_digest": _digest(request.code)}
                Connection.objects.filter(pk=request.connection.pk).update(**began)
            return saved

    def _create_authorization_code(self, request: Request, code: Any, expires: Any = None) -> Any:
        grant = super()._create_authorization_code(request, code, expires)
        grant.connection = request.connection
        grant.save(update_fields=["connection"])
        return grant

    def _create_access_token(self, expires: Any, request: Request, *args: Any, **kw: Any) -> Any:
        token = super()._create_access_token(expires, request, *args, **kw)
        token.connection = request.connection
        token.save(update_fields=["connection"])
        return token

    def _create_refresh_token(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        token = super()._create_refresh_token(request, *args, **kwargs)
        token.connection = request.connection
        token.save(update_fields=["connection"])
        return token

    def revoke_token(
        self, token: str, token_type_hint: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """Either token ends the connection: what an app gives back, it gives back whole."""
        with transaction.atomic():
            held = _connection_of(token, request.client)
            super().revoke_token(token, token_type_hint, request, *args, **kwargs)
            if held is not None:
                actions.give_back(connection=held)

    def get_additional_claims(self, request: Request) -> dict[str, str]:
        """Who signed in, as a resource of the API; told with the scope `fhirUser`."""
        return {"fhirUser": fhir_user(request.connection)}

    def get_oidc_issuer_endpoint(self, request: Request) -> str:
        """The server's address, whatever the request's host is."""
        return issuer()


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _public_owner(refresh_token: str | None) -> str | None:
    held = RefreshToken.objects.filter(
        token_checksum=_digest(refresh_token or ""), application__client_type=App.CLIENT_PUBLIC
    )
    return held.values_list("application__client_id", flat=True).first()


def _end_if_known(connection: Connection | None) -> None:
    if connection is not None:
        actions.misused(connection=connection)


def _connection_of(token: str, client: App) -> Connection | None:
    digest = _digest(token)
    held = Connection.objects.filter(app=client).select_related("app", "patient")
    return (
        held.filter(access_tokens__token_checksum=digest).first()
        or held.filter(refresh_tokens__token_checksum=digest).first()
    )


def _offline_too_long(connection: Connection) -> bool:
    """An app that asked for `online_access` alone has it for the longest a session may last."""
    given = connection.scope.split()
    if scopes.OFFLINE in given or scopes.ONLINE not in given or connection.began_at is None:
        return False
    longest = timedelta(hours=settings.LONGEST_SESSION_HOURS)
    return clock.now() > connection.began_at + longest


def _require_unused(token: RefreshToken | None, request: Request) -> None:
    """Of two renewals at once with one token, the second finds it used."""
    if token is None:
        return
    held = RefreshToken.objects.select_for_update().filter(pk=token.pk, revoked=None)
    if not held.exists():
        raise errors.InvalidGrantError(request=request)
