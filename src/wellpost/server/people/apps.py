"""Django's registration of `people`."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The app `people`."""

    name = "wellpost.server.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begin to listen to what happens at sign-in, and to what changes a parent's rights."""
        import_module("wellpost.server.people.sign_in_record")
        import_module("wellpost.server.people.parents")
