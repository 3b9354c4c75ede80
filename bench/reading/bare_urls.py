"""The addresses of the floor: those of ours."""

from django.urls import path

from .bare import read, search

urlpatterns = [
    path("fhir/Observation/<uuid:resource_id>", read),
    path("fhir/Observation", search),
]
