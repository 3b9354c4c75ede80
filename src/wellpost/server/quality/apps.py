"""Django's registration of `quality`."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """The app `quality`."""

    name = "wellpost.server.quality"
    default_auto_field = "django.db.models.BigAutoField"
