"""Visits and what was written of them, who cares, and what they aim at."""

from __future__ import annotations

from collections.abc import Mapping

from ..marking import gettext_noop as _
from .kind import ENDED, REASON, REASON_TOO, STATUS, Kind

CARE: Mapping[str, Kind] = {
    "Encounter": Kind(
        _("Visit"),
        ("type", "class"),
        ("period.start",),
        (
            STATUS,
            (_("Kind"), "class"),
            (_("When"), "period"),
            (_("With"), "participant.individual"),
            REASON,
            REASON_TOO,
            (_("Place"), "location.location"),
            (_("At"), "serviceProvider"),
            (_("Afterwards"), "hospitalization.dischargeDisposition"),
        ),
        ("participant.individual",),
    ),
    "Appointment": Kind(
        _("Appointment"),
        ("serviceType", "appointmentType", "description"),
        ("start",),
        (STATUS, (_("When"), "start"), (_("With"), "participant.actor"), REASON),
        ("status",),
    ),
    "DocumentReference": Kind(
        _("Document"),
        ("type", "description", "content.attachment.title"),
        ("date", "context.period.start"),
        (
            (_("Status"), "docStatus"),
            (_("Kind"), "category"),
            (_("About"), "description"),
            (_("Written on"), "date"),
            (_("Written by"), "author"),
            (_("Kept by"), "custodian"),
        ),
        ("author",),
        frozenset({"superseded"}),
    ),
    "CareTeam": Kind(
        _("Care team"),
        ("name", "category"),
        ("period.start",),
        (
            STATUS,
            (_("People"), "participant.member"),
            (_("At"), "managingOrganization"),
            (_("Since"), "period"),
            REASON,
        ),
        ("participant.member",),
        frozenset({"inactive"}),
    ),
    "RelatedPerson": Kind(
        _("Somebody close"),
        ("name",),
        ("period.start",),
        (
            (_("What they are"), "relationship"),
            (_("Telephone or email"), "telecom.value"),
            (_("Address"), "address"),
        ),
        ("relationship",),
    ),
    "Goal": Kind(
        _("Goal"),
        ("description",),
        ("startDate", "statusDate"),
        (
            (_("Status"), "lifecycleStatus"),
            (_("How it goes"), "achievementStatus"),
            (_("What is aimed at"), "target.detail[x]"),
            (_("By when"), "target.due[x]"),
            (_("Since"), "startDate"),
            (_("Set by"), "expressedBy"),
        ),
        ("achievementStatus", "lifecycleStatus"),
        frozenset({"completed", "cancelled", "rejected"}),
    ),
    "CarePlan": Kind(
        _("Care plan"),
        ("title", "category"),
        ("period.start", "created"),
        (
            STATUS,
            (_("About"), "description"),
            (_("For"), "period"),
            (_("What is done"), "activity.detail.code"),
            (_("By"), "author"),
        ),
        ("status",),
        ENDED,
    ),
}
