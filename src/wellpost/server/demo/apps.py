"""Django's registration of `demo`, which refuses to stand open to the world."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

HERE = {"localhost", "testserver"}


class DemoConfig(AppConfig):
    """The app `demo`. Its passwords stand on a page, so it serves this machine only."""

    name = "wellpost.server.demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Refuse any other host than localhost."""
        hosts = {*settings.ALLOWED_HOSTS, urlsplit(settings.SITE_ADDRESS).hostname}
        if not hosts <= HERE:
            raise ImproperlyConfigured(
                "The demo shows everybody's password, so it is for localhost only. Leave "
                "WELLPOST_HOSTS and WELLPOST_ADDRESS out, or start the real server: wellpost serve."
            )
