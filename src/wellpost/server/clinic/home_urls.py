"""Addresses of what came from home, for the practice."""

from __future__ import annotations

from django.urls import path

from . import home, home_limits

app_name = "home_data"
urlpatterns = [
    path("", home.start, name="start"),
    path("limits/", home_limits.practice, name="limits"),
    path("files/<uuid:datum_id>/", home.file, name="file"),
    path("patients/<uuid:patient_id>/limits/", home_limits.patient, name="patient_limits"),
    path("patients/<uuid:patient_id>/<slug:series_kind>/", home.review, name="review"),
]
