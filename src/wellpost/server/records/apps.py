"""Django's registration of `records`."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The app `records`."""

    name = "wellpost.server.records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what happens to people."""
        from . import signals  # noqa: F401 - connects the receivers
