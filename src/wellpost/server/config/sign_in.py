"""django-allauth's settings: how one signs in (its documentation names each)."""

from __future__ import annotations

import os

_ADDRESS = os.environ.get("WELLPOST_ADDRESS", "http://localhost:8000")

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "wellpost.server.people.sign_in.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# By a code typed where one signs in: a letter that went astray opens nothing.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _ADDRESS.startswith("https://") else "http"
ACCOUNT_FORMS = {"reset_password": "wellpost.server.people.sign_in.ResetForm"}
# Besides its own limits. None is kept by an account alone: whoever knew an address could use it
# up, and shut its owner out (people/tries.py).
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "30/m/ip",
    "password_place": "20/m/ip,5/5m/key",
    "password_account": "100/d/key",
    "password_known": "10/10m/key",
    "code_place": "20/m/ip,5/5m/key",
    "code_account": "30/h/key",
    "code_known": "10/10m/key",
    "reset_password": "10/m/ip",
    "single_sign_on": "60/m/ip",
    "single_sign_on_ended": "600/m/ip",
    "single_sign_on_refused": "30/m/ip",
    "invitation": "10/m/ip",
    "member_invitation": "10/m/ip",
    "shared_link": "10/m/ip",
    "send_record": "20/h/user",
    "app_registration": "20/h/ip",
    "set_up": "10/m/ip",
    "phone_code": "5/h/user",
}

MFA_ADAPTER = "wellpost.server.people.second_factors.SecondFactors"
MFA_FORMS = {
    "add_webauthn": "wellpost.server.people.passkeys.AddPasskey",
    "authenticate": "wellpost.server.people.code_forms.CodeForm",
    "reauthenticate": "wellpost.server.people.code_forms.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Browsers count http://localhost as a secure place; the library has to be told.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _ADDRESS.startswith("http://localhost")
MFA_TOTP_ISSUER = "Wellpost"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
