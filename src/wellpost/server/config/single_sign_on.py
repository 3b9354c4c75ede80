"""The practice's own sign-in (OpenID Connect), where WELLPOST_OIDC_ISSUER names one."""

from __future__ import annotations

from wellpost.server.config.home import number
from wellpost.server.people.single_sign_on.configured import single_sign_on

SINGLE_SIGN_ON = single_sign_on()._replace(hours=number("WELLPOST_OIDC_SESSION_HOURS", 12))
