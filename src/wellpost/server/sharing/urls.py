"""The address that a link in an email leads to."""

from __future__ import annotations

from django.urls import path

from . import pages

app_name = "sharing"
urlpatterns = [path("shared/<str:token>/", pages.shared, name="shared")]
