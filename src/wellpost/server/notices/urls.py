"""Addresses of the notices."""

from __future__ import annotations

from django.urls import path

from . import pages, push_pages

app_name = "notices"
urlpatterns = [
    path("", pages.wishes, name="wishes"),
    path("phone/", pages.phone, name="phone"),
    path("push/", push_pages.begin_push, name="begin_push"),
    path("push/<uuid:browser>/end/", push_pages.end_push, name="end_push"),
    path("worker.js", push_pages.worker, name="worker"),
]
