"""From which days to which a patient's side had what it needs to see the record.

An account, of the patient or of a representative who may see the record; or an invitation in
force, which is all that is needed to open one. A patient who does not take it up was given
access all the same (CMS measure specifications of PI_PEA_1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from wellpost.server.people.models import Invitation, Patient, Representative


class Days(NamedTuple):
    """From one day to another, both included."""

    first: date
    last: date


def means_of(patients: Collection[UUID]) -> Mapping[UUID, list[Days]]:
    """The days with means of each person, by the surviving records named."""
    found: defaultdict[UUID, list[Days]] = defaultdict(list)
    records = Patient.objects.filter(Q(pk__in=patients) | Q(merged_into__in=patients))
    held = records.select_related("practice")
    person = {each.pk: each.merged_into_id or each.pk for each in held}
    zones = {each.pk: ZoneInfo(each.practice.time_zone) for each in held}
    for each in held:
        if each.account_opened_on:
            found[person[each.pk]].append(Days(each.account_opened_on, date.max))
    helpers = Representative.objects.filter(patient__in=person, may_see_record=True)
    for helper in helpers.exclude(account_opened_on=None):
        opened = max(helper.account_opened_on or date.max, helper.starts_on)
        found[person[helper.patient_id]].append(Days(opened, helper.ends_on or date.max))
    invited = Invitation.objects.filter(patient__in=person).select_related("representative")
    for one in invited:
        days = _invited(one, zones[one.patient_id])
        if days:
            found[person[one.patient_id]].append(days)
    return found


def first_day(means: Collection[Days], released_on: date) -> date | None:
    """The first day, from the one of the release on, with means; none when there is none."""
    days = (max(each.first, released_on) for each in means if each.last >= released_on)
    return min(days, default=None)


def _invited(invitation: Invitation, zone: ZoneInfo) -> Days | None:
    """The days an invitation was in force; a representative's within the authority's days."""
    ends = [invitation.expires_at, invitation.withdrawn_at, invitation.used_at]
    first = _day(invitation.created_at, zone)
    last = min(_day(each, zone) for each in ends if each)
    helper = invitation.representative
    if helper is not None:
        if not helper.may_see_record:
            return None
        first, last = max(first, helper.starts_on), min(last, helper.ends_on or date.max)
    return Days(first, last) if first <= last else None


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
