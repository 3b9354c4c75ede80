"""Django's registration of `notices`."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The app `notices`."""

    name = "wellpost.server.notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for sign-ins."""
        from . import new_devices  # noqa: F401 - its receivers
