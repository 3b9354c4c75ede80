"""Every permission as data: what it lets one do, in a sentence, and who has it.

permissions.py decides by this table, the clinic's page of rights shows it, and
docs/reference/permissions.md is made from it; nothing else says who may do what.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
    """Where somebody stands to a practice or a patient; the first four are the roles of
    models.Role, the last is for a while.
    """

    CLINICIAN = "clinician"
    STAFF = "staff"
    REPORTER = "reporter"
    ADMINISTRATOR = "administrator"
    PATIENT = "patient"
    REPRESENTATIVE_FOR_MESSAGES = "representative_for_messages"
    REPRESENTATIVE_FOR_RECORD = "representative_for_record"
    EMERGENCY = "emergency"


STANDINGS: Mapping[Standing, str | Promise] = {
    Standing.CLINICIAN: _("Clinician"),
    Standing.STAFF: _("Staff"),
    Standing.REPORTER: _("Reports for the practice"),
    Standing.ADMINISTRATOR: _("Administrator"),
    Standing.PATIENT: _("The patient"),
    Standing.REPRESENTATIVE_FOR_MESSAGES: _("Representative, for messages"),
    Standing.REPRESENTATIVE_FOR_RECORD: _("Representative, for the record"),
    Standing.EMERGENCY: _("Emergency access"),
}
"""What each is called where people read it."""


class Right(NamedTuple):
    """A permission, what it lets one do, and every standing that has it."""

    permission: Permission
    says: str | Promise
    held_by: frozenset[Standing]


class Group(NamedTuple):
    """Rights about one subject."""

    subject: str | Promise
    rights: tuple[Right, ...]


_CLINICIAN, _STAFF = Standing.CLINICIAN, Standing.STAFF
_REPORTER, _ADMINISTRATOR = Standing.REPORTER, Standing.ADMINISTRATOR
_PATIENT = Standing.PATIENT
_MESSENGER = Standing.REPRESENTATIVE_FOR_MESSAGES
_READER = Standing.REPRESENTATIVE_FOR_RECORD
_EMERGENCY = Standing.EMERGENCY
_FRONT_DESK = (_CLINICIAN, _STAFF, _ADMINISTRATOR)
_ALL_ROLES = (*_FRONT_DESK, _REPORTER)


def _right(permission: Permission, says: str | Promise, *held_by: Standing) -> Right:
    return Right(permission, says, frozenset(held_by))


GROUPS: tuple[Group, ...] = (
    Group(
        _("Messages"),
        (
            _right(
                Permission.READ_MESSAGES,
                _(
                    "Read conversations: staff all of the practice, clinicians those they take "
                    "part in or cover, patients and representatives the patient's."
                ),
                *(_CLINICIAN, _STAFF, _PATIENT, _MESSENGER, _EMERGENCY),
            ),
            _right(
                Permission.WRITE_MESSAGES,
                _("Write messages in the same conversations, answer and resolve them."),
                *(_CLINICIAN, _STAFF, _PATIENT, _MESSENGER),
            ),
            _right(
                Permission.SEARCH_CHARTS,
                _("Search the messages of many patients at once; each search is on record."),
                _STAFF,
            ),
            _right(
                Permission.EXPORT_CORRESPONDENCE,
                _("Take a patient's whole correspondence out of the server as a file."),
                _STAFF,
            ),
            _right(
                Permission.MANAGE_RETENTION,
                _("Say how long messages are kept, set legal holds, destroy what is too old."),
                _ADMINISTRATOR,
            ),
        ),
    ),
    Group(
        _("Health records"),
        (
            _right(
                Permission.READ_RECORD,
                _("See the patient's own health record, download it and send it to others."),
                *(_PATIENT, _READER),
            ),
            _right(
                Permission.READ_CHART,
                _("Read the health records of the practice's patients."),
                *(_CLINICIAN, _STAFF, _EMERGENCY),
            ),
            _right(
                Permission.ADD_HOME_DATA,
                _("Add readings and documents from home."),
                *(_PATIENT, _READER),
            ),
            _right(
                Permission.INCORPORATE,
                _("Take data from home over into the health record, or decline it."),
                _CLINICIAN,
            ),
            _right(
                Permission.CONNECT_APPS,
                _("Let an app read the patient's own health record."),
                *(_PATIENT, _READER),
            ),
            _right(
                Permission.APPROVE_APPS,
                _("Say which apps patients of the practice may connect."),
                _ADMINISTRATOR,
            ),
            _right(
                Permission.USE_EMERGENCY_ACCESS,
                _(
                    "Read one patient's messages and record for a while in an emergency. It needs "
                    "a reason, the patient sees it, and the privacy officer is told."
                ),
                *(_CLINICIAN, _STAFF),
            ),
        ),
    ),
    Group(
        _("Patients"),
        (
            _right(
                Permission.READ_PATIENT,
                _("See a patient's name, birth, address and who may act for them."),
                *(*_FRONT_DESK, _EMERGENCY),
            ),
            _right(Permission.LIST_PATIENTS, _("List the practice's patients."), *_ALL_ROLES),
            _right(
                Permission.ADD_PATIENT,
                _("Add patients and change what is written of them."),
                *_FRONT_DESK,
            ),
            _right(
                Permission.INVITE_PATIENT,
                _("Invite patients and those who act for them to open an account."),
                *_FRONT_DESK,
            ),
            _right(
                Permission.MANAGE_REPRESENTATIVES,
                _("Say who may act for a patient, in what, and from when to when."),
                *_FRONT_DESK,
            ),
            _right(
                Permission.MERGE_PATIENTS,
                _("Merge two records of the same person."),
                *_FRONT_DESK,
            ),
            _right(
                Permission.RECOVER_ACCOUNT,
                _("Take a lost or stolen account off a patient's record."),
                *(_STAFF, _ADMINISTRATOR),
            ),
            _right(Permission.RECORD_VISIT, _("Record a visit."), *_FRONT_DESK),
            _right(Permission.IMPORT_VISITS, _("Bring in lists of visits."), *_ALL_ROLES),
        ),
    ),
    Group(
        _("Measures and reports"),
        (
            _right(
                Permission.READ_MEASURES,
                _("See the practice's numbers for quality programs."),
                *_ALL_ROLES,
            ),
            _right(
                Permission.READ_WORKLIST,
                _("See which patients count in a measure, which do not yet, and why."),
                *_ALL_ROLES,
            ),
            _right(
                Permission.ATTEST,
                _("Attest a reporting period for a program."),
                *(_CLINICIAN, _REPORTER, _ADMINISTRATOR),
            ),
        ),
    ),
    Group(
        _("Running the practice and the server"),
        (
            _right(
                Permission.MANAGE_PEOPLE,
                _(
                    "Add clinicians and staff, end their membership and sign-ins, "
                    "and set up the practice."
                ),
                _ADMINISTRATOR,
            ),
            _right(
                Permission.READ_AUDIT,
                _("Read who did what and when at the practice."),
                _ADMINISTRATOR,
            ),
            _right(
                Permission.RUN_SERVER,
                _("See the server's condition and handle notices that could not be sent."),
                _ADMINISTRATOR,
            ),
        ),
    ),
)

RIGHTS: tuple[Right, ...] = tuple(each for group in GROUPS for each in group.rights)

ALLOWED: Mapping[Standing, frozenset[Permission]] = {
    standing: frozenset(each.permission for each in RIGHTS if standing in each.held_by)
    for standing in Standing
}
