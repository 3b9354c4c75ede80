"""Django's registration of `upkeep`."""

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    """The app `upkeep`."""

    name = "wellpost.server.upkeep"
