"""Django's registration of `audit`."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The app `audit`."""

    name = "wellpost.server.audit"
    default_auto_field = "django.db.models.BigAutoField"
