"""An app registers itself (RFC 7591). It gets a name to call by, and no access at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from oauth2_provider.generators import generate_client_secret

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.clock import time as clock

from .models import App

NONE, BASIC, POST = "none", "client_secret_basic", "client_secret_post"
METHODS = (NONE, BASIC, POST)
GRANTS = ("authorization_code", "refresh_token")
MOST_REDIRECTS, LONGEST_ADDRESS, LONGEST_NAME = 10, 500, 100


@dataclass(eq=False)
class NotRegistered(Exception):  # noqa: N818 - an answer, and no fault of the program
    """What is wrong with what an app says of itself; `code` is one of RFC 7591, 3.2.2."""

    code: str
    sentence: str


@dataclass(frozen=True)
class Registered:
    """The app, and its secret where it can keep one: shown once, for only its hash is kept."""

    app: App
    secret: str
    method: str


@transaction.atomic
def register(said: Mapping[str, Any]) -> Registered:
    """Keep an app by what it says of itself; NotRegistered says what is wrong with it."""
    _require_code_alone(said)
    method = _one_of(said, "token_endpoint_auth_method", METHODS, BASIC)
    secret = generate_client_secret() if method != NONE else ""
    app = App.objects.create(
        name=_name(said),
        redirect_uris=" ".join(redirects(said.get("redirect_uris"))),
        client_type=App.CLIENT_PUBLIC if method == NONE else App.CLIENT_CONFIDENTIAL,
        client_secret=secret or generate_client_secret(),  # one that nobody knows
        authorization_grant_type=App.GRANT_AUTHORIZATION_CODE,
        algorithm=App.RS256_ALGORITHM,
        registration_source="dcr",
        website=_page(said, "client_uri"),
        privacy_page=_page(said, "policy_uri"),
        contact=_contact(said.get("contacts")),
        registered_at=clock.now(),
    )
    record(by=None, deed=Deed.APP_REGISTERED, target=app)
    return Registered(app, secret, method)


def redirects(value: object) -> list[str]:
    """Where an app may be sent back to: https, or http on the user's own machine (RFC 8252)."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_REDIRECTS:
        raise _wrong_redirect(f"redirect_uris is a list of one to {MOST_REDIRECTS} addresses.")
    for each in value:
        if not isinstance(each, str) or not _may_be_redirected_to(each):
            raise _wrong_redirect(
                "each of redirect_uris is a whole https:// address, or http:// with 127.0.0.1, "
                "[::1] or localhost; none has a fragment, a name or a space in it."
            )
    return list(dict.fromkeys(value))


def _may_be_redirected_to(address: str) -> bool:
    if len(address) > LONGEST_ADDRESS or not address.isascii() or not address.isprintable():
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    if any(mark in address for mark in " #\\*;,'\"") or "@" in parts.netloc or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_own_machine(parts.hostname))


def _is_own_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _require_code_alone(said: Mapping[str, Any]) -> None:
    """Apps get in by a code; every other way of OAuth is closed (RFC 9700)."""
    grants, responses = said.get("grant_types", ["authorization_code"]), said.get("response_types")
    if not isinstance(grants, list) or "authorization_code" not in grants:
        raise _wrong("grant_types must hold authorization_code.")
    if unknown := [each for each in grants if each not in GRANTS]:
        raise _wrong(f"grant_types may hold {' and '.join(GRANTS)}; {len(unknown)} others do not.")
    if responses not in (None, ["code"]):
        raise _wrong('response_types must be ["code"].')


def _one_of(said: Mapping[str, Any], name: str, values: tuple[str, ...], usual: str) -> str:
    found = said.get(name, usual)
    if found not in values:
        raise _wrong(f"{name} is one of {', '.join(values)}.")
    return str(found)


def _name(said: Mapping[str, Any]) -> str:
    found = said.get("client_name")
    if not isinstance(found, str) or not found.strip() or not found.isprintable():
        raise _wrong("client_name is missing; it is what patients read before they agree.")
    if len(found) > LONGEST_NAME:
        raise _wrong(f"client_name may have {LONGEST_NAME} characters.")
    return found.strip()


def _page(said: Mapping[str, Any], name: str) -> str:
    """The address of a page that is shown as a link: https alone."""
    found = said.get(name, "")
    if not isinstance(found, str) or len(found) > LONGEST_ADDRESS:
        raise _wrong(f"{name} is an https:// address.")
    if found and (not found.startswith("https://") or not _may_be_redirected_to(found)):
        raise _wrong(f"{name} is an https:// address.")
    return found


def _contact(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, list) or not all(map(_is_line, value)):
        raise _wrong("contacts is a list of addresses.")
    return ", ".join(value)[:320]


def _is_line(value: object) -> bool:
    return isinstance(value, str) and value.isprintable()


def _wrong(sentence: str) -> NotRegistered:
    return NotRegistered("invalid_client_metadata", sentence)


def _wrong_redirect(sentence: str) -> NotRegistered:
    return NotRegistered("invalid_redirect_uri", sentence)
