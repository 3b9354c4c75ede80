"""Django's settings. What differs from machine to machine comes from `home`."""

from __future__ import annotations

import os

from wellpost.server.config.home import database, home, secret_key, switched_on

DEMO = switched_on("WELLPOST_DEMO")
DEBUG = switched_on("WELLPOST_DEBUG")
HOME = home()
SECRET_KEY = secret_key()
SITE_ADDRESS = os.environ.get("WELLPOST_ADDRESS", "http://localhost:8000")
ALLOWED_HOSTS = os.environ.get("WELLPOST_HOSTS", "localhost").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "wellpost.server.ui",
    "wellpost.server.clock",
    "wellpost.server.audit",
    "wellpost.server.people",
    "wellpost.server.notices",
    "wellpost.server.records",
    "wellpost.server.messaging",
    "wellpost.server.quality",
    "wellpost.server.intake",
    "wellpost.server.portal",
    "wellpost.server.clinic",
    *(["wellpost.server.demo"] if DEMO else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "wellpost.server.config.urls"
WSGI_APPLICATION = "wellpost.server.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
