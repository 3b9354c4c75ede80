"""What stands where something was destroyed."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import Destruction, RetentionPolicy, Thread


def destroyed_text(thread: Thread) -> str:
    """In place of each message of the thread."""
    done = _of(thread)
    return _("Content destroyed on %(day)s, under the practice's rule: %(rule)s.") % {
        "day": _day(done),
        "rule": rule(done.policy),
    }


def destroyed_subject(thread: Thread) -> str:
    """In place of the subject."""
    return _("Content destroyed on %(day)s") % {"day": _day(_of(thread))}


def rule(policy: RetentionPolicy) -> str:
    """The policy in a sentence's part."""
    said = {"years": policy.years, "age": policy.minors_until}
    return _("kept %(years)s years after the last contact, and at least until age %(age)s") % said


def _of(thread: Thread) -> Destruction:
    if thread.destruction is None:
        raise ValueError("the thread's content was not destroyed")
    return thread.destruction


def _day(done: Destruction) -> str:
    zone = ZoneInfo(done.practice.time_zone)
    return str(date_format(done.destroyed_at.astimezone(zone).date(), "F j, Y"))
