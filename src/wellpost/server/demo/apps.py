"""Django's registration of `demo`."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The app `demo`."""

    name = "wellpost.server.demo"
    default_auto_field = "django.db.models.BigAutoField"
