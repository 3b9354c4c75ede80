"""Addresses of the demo's own pages; there are none where the demo is off."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import pages

app_name = "demo"
urlpatterns: list[URLPattern] = [
    path("", pages.start, name="start"),
    path("codes/", pages.codes, name="codes"),
    path("mail/", pages.mail, name="mail"),
    path("clock/real/", pages.real_time, name="real_time"),
]
