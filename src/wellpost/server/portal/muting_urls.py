"""Addresses of the portal about being told."""

from __future__ import annotations

from django.urls import path

from . import muting

app_name = "muting"
urlpatterns = [path("<uuid:thread_id>/", muting.muting, name="muting")]
