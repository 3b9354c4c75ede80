"""Django's registration of `intake`."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The app `intake`."""

    name = "wellpost.server.intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say which contacts with patients there are besides messages."""
        from . import contacts  # noqa: F401 - adds to the contacts
