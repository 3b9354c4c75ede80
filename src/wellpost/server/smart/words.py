"""Scopes in words that a patient understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import scopes
from .scopes import Scope

KINDS: Mapping[str, Promise] = {
    "AllergyIntolerance": gettext_lazy("Allergies"),
    "CarePlan": gettext_lazy("Care plans"),
    "CareTeam": gettext_lazy("Who takes care of you"),
    "Condition": gettext_lazy("Health problems and diagnoses"),
    "Coverage": gettext_lazy("Health insurance"),
    "Device": gettext_lazy("Implants and devices"),
    "DiagnosticReport": gettext_lazy("Reports of tests and examinations"),
    "DocumentReference": gettext_lazy("Notes and documents"),
    "Encounter": gettext_lazy("Visits"),
    "Goal": gettext_lazy("Health goals"),
    "Immunization": gettext_lazy("Vaccinations"),
    "Location": gettext_lazy("Places of care"),
    "Medication": gettext_lazy("Names of medicines"),
    "MedicationDispense": gettext_lazy("Medicines handed out"),
    "MedicationRequest": gettext_lazy("Medicines prescribed"),
    "Observation": gettext_lazy("Measurements and test results"),
    "Organization": gettext_lazy("Practices and other organizations"),
    "Patient": gettext_lazy("Name, date of birth, address"),
    "Practitioner": gettext_lazy("Names of clinicians"),
    "PractitionerRole": gettext_lazy("Where clinicians work"),
    "Procedure": gettext_lazy("Procedures and operations"),
    "Provenance": gettext_lazy("Where each entry came from"),
    "Questionnaire": gettext_lazy("Questions of questionnaires"),
    "QuestionnaireResponse": gettext_lazy("Answers to questionnaires"),
    "RelatedPerson": gettext_lazy("People who act for you"),
    "ServiceRequest": gettext_lazy("Orders and referrals"),
    "Specimen": gettext_lazy("Samples"),
}
BESIDES: Mapping[str, Promise] = {
    scopes.OPENID: gettext_lazy("Know that it is you who signed in, by a number"),
    scopes.FHIR_USER: gettext_lazy("Know whether you are the patient or act for them"),
    scopes.OFFLINE: gettext_lazy("Keep reading when you are not there, until you end it"),
    scopes.ONLINE: gettext_lazy("Keep reading for the rest of today's session"),
    scopes.LAUNCH: gettext_lazy("Know whose record it is"),
}
NEEDED = frozenset({scopes.LAUNCH})
"""Goes without saying: nothing can be read of nobody."""


def label(text: str) -> str:
    """What one scope lets an app do."""
    scope = scopes.read(text)
    if scope is None:
        return str(BESIDES.get(text, text))
    parts = [_reading(scope)] if scopes.READ in scope.may or scopes.SEARCH in scope.may else []
    if scopes.CREATE in scope.may:
        parts.append(_("Send measurements to the practice"))
    return "; ".join(parts)


def _reading(scope: Scope) -> str:
    what = _("Everything in the record") if scope.kind == scopes.ANY else str(KINDS[scope.kind])
    only = ", ".join(value.rpartition("|")[2] for _name, value in scope.constraint)
    return _("%(what)s: only %(only)s") % {"what": what, "only": only} if only else what


def labels(texts: Iterable[str]) -> list[str]:
    """What scopes let an app do, each once, without what goes without saying."""
    return list(dict.fromkeys(label(each) for each in texts if each not in NEEDED))
