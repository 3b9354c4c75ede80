"""Django's registration of `fhir_api`."""

from django.apps import AppConfig


class FhirApiConfig(AppConfig):
    """The app `fhir_api`."""

    name = "wellpost.server.fhir_api"
    default_auto_field = "django.db.models.BigAutoField"
