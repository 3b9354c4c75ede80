"""Django's registration of `clinic`."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """The app `clinic`."""

    name = "wellpost.server.clinic"
    default_auto_field = "django.db.models.BigAutoField"
