"""Django's settings. What differs from machine to machine comes from `home`."""

from __future__ import annotations

import os
from pathlib import Path

from wellpost.server.config.apps_of_choice import *  # noqa: F403 - settings, apart for their size
from wellpost.server.config.files import *  # noqa: F403 - settings, apart for their size
from wellpost.server.config.home import database, home, hosts, number, secret_key, switched_on
from wellpost.server.config.key_store import *  # noqa: F403 - settings, apart for their size
from wellpost.server.config.logs import LOGS
from wellpost.server.config.mail import mail_backend, mail_server
from wellpost.server.config.networks import admin_networks
from wellpost.server.config.notices import *  # noqa: F403 - settings, apart for their size
from wellpost.server.config.sign_in import *  # noqa: F403 - settings, apart for their size
from wellpost.server.config.single_sign_on import SINGLE_SIGN_ON as SINGLE_SIGN_ON

DEMO = switched_on("WELLPOST_DEMO")
DEBUG = switched_on("WELLPOST_DEBUG")
HOME = home()
SECRET_KEY = secret_key()
SITE_ADDRESS = os.environ.get("WELLPOST_ADDRESS", "http://localhost:8000")
ALLOWED_HOSTS = hosts(SITE_ADDRESS)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "wellpost.server.ui",
    "wellpost.server.clock",
    "wellpost.server.audit",
    "wellpost.server.people",
    "wellpost.server.notices",
    "wellpost.server.records",
    "wellpost.server.messaging",
    "wellpost.server.routing",
    "wellpost.server.from_home",
    "wellpost.server.sharing",
    "wellpost.server.smart",
    "wellpost.server.upkeep",
    "oauth2_provider",
    "wellpost.server.quality",
    "wellpost.server.intake",
    "wellpost.server.fhir_api",
    "wellpost.server.portal",
    "wellpost.server.clinic",
    *(["wellpost.server.demo"] if DEMO else []),
    # Last, so that our templates stand before its own.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "wellpost.server.config.tracing.trace_request",
    "django.middleware.security.SecurityMiddleware",
    "wellpost.server.config.plain_http.refuse_programs",
    "wellpost.server.config.characters.refuse_nul",
    "wellpost.server.fhir_api.first.answer_apps",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wellpost.server.config.headers.limit_content",
    "wellpost.server.config.headers.guard_pages",
    "wellpost.server.upkeep.probes.answer_probes",
    "wellpost.server.upkeep.set_up_page.lead_to_set_up",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wellpost.server.people.known_devices.keep_known",
    "wellpost.server.config.idleness.time_out",
    "wellpost.server.config.second_factor.ask_for_second_factor",
    "wellpost.server.config.administration.HoldToNetworks",
    "wellpost.server.config.characters.RefuseNulInForms",
    "wellpost.server.config.refusals.HideWhatIsNotAllowed",
]

ROOT_URLCONF = "wellpost.server.config.urls"
WSGI_APPLICATION = "wellpost.server.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wellpost.server.config.context.frame",
            ],
        },
    },
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["wellpost.server.people.backend.ByAddress"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
DJANGOS, OURS = "django.contrib.auth.password_validation", "wellpost.server.people.passwords"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{DJANGOS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{DJANGOS}.CommonPasswordValidator"},
    {
        "NAME": f"{DJANGOS}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": f"{OURS}.NoWordsOfThePlace"},
    {"NAME": f"{OURS}.NotBreached"},
]
BREACHED_PASSWORDS = os.environ.get("WELLPOST_BREACHED_PASSWORDS", "")

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
USE_I18N = False  # the words are marked; English is all there is, and looking them up takes long

SECOND_FACTOR_FOR_ALL = switched_on("WELLPOST_SECOND_FACTOR_FOR_ALL")
INVITATION_DAYS = number("WELLPOST_INVITATION_DAYS", 14)
STAFF_IDLE_MINUTES = number("WELLPOST_STAFF_IDLE_MINUTES", 15)
PATIENT_IDLE_MINUTES = number("WELLPOST_PATIENT_IDLE_MINUTES", 30)
LONGEST_SESSION_HOURS = number("WELLPOST_LONGEST_SESSION_HOURS", 12)
STEP_UP_MINUTES = number("WELLPOST_STEP_UP_MINUTES", 10)
EMERGENCY_MINUTES = number("WELLPOST_EMERGENCY_MINUTES", 60)

# The audit: rows are sealed after the commit, and what is sealed is signed outside the database.
SEAL_SECONDS = number("WELLPOST_SEAL_SECONDS", 5)
CHECKPOINT_SECONDS = number("WELLPOST_CHECKPOINT_SECONDS", 300)
CHECKPOINTS = Path(os.environ.get("WELLPOST_CHECKPOINTS") or HOME / "checkpoints")
AUDIT_SIGNER = "wellpost.server.messaging.keys.signer.CheckpointSigner"

# Cookies: by https their names tie them to this one host (RFC 6265bis); plain ones for localhost.
OVER_HTTPS = SITE_ADDRESS.startswith("https://")
SESSION_COOKIE_NAME = "__Host-session" if OVER_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if OVER_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OVER_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
KNOWN_COOKIE_NAME = "__Host-known" if OVER_HTTPS else "known"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "wellpost.server.config.sessions"
SESSION_COOKIE_AGE = LONGEST_SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS]

# Headers
SECURE_SSL_REDIRECT = OVER_HTTPS
PROGRAMS = r"^(fhir/|smart/(?!authorize/))"  # their addresses; to authorize is a page
SECURE_REDIRECT_EXEMPT = [
    r"^health/",  # a load balancer asks without TLS, and learns a word
    PROGRAMS,  # plain_http refuses them
]
SECURE_HSTS_SECONDS = 63_072_000 if OVER_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = OVER_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PROXIES = number("WELLPOST_PROXIES", 0, least=0)
ADMIN_NETWORKS = admin_networks()
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}

# Shared by all workers: what limits attempts and refuses a code used before.
CACHES = {
    "default": {
        "BACKEND": "wellpost.server.config.shared_cache.SharedCache",
        "LOCATION": "wellpost_cache",
    },
}

EMAIL_BACKEND = mail_backend()
EMAIL_FILE_PATH = HOME / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("WELLPOST_MAIL_FROM", "wellpost@localhost")
vars().update(mail_server())

# Far above the longest message: one too long is refused in words and shown back, not cut off.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = LOGS
