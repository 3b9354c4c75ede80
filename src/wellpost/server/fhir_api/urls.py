"""Addresses of the FHIR API."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path, register_converter
from django.urls.converters import StringConverter

from wellpost.server.records.parameters import PARAMETERS
from wellpost.server.smart.discovery import smart_configuration

from . import views
from .messaging import urls as messaging
from .record import views as record


class Kind(StringConverter):
    """A kind of resource that is searched."""

    regex = "|".join(PARAMETERS)


register_converter(Kind, "kind")
app_name = "fhir"
urlpatterns: list[URLPattern] = [
    path("Patient/$everything", record.all_of, name="everything_mine"),
    path("Patient/<str:patient_id>/$everything", record.all_of, name="everything"),
    *messaging.urlpatterns,
    path("<kind:resource_kind>", record.several, name="search"),
    path("<kind:resource_kind>/_search", record.by_form, name="search_by_form"),
    path("<kind:resource_kind>/<str:resource_id>", record.one, name="read"),
    path("metadata", views.metadata, name="metadata"),
    path("Measure", views.search_measures, name="measures"),
    path("Measure/$evaluate-measure", views.evaluate_any, name="evaluate_any"),
    path("Measure/<slug:measure_id>", views.read_measure, name="measure"),
    path("Measure/<slug:measure_id>/$evaluate-measure", views.evaluate, name="evaluate"),
    path(".well-known/smart-configuration", smart_configuration, name="smart_configuration"),
    re_path("", views.nothing_here, name="nothing_here"),
]
