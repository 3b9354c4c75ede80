"""What every answer says to the browser."""

from __future__ import annotations

import re

import pytest

from tests.server.conftest import signed_in


@pytest.fixture(params=["/account/login/", "/portal/", "/no-such-page/"])
def answer(request, client, alice):
    if request.param == "/portal/":
        signed_in(client, alice.user)
    return client.get(request.param)


def test_nothing_is_stored(answer):
    assert answer["Cache-Control"] == "no-store"


def test_only_our_own_files_run(answer):
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }


def test_the_other_guards_stand(answer):
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer["Permissions-Policy"]
    assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-ID"])


def test_by_https_cookies_belong_to_this_host_alone(settings_of):
    found = settings_of(WELLPOST_ADDRESS="https://mail.example.org")
    assert found["SESSION_COOKIE_NAME"] == "__Host-session"
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is False


def test_on_localhost_plain_names_serve(settings_of):
    found = settings_of(WELLPOST_ADDRESS="http://localhost:8000")
    assert found["SESSION_COOKIE_NAME"] == "session"
    assert found["SECURE_HSTS_SECONDS"] == 0
