"""Addresses of the upkeep that need no account."""

from __future__ import annotations

from django.urls import path

from . import probes, set_up_page

urlpatterns = [
    path("health/", probes.ready, name="health"),
    path("health/live/", probes.live, name="health_live"),
    path("set-up/", set_up_page.set_up, name="set_up"),
]
