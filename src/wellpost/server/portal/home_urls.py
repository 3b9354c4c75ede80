"""Addresses of what comes from home, within the portal's."""

from __future__ import annotations

from django.urls import path

from . import home, home_adding, home_files

HOME = "patients/<uuid:patient_id>/home/"
urlpatterns = [
    path("home/", home.start, name="home_start"),
    path(HOME, home.home, name="home"),
    path(f"{HOME}readings/<slug:series_kind>/", home.series, name="home_series"),
    path(f"{HOME}readings/<slug:series_kind>/add/", home_adding.reading, name="home_reading"),
    path(f"{HOME}note/", home_adding.note, name="home_note"),
    path(f"{HOME}document/", home_adding.document, name="home_document"),
    path(f"{HOME}needs/", home_adding.needs, name="home_needs"),
    path(f"{HOME}file/", home_files.bring, name="home_file"),
    path(f"{HOME}imports/<uuid:batch_id>/", home_files.progress, name="home_import"),
    path(f"{HOME}<uuid:datum_id>/", home.datum, name="home_datum"),
    path(f"{HOME}<uuid:datum_id>/back/", home_adding.take_back, name="home_take_back"),
    path(f"{HOME}<uuid:datum_id>/file/", home_files.file, name="home_document_file"),
]
