"""Scopes in words that a patient understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import scopes
from .scopes import Scope

KINDS: Mapping[str, Promise] = {
    "Patient": gettext_lazy("Name, date of birth, address"),
    "Condition": gettext_lazy("Health problems and diagnoses"),
    "AllergyIntolerance": gettext_lazy("Allergies"),
    "MedicationRequest": gettext_lazy("Medicines prescribed"),
    "MedicationDispense": gettext_lazy("Medicines handed out"),
    "Medication": gettext_lazy("Names of medicines"),
    "Immunization": gettext_lazy("Vaccinations"),
    "Observation": gettext_lazy("Measurements and test results"),
    "DiagnosticReport": gettext_lazy("Reports of tests and examinations"),
    "Specimen": gettext_lazy("Samples"),
    "Procedure": gettext_lazy("Procedures and operations"),
    "Encounter": gettext_lazy("Visits"),
    "DocumentReference": gettext_lazy("Notes and documents"),
    "CarePlan": gettext_lazy("Care plans"),
    "Goal": gettext_lazy("Health goals"),
    "CareTeam": gettext_lazy("Who takes care of you"),
    "ServiceRequest": gettext_lazy("Orders and referrals"),
    "Device": gettext_lazy("Implants and devices"),
    "QuestionnaireResponse": gettext_lazy("Answers to questionnaires"),
    "Questionnaire": gettext_lazy("Questions of questionnaires"),
    "Coverage": gettext_lazy("Health insurance"),
    "RelatedPerson": gettext_lazy("People who act for you"),
    "Practitioner": gettext_lazy("Names of clinicians"),
    "PractitionerRole": gettext_lazy("Where clinicians work"),
    "Organization": gettext_lazy("Practices and other organizations"),
    "Location": gettext_lazy("Places of care"),
    "Provenance": gettext_lazy("Where each entry came from"),
    "Communication": gettext_lazy("Your messages with the practice, with their attached files"),
    "AuditEvent": gettext_lazy("Who looked at your messages and record, and when"),
}
"""Every kind, what matters most to patients first."""
CATEGORIES: Mapping[str, Promise] = {
    "vital-signs": gettext_lazy("vital signs"),
    "laboratory": gettext_lazy("laboratory results"),
    "survey": gettext_lazy("answers to surveys"),
    "social-history": gettext_lazy("smoking, work and way of life"),
    "sdoh": gettext_lazy("food, housing and other needs"),
    "problem-list-item": gettext_lazy("those on the list of problems"),
    "encounter-diagnosis": gettext_lazy("diagnoses of a visit"),
    "health-concern": gettext_lazy("concerns about health"),
}
"""What scopes most often narrow a kind to."""
BESIDES: Mapping[str, Promise] = {
    scopes.OPENID: gettext_lazy("Know that it is you who signed in, by a number"),
    scopes.FHIR_USER: gettext_lazy("Know whether you are the patient or act for them"),
    scopes.OFFLINE: gettext_lazy("Keep reading when you are not there"),
    scopes.ONLINE: gettext_lazy("Keep reading for the rest of today's session"),
    scopes.LAUNCH: gettext_lazy("Know whose record it is"),
}
NEEDED = frozenset({scopes.LAUNCH})
"""Goes without saying: nothing can be read of nobody."""


def in_order(texts: Iterable[str]) -> list[str]:
    """Scopes as they are shown: by the kind, what matters most first."""
    places = list(KINDS)

    def place(text: str) -> int:
        scope = scopes.read(text)
        return places.index(scope.kind) if scope and scope.kind in KINDS else -1

    return sorted(texts, key=place)


def label(text: str) -> str:
    """What one scope lets an app do."""
    scope = scopes.read(text)
    if scope is None:
        return str(BESIDES.get(text, text))
    parts = [_reading(scope)] if scopes.READ in scope.may or scopes.SEARCH in scope.may else []
    if scopes.CREATE in scope.may:
        parts.append(_writing(scope))
    if scopes.UPDATE in scope.may:
        parts.append(_("Take back messages that were sent in your name"))
    return "; ".join(parts)


def _writing(scope: Scope) -> str:
    if scope.kind in scopes.BY_NAME:
        return _("Write messages to the practice in your name")
    return _("Send measurements to the practice")


def _reading(scope: Scope) -> str:
    what = _("Everything in the record") if scope.kind == scopes.ANY else str(KINDS[scope.kind])
    codes = [value.rpartition("|")[2] for _name, value in scope.constraint]
    only = ", ".join(str(CATEGORIES.get(each, each)) for each in codes)
    return _("%(what)s: only %(only)s") % {"what": what, "only": only} if only else what


def labels(texts: Iterable[str]) -> list[str]:
    """What scopes let an app do, each once, without what goes without saying."""
    return list(dict.fromkeys(label(each) for each in texts if each not in NEEDED))
