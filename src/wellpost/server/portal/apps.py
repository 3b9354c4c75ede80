"""Django's registration of `portal`."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app `portal`."""

    name = "wellpost.server.portal"
    default_auto_field = "django.db.models.BigAutoField"
