"""Django's registration of `notices`."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The app `notices`."""

    name = "wellpost.server.notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for sign-ins, and for their end."""
        from . import ended_sign_ins, new_devices  # noqa: F401 - their receivers
