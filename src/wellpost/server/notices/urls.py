"""Addresses of the notices."""

from __future__ import annotations

from django.urls import path

from . import pages

app_name = "notices"
urlpatterns = [
    path("", pages.wishes, name="wishes"),
    path("phone/", pages.phone, name="phone"),
]
