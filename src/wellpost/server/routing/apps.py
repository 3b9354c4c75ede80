"""Django's registration of `routing`."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """The app `routing`."""

    name = "wellpost.server.routing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what is written, and let the members of a pool in."""
        from . import keeping, signals  # noqa: F401 - connects the receivers
