"""Addresses of finding, keeping and taking away what was written; part of the clinic's."""

from __future__ import annotations

from django.urls import path

from . import correspondence, retention, searching

PATIENT = "patients/<uuid:patient_id>/"

urlpatterns = [
    path(f"{PATIENT}search/", searching.patient, name="search_patient"),
    path(f"{PATIENT}messages/download/", correspondence.start, name="download_messages"),
    path(f"{PATIENT}legal-hold/", retention.hold_patient, name="legal_hold_patient"),
    path("search/", searching.charts, name="chart_searches"),
    path("search/<uuid:search_id>/", searching.results, name="chart_search"),
    path("retention/", retention.retention, name="retention"),
    path("retention/due/", retention.destroy, name="destroy"),
    path("retention/hold/", retention.hold, name="legal_hold"),
    path("retention/holds/<uuid:hold_id>/lift/", retention.lift, name="lift_legal_hold"),
]
