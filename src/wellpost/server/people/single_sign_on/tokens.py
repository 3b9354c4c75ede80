"""The ID token: what must hold before it is believed (OpenID Connect Core 1.0, section 3.1.3.7)."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from jwcrypto.common import JWException
from jwcrypto.jwt import JWT, JWTMissingKey

from .errors import NotSignedOnError
from .provider import Provider, in_use, keys_of, userinfo

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
"""Signed by the provider alone: none, and no HMAC, whose key would be our own secret."""
LEEWAY = 60
FRESH = 300
"""Seconds: by how much clocks may differ, and how long ago somebody proved it once more."""


class Identity(NamedTuple):
    """Who the provider says it is."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    proofs: frozenset[str]
    proved_at: float | None
    session: str = ""


def identity(
    found: Provider, tokens: Mapping[str, Any], *, nonce: str, again: bool = False
) -> Identity:
    """Whom the tokens are of; NotSignedOnError unless the ID token holds. `again`: proved now."""
    claims = _claims(found, str(tokens.get("id_token", "")), nonce)
    told = claims if "email" in claims else {**claims, **_more(found, tokens, claims["sub"])}
    read = Identity(
        issuer=found.issuer,
        subject=claims["sub"],
        email=str(told.get("email", "")),
        email_verified=told.get("email_verified") is True,
        proofs=_proofs(claims),
        proved_at=_seconds(claims.get("auth_time")),
        session=text(claims, "sid"),
    )
    if again and (read.proved_at is None or time.time() - read.proved_at > FRESH):
        raise NotSignedOnError("not_proved_again")
    return read


def has_second_factor(read: Identity) -> bool:
    """Whether the provider asked for a second factor as the settings want it (acr, amr)."""
    return bool(read.proofs & in_use().second_factor)


def _claims(found: Provider, raw: str, nonce: str) -> dict[str, Any]:
    _header, claims = believed(found, raw, ("exp", "iat", "sub", "nonce"))
    if claims.get("nonce") != nonce:
        raise NotSignedOnError("wrong_nonce")
    if _audiences(claims) != [in_use().client_id] and claims.get("azp") != in_use().client_id:
        raise NotSignedOnError("other_audience")
    if not text(claims, "sub"):
        raise NotSignedOnError("no_subject")
    return claims


def believed(
    found: Provider, raw: str, needed: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token that the provider signed for us, that holds today and has all
    that is `needed`; else NotSignedOnError.
    """
    try:
        token = _checked(found, raw, needed, anew=False)
    except JWTMissingKey:
        token = _retried(found, raw, needed)
    except (JWException, ValueError, TypeError):
        raise NotSignedOnError("token_refused") from None
    return json.loads(token.header), json.loads(token.claims)


def text(claims: Mapping[str, Any], name: str) -> str:
    """A claim that is a name, of a length that names have; nothing for anything else."""
    said = claims.get(name)
    return said if isinstance(said, str) and len(said) <= 255 else ""


def _retried(found: Provider, raw: str, needed: tuple[str, ...]) -> JWT:
    """The provider may have changed its keys within the hour."""
    try:
        return _checked(found, raw, needed, anew=True)
    except (JWException, ValueError, TypeError):
        raise NotSignedOnError("token_refused") from None


def _checked(found: Provider, raw: str, needed: tuple[str, ...], *, anew: bool) -> JWT:
    ours = {"iss": found.issuer, "aud": in_use().client_id}
    wanted = {**ours, **dict.fromkeys(needed)}
    token = JWT(check_claims=wanted, algs=ALGORITHMS, expected_type="JWS")
    token.leeway = LEEWAY
    token.deserialize(raw, keys_of(found, anew=anew))
    return token


def _more(found: Provider, tokens: Mapping[str, Any], subject: str) -> dict[str, Any]:
    """The address, where the ID token has none; of the same person, and nobody else's."""
    if not found.userinfo or not tokens.get("access_token"):
        return {}
    said = userinfo(found, str(tokens["access_token"]))
    if said.get("sub") != subject:
        raise NotSignedOnError("other_subject")
    return {name: said[name] for name in ("email", "email_verified") if name in said}


def _proofs(claims: Mapping[str, Any]) -> frozenset[str]:
    methods = claims.get("amr")
    listed = methods if isinstance(methods, list) else []
    return frozenset(str(each) for each in [claims.get("acr"), *listed] if each)


def _audiences(claims: Mapping[str, Any]) -> list[str]:
    named = claims["aud"]
    return named if isinstance(named, list) else [named]


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
