"""Django's registration of `ui`."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The app `ui`."""

    name = "wellpost.server.ui"
    default_auto_field = "django.db.models.BigAutoField"
