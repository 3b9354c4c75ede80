"""Django's registration of `messaging`."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """The app `messaging`."""

    name = "wellpost.server.messaging"
    default_auto_field = "django.db.models.BigAutoField"
