"""django-oauth-toolkit's settings: how an app of the patient's choice gets in.

Its documentation names each. Every switch of RFC 9700 is on.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from wellpost.server.config.home import home, number

# Its own 21 migrations take six seconds to alter tables that are ours (the models below): ours are
# one. A test says when a new version of it asks for another.
MIGRATION_MODULES = {"oauth2_provider": "wellpost.server.oauth_tables.migrations"}
OAUTH2_PROVIDER_APPLICATION_MODEL = "smart.App"
OAUTH2_PROVIDER_GRANT_MODEL = "smart.Grant"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "smart.AccessToken"  # noqa: S105 - a model's name
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "smart.RefreshToken"  # noqa: S105 - a model's name
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "smart.IDToken"  # noqa: S105 - a model's name

_ADDRESS = os.environ.get("WELLPOST_ADDRESS", "http://localhost:8000")
_REFRESH_SECONDS = 180 * 24 * 3600
"""From its last use; the rule asks for three months at least (45 CFR 170.315(g)(10)(v)(A))."""
APP_MONTHS = number("WELLPOST_APP_MONTHS", 12, least=3)
"""From the consent on: the longest that can be chosen there (`smart/lasting.py`)."""


def signing_key() -> str:
    """What ID tokens are signed with: made once, and kept in the home for its owner alone."""
    kept = home() / "signing-key.pem"
    if not kept.exists():
        made = rsa.generate_private_key(public_exponent=65537, key_size=3072)
        text = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        being_written = kept.with_suffix(f".{os.getpid()}")
        with os.fdopen(
            os.open(being_written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        ) as file:
            file.write(text)
        _keep_the_first(being_written, kept)
    return kept.read_text()


def _keep_the_first(written: Path, kept: Path) -> None:
    """Two workers that start at once: the first key stands."""
    try:
        os.link(written, kept)
    except FileExistsError:
        pass
    finally:
        written.unlink()


OAUTH2_PROVIDER: dict[str, Any] = {
    "OAUTH2_VALIDATOR_CLASS": "wellpost.server.smart.validating.Validator",
    "SCOPES_BACKEND_CLASS": "wellpost.server.smart.offered.Offered",
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": f"{_ADDRESS.rstrip('/')}/smart",
    "OIDC_RSA_PRIVATE_KEY": signing_key(),
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "ID_TOKEN_EXPIRE_SECONDS": 3600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": _REFRESH_SECONDS,
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
    "PKCE_REQUIRED": True,
    # http for programs on the user's own machine alone (RFC 8252): registering sees to it.
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"],
    "ALLOW_URI_WILDCARDS": False,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
    # COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME only checks that http is not in the list above.
}
