"""Django's registration of `records`."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The app `records`."""

    name = "wellpost.server.records"
    default_auto_field = "django.db.models.BigAutoField"
