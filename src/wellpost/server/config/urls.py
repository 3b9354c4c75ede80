"""Every address of the server."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from . import pages

urlpatterns: list[URLPattern | URLResolver] = [  # what is asked most often first
    path("portal/", include("wellpost.server.portal.urls")),
    path("portal/muting/", include("wellpost.server.portal.muting_urls")),
    path("clinic/", include("wellpost.server.clinic.urls")),
    path("", pages.home, name="home"),
    path("stay/", pages.stay, name="stay"),
    path("account/", include("allauth.urls")),
    path("", include("wellpost.server.people.urls")),
    path("", include("wellpost.server.upkeep.urls")),
    path("notices/", include("wellpost.server.notices.urls")),
    path("", include("wellpost.server.sharing.urls")),
    path("clinic/server/", include("wellpost.server.clinic.upkeep_urls")),
    path("clinic/home/", include("wellpost.server.clinic.home_urls")),
    path("clinic/measures/", include("wellpost.server.clinic.measures.urls")),
    path("clinic/reports/", include("wellpost.server.clinic.reports.urls")),
    path("clinic/intake/", include("wellpost.server.intake.urls")),
    path("fhir/", include("wellpost.server.fhir_api.urls")),
    path("smart/", include("wellpost.server.smart.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("wellpost.server.demo.urls")))
