"""Moments as people say them, on the practice's wall clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wellpost.server.clock import time

register = template.Library()


@register.filter
def in_words(moment: datetime | None, time_zone: str) -> str:
    """`today at 3:14 p.m.`, `yesterday at 9 a.m.`, else the day and the time, at the practice."""
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(time_zone))
    return _("%(day)s at %(time)s") % {
        "day": _day(local.date(), time.today(time_zone)),
        "time": date_format(local, "P"),
    }


@register.filter
def iso(moment: datetime | None, time_zone: str) -> str:
    """The moment for machines (the `datetime` of a `time` element)."""
    return moment.astimezone(ZoneInfo(time_zone)).isoformat() if moment else ""


@register.filter
def day(moment: datetime | None, time_zone: str) -> str:
    """The day at the practice, as addresses and forms have it (2021-08-31)."""
    return moment.astimezone(ZoneInfo(time_zone)).date().isoformat() if moment else ""


def _day(day: date, today: date) -> str:
    if day == today:
        return _("today")
    if day == today - timedelta(days=1):
        return _("yesterday")
    return date_format(day, "F j, Y")
