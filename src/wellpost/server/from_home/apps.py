"""Django's registration of `from_home`."""

from django.apps import AppConfig


class FromHomeConfig(AppConfig):
    """The app `from_home`."""

    name = "wellpost.server.from_home"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what the key provider wraps."""
        from . import holdings  # noqa: F401 - adds to the holdings
