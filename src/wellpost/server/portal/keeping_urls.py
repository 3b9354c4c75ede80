"""Addresses of finding messages and taking them home; part of the portal's."""

from __future__ import annotations

from django.urls import path

from . import correspondence, searching

PATIENT = "patients/<uuid:patient_id>/"

urlpatterns = [
    path(f"{PATIENT}search/", searching.start, name="search"),
    path(f"{PATIENT}messages/download/", correspondence.start, name="download_messages"),
    path("threads/<uuid:thread_id>/pdf/", correspondence.thread, name="thread_pdf"),
]
