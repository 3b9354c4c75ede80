"""Addresses of the clinic about the server itself."""

from __future__ import annotations

from django.urls import path

from . import upkeep

app_name = "upkeep"
urlpatterns = [
    path("", upkeep.condition, name="condition"),
    path("notices/<uuid:notice_id>/again/", upkeep.again, name="again"),
    path("notices/<uuid:notice_id>/discard/", upkeep.give_up, name="discard"),
]
