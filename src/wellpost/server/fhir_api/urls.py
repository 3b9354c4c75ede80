"""Addresses of the FHIR API."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from . import views

app_name = "fhir"
urlpatterns: list[URLPattern] = [
    path("metadata", views.metadata, name="metadata"),
    path("Measure", views.search_measures, name="measures"),
    path("Measure/$evaluate-measure", views.evaluate_any, name="evaluate_any"),
    path("Measure/<slug:measure_id>", views.read_measure, name="measure"),
    path("Measure/<slug:measure_id>/$evaluate-measure", views.evaluate, name="evaluate"),
    re_path("", views.nothing_here, name="nothing_here"),
]
