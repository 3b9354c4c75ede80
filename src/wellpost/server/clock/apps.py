"""Django's registration of `clock`."""

from django.apps import AppConfig


class ClockConfig(AppConfig):
    """The app `clock`."""

    name = "wellpost.server.clock"
    default_auto_field = "django.db.models.BigAutoField"
