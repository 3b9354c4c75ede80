"""Who may do what, as a table; and the one place that looks up where somebody stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from wellpost.server.clock import time as clock

from .models import EmergencyAccess, Membership, Patient, Practice, Representative, Role, User


class NotAllowed(PermissionDenied):
    """Not for this person. Answered with 404: an outsider does not learn that it exists."""


class Permission(StrEnum):
    """What can be allowed, on a practice, a patient, or anything that belongs to one of them."""

    READ_MESSAGES = "read_messages"
    WRITE_MESSAGES = "write_messages"
    READ_RECORD = "read_record"
    READ_CHART = "read_chart"
    ADD_HOME_DATA = "add_home_data"
    INCORPORATE = "incorporate"
    CONNECT_APPS = "connect_apps"
    APPROVE_APPS = "approve_apps"
    READ_PATIENT = "read_patient"
    LIST_PATIENTS = "list_patients"
    ADD_PATIENT = "add_patient"
    INVITE_PATIENT = "invite_patient"
    MANAGE_REPRESENTATIVES = "manage_representatives"
    MERGE_PATIENTS = "merge_patients"
    RECORD_VISIT = "record_visit"
    IMPORT_VISITS = "import_visits"
    READ_MEASURES = "read_measures"
    READ_WORKLIST = "read_worklist"
    ATTEST = "attest"
    MANAGE_PEOPLE = "manage_people"
    READ_AUDIT = "read_audit"
    RUN_SERVER = "run_server"
    USE_EMERGENCY_ACCESS = "use_emergency_access"
    RECOVER_ACCOUNT = "recover_account"
    SEARCH_CHARTS = "search_charts"
    EXPORT_CORRESPONDENCE = "export_correspondence"
    MANAGE_RETENTION = "manage_retention"


class Standing(StrEnum):
    """Where somebody stands to a practice or a patient; the first four are the roles, the last
    is for an hour.
    """

    CLINICIAN = Role.CLINICIAN.value
    STAFF = Role.STAFF.value
    REPORTER = Role.REPORTER.value
    ADMINISTRATOR = Role.ADMINISTRATOR.value
    PATIENT = "patient"
    REPRESENTATIVE_FOR_MESSAGES = "representative_for_messages"
    REPRESENTATIVE_FOR_RECORD = "representative_for_record"
    EMERGENCY = "emergency"


_P = Permission
_CARE = frozenset({_P.READ_MESSAGES, _P.WRITE_MESSAGES})
_FRONT_DESK = frozenset(
    {
        _P.READ_PATIENT,
        _P.LIST_PATIENTS,
        _P.ADD_PATIENT,
        _P.INVITE_PATIENT,
        _P.MANAGE_REPRESENTATIVES,
        _P.MERGE_PATIENTS,
        _P.RECORD_VISIT,
        _P.IMPORT_VISITS,
    }
)
_OWN_RECORD = frozenset({_P.READ_RECORD, _P.ADD_HOME_DATA, _P.CONNECT_APPS})
_NUMBERS = frozenset({_P.READ_MEASURES, _P.READ_WORKLIST})

ALLOWED: Mapping[Standing, frozenset[Permission]] = {
    Standing.CLINICIAN: _CARE
    | _FRONT_DESK
    | _NUMBERS
    | {_P.ATTEST, _P.READ_CHART, _P.INCORPORATE, _P.USE_EMERGENCY_ACCESS},
    Standing.STAFF: _CARE
    | _FRONT_DESK
    | _NUMBERS
    | {
        _P.READ_CHART,
        _P.USE_EMERGENCY_ACCESS,
        _P.RECOVER_ACCOUNT,
        _P.SEARCH_CHARTS,
        _P.EXPORT_CORRESPONDENCE,
    },
    Standing.REPORTER: _NUMBERS | {_P.LIST_PATIENTS, _P.IMPORT_VISITS, _P.ATTEST},
    Standing.ADMINISTRATOR: _FRONT_DESK
    | _NUMBERS
    | {_P.MANAGE_PEOPLE, _P.READ_AUDIT, _P.RUN_SERVER, _P.ATTEST, _P.APPROVE_APPS}
    | {_P.RECOVER_ACCOUNT, _P.MANAGE_RETENTION},
    Standing.PATIENT: _CARE | _OWN_RECORD,
    Standing.REPRESENTATIVE_FOR_MESSAGES: _CARE,
    Standing.REPRESENTATIVE_FOR_RECORD: _OWN_RECORD,
    Standing.EMERGENCY: frozenset({_P.READ_MESSAGES, _P.READ_CHART, _P.READ_PATIENT}),
}


def may(by: User | AnonymousUser | None, permission: Permission, target: object) -> bool:
    """Whether `by` may, on `target`: a Practice, a Patient, or what has their `_id`s.

    None stands for the machine's own command line, which may do everything; a visitor who has
    not signed in is never None.
    """
    if by is None:
        return True
    if not isinstance(by, User) or not by.is_active:
        return False
    if any(permission in ALLOWED[standing] for standing in standings(by, target)):
        return True
    return permission in ALLOWED[Standing.EMERGENCY] and _in_emergency(by, target)


def require(by: User | AnonymousUser | None, permission: Permission, target: object) -> None:
    """NotAllowed unless `by` may."""
    if not may(by, permission, target):
        raise NotAllowed(f"{permission} is not allowed here.")


def standings(by: User, target: object) -> set[Standing]:
    """Every standing `by` has to the target today, by the calendar of its practice; but for the
    one of an emergency, which `may` asks where it decides.
    """
    patient_id, practice_id = _patient_id(target), _practice_id(target)
    found: set[Standing] = set()
    if practice_id:
        found |= _at_practice(by, practice_id)
    if patient_id:
        found |= _to_patient(by, patient_id)
    return found


def _practice_id(target: object) -> UUID | None:
    return target.pk if isinstance(target, Practice) else getattr(target, "practice_id", None)


def _patient_id(target: object) -> UUID | None:
    return target.pk if isinstance(target, Patient) else getattr(target, "patient_id", None)


def _at_practice(by: User, practice_id: UUID) -> set[Standing]:
    held = Membership.objects.filter(Q(user=by) | Q(clinician__user=by), practice=practice_id)
    return {
        Standing(membership.role)
        for membership in held.select_related("practice")
        if membership.active_on(clock.today(membership.practice.time_zone))
    }


def _to_patient(by: User, patient_id: UUID) -> set[Standing]:
    records = same_person(patient_id)
    found: set[Standing] = set()
    if Patient.objects.filter(records, user=by).exists():
        found.add(Standing.PATIENT)
    representations = Representative.objects.filter(
        user=by, patient__in=Patient.objects.filter(records)
    )
    for each in representations.select_related("patient__practice"):
        if each.active_on(clock.today(each.patient.practice.time_zone)):
            found |= scope_of(each)
    return found


def emergency_of(by: User, patient_id: UUID) -> EmergencyAccess | None:
    """The emergency in which `by` may read of the patient now, while they still work there."""
    now = clock.now()
    records = Patient.objects.filter(same_person(patient_id))
    held = EmergencyAccess.objects.filter(
        user=by, patient__in=records, begun_at__lte=now, ends_at__gt=now
    )
    found = held.order_by("-ends_at").first()
    return found if found and _may_use_emergencies(by, found.practice_id) else None


def _in_emergency(by: User, target: object) -> bool:
    patient_id = _patient_id(target)
    return patient_id is not None and emergency_of(by, patient_id) is not None


def _may_use_emergencies(by: User, practice_id: UUID) -> bool:
    held = _at_practice(by, practice_id)
    return any(Permission.USE_EMERGENCY_ACCESS in ALLOWED[each] for each in held)


def scope_of(representative: Representative) -> set[Standing]:
    """The standings that a representative's authority gives."""
    granted = {
        Standing.REPRESENTATIVE_FOR_MESSAGES: representative.may_message,
        Standing.REPRESENTATIVE_FOR_RECORD: representative.may_see_record,
    }
    return {standing for standing, given in granted.items() if given}


def same_person(patient_id: UUID) -> Q:
    """The condition that picks every record of this patient: the surviving one and the merged."""
    surviving = Patient.objects.filter(pk=patient_id).values_list("merged_into_id", flat=True)
    kept = surviving.first() or patient_id
    return Q(pk=kept) | Q(merged_into=kept)
