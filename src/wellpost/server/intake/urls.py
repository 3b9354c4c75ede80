"""Addresses of `intake`."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

app_name = "intake"
urlpatterns: list[URLPattern] = [
    path("", views.start, name="start"),
    path("day/check/", views.check_day, name="check_day"),
    path("day/import/", views.import_day, name="import_day"),
    path("record/", views.import_export, name="import_export"),
    path("visit/", views.visit, name="visit"),
    path("visits/<uuid:visit_id>/take-back/", views.take_back, name="take_back"),
]
