"""Django's registration of `smart`."""

from django.apps import AppConfig


class SmartConfig(AppConfig):
    """The app `smart`."""

    name = "wellpost.server.smart"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what happens to accounts."""
        from . import signals  # noqa: F401 - connects the receivers
