"""Django's registration of `messaging`."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """The app `messaging`."""

    name = "wellpost.server.messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what happens to people; say what the key provider wraps."""
        from . import signals  # noqa: F401 - connects the receivers
        from .rotation import own  # noqa: F401 - adds to the holdings
