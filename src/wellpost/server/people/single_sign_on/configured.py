"""What the environment says of the practice's own sign-in: WELLPOST_OIDC_ISSUER and neighbours."""

from __future__ import annotations

import os
from typing import NamedTuple
from urllib.parse import urlsplit

from wellpost.errors import RequestError

_HERE = {"localhost", "127.0.0.1", "::1"}


class SingleSignOn(NamedTuple):
    """The provider and what we are to it. Without an `issuer` there is none. `hours`: how long
    a session holds after the sign-in there.
    """

    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    name: str = ""
    second_factor: frozenset[str] = frozenset()
    hours: int = 12


def single_sign_on() -> SingleSignOn:
    """What WELLPOST_OIDC_ISSUER and its neighbours say; RequestError for what cannot be."""
    issuer = os.environ.get("WELLPOST_OIDC_ISSUER", "").strip()
    client_id = os.environ.get("WELLPOST_OIDC_CLIENT_ID", "").strip()
    if issuer and not is_safe(issuer):
        raise RequestError(
            "WELLPOST_OIDC_ISSUER must be the issuer's address, beginning with https://."
        )
    if issuer and not client_id:
        raise RequestError("WELLPOST_OIDC_CLIENT_ID is empty; write what the issuer calls us.")
    proofs = os.environ.get("WELLPOST_OIDC_SECOND_FACTOR", "").split(",")
    return SingleSignOn(
        issuer=issuer,
        client_id=client_id,
        client_secret=os.environ.get("WELLPOST_OIDC_CLIENT_SECRET", ""),
        name=os.environ.get("WELLPOST_OIDC_NAME", "").strip(),
        second_factor=frozenset(each.strip() for each in proofs if each.strip()),
    )


def is_safe(address: str) -> bool:
    """Whether what is asked there is read by nobody on the way: https, or on this machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    )
