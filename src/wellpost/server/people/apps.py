"""Django's registration of `people`."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The app `people`."""

    name = "wellpost.server.people"
    default_auto_field = "django.db.models.BigAutoField"
