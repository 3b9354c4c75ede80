"""Addresses of the reports. `who` is a clinician's NPI, `practice` or `virtual-group`."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import answers, attestations, overrides, pages, set_up

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("", pages.start, name="start"),
    path("answers/", answers.answers, name="answers"),
    path("attestations/<uuid:attestation_id>/", attestations.attestation, name="attestation"),
    path("broadband/", set_up.broadband, name="broadband"),
    path("virtual-groups/", set_up.virtual_groups, name="virtual_groups"),
    path("virtual-groups/<uuid:member_id>/agree/", set_up.agree, name="agree_virtual_group"),
    path("virtual-groups/<uuid:member_id>/leave/", set_up.leave, name="leave_virtual_group"),
    path(
        "attestations/<uuid:attestation_id>/difference/",
        attestations.difference,
        name="difference",
    ),
    path(
        "attestations/<uuid:attestation_id>/packet.<slug:form>",
        attestations.packet,
        name="packet",
    ),
    path("overrides/<uuid:override_id>/withdraw/", overrides.withdraw, name="withdraw_override"),
    path("<slug:who>/", pages.reporter, name="reporter"),
    path("<slug:who>/attest/", attestations.attest, name="attest"),
    path("<slug:who>/override/", overrides.override, name="override"),
    path("<slug:who>/files/<slug:name>.<slug:form>", pages.download, name="download"),
    path("<slug:who>/<slug:measure>/patients/", pages.patients, name="patients"),
]
