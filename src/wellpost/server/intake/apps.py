"""Django's registration of `intake`."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The app `intake`."""

    name = "wellpost.server.intake"
    default_auto_field = "django.db.models.BigAutoField"
