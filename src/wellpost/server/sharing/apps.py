"""Django's registration of `sharing`."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The app `sharing`."""

    name = "wellpost.server.sharing"
    default_auto_field = "django.db.models.BigAutoField"
