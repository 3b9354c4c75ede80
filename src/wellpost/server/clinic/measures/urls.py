"""Addresses of the measures. `who` is a clinician's NPI, or `practice`."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import foreseen, pages, periods

app_name = "measures"
urlpatterns: list[URLPattern] = [
    path("", pages.practice, name="practice"),
    path("period/", pages.keep_period, name="keep_period"),
    path("<slug:who>/", pages.reporter, name="reporter"),
    path("<slug:who>/<slug:measure>/worklist/", pages.worklist, name="worklist"),
    path("<slug:who>/<slug:measure>/periods/", periods.periods, name="periods"),
    path("<slug:who>/<slug:measure>/periods/use/", periods.use_period, name="use_period"),
    path(
        "<slug:who>/<slug:measure>/periods.<slug:form>", foreseen.periods_file, name="periods_file"
    ),
    path("<slug:who>/<slug:measure>/what-if/", foreseen.what_if, name="what_if"),
    path(
        "<slug:who>/<slug:measure>/what-if.<slug:form>", foreseen.what_if_file, name="what_if_file"
    ),
    path("<slug:who>/<slug:measure>/reached/", pages.reached, name="reached"),
    path(
        "<slug:who>/<slug:measure>/patients/<uuid:patient_id>/",
        pages.explanation,
        name="explanation",
    ),
]
