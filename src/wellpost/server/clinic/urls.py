"""Addresses of `clinic`."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "clinic"
urlpatterns: list[URLPattern] = []
