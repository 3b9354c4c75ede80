"""How numbers, verdicts and ways to a patient are said on the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wellpost.scoring.verdict import Verdict
from wellpost.server.quality.lateness import ALLOWED, Timing
from wellpost.server.quality.reach import Reach
from wellpost.terms import Measure

MEASURES: Mapping[str, str | Promise] = {
    Measure.SECURE_MESSAGING: gettext_lazy("Secure messages"),
    Measure.VIEW_DOWNLOAD_TRANSMIT: gettext_lazy("View, download or transmit"),
    Measure.PATIENT_GENERATED_DATA: gettext_lazy("Data from patients"),
    Measure.PATIENT_ACCESS: gettext_lazy("Access for patients"),
}

REACHED: Mapping[str, str | Promise] = {
    Measure.SECURE_MESSAGING: gettext_lazy("Written to"),
    Measure.VIEW_DOWNLOAD_TRANSMIT: gettext_lazy("Used their record"),
    Measure.PATIENT_GENERATED_DATA: gettext_lazy("Data taken in"),
    Measure.PATIENT_ACCESS: gettext_lazy("Had access"),
}
"""What the numerator of a measure is called in a table."""

TO_DO: Mapping[str, str | Promise] = {
    Measure.SECURE_MESSAGING: gettext_lazy(
        "These patients were seen and have no secure message that counts. One message each is "
        "enough; no answer is needed."
    ),
    Measure.VIEW_DOWNLOAD_TRANSMIT: gettext_lazy(
        "These patients were seen, and neither they nor a representative has used their record. "
        "Only they can do it: invite them to the portal, or write and tell them how. Looking is "
        "enough; so is an app of theirs that reads it."
    ),
    Measure.PATIENT_GENERATED_DATA: gettext_lazy(
        "These patients were seen, and nothing from them or from outside the clinic was taken into "
        "the record. Look at what they sent; ask the others for it. It counts on the day a "
        "clinician takes it in."
    ),
    Measure.PATIENT_ACCESS: gettext_lazy(
        "These patients were seen, and after at least one visit they could not reach its "
        "information within 4 business days: invited to the portal, and the visit in the record. "
        "What was late stays late; see to the next visits in time."
    ),
}

ASKS: Mapping[str, str | Promise] = {
    Measure.SECURE_MESSAGING: gettext_lazy("Write to this patient"),
    Measure.VIEW_DOWNLOAD_TRANSMIT: gettext_lazy("Tell them how"),
    Measure.PATIENT_GENERATED_DATA: gettext_lazy("Ask for readings"),
}
"""What writing to a patient of a worklist is for; for access a message mends nothing."""

VERDICTS: Mapping[str, tuple[str, str | Promise]] = {
    Verdict.MET: ("met", gettext_lazy("Met")),
    Verdict.NOT_MET: ("not-met", gettext_lazy("Not met yet")),
    Verdict.EXCLUDED: ("none", gettext_lazy("Excluded")),
    Verdict.NOT_COMPUTABLE: ("none", gettext_lazy("Nobody seen, so there is no rate")),
    Verdict.NOT_APPLICABLE: ("none", gettext_lazy("Not counted; attested")),
    Verdict.INCOMPLETE: ("none", gettext_lazy("Not every measure is reported")),
}
"""The icon and the words of each verdict."""

REACHES: Mapping[str, str | Promise] = {
    Reach.ACCOUNT: gettext_lazy("Can read messages"),
    Reach.REPRESENTATIVE: gettext_lazy("A representative can read messages"),
    Reach.INVITED: gettext_lazy("Invited; waiting for the first sign-in"),
    Reach.NOT_INVITED: gettext_lazy("No account and not invited yet"),
    Reach.NO_EMAIL: gettext_lazy("No account and no email address: print a letter"),
}


LATE_NAMED = 3
"""How many late visits of a patient a list names."""

SORTS: Mapping[str, str | Promise] = {
    "reachable": gettext_lazy("Who can be reached"),
    "name": gettext_lazy("Name"),
    "last_seen": gettext_lazy("Last seen"),
    "next_visit": gettext_lazy("Next visit"),
}
"""By what a worklist is sorted."""


def sorts(now: str) -> list[dict[str, object]]:
    """Each way to sort: where its link leads (the other way round when it is in force), and how."""
    by, falling = now.removeprefix("-"), now.startswith("-")
    return [
        {
            "says": says,
            "to": f"-{name}" if name == by and not falling else name,
            "arrow": ("↓" if falling else "↑") if name == by else "",
            "order": (_("falling") if falling else _("rising")) if name == by else "",
        }
        for name, says in SORTS.items()
    ]


def late_visits(visits: Sequence[Timing], today: date) -> list[str]:
    """What was late about each visit; of many, of the first and how many more there are."""
    told = [late(each, today) for each in visits[:LATE_NAMED]]
    more = len(visits) - len(told)
    if more:
        told.append(ngettext("And %(n)d more.", "And %(n)d more.", more) % {"n": more})
    return told


def late(visit: Timing, today: date) -> str:
    """What was late about a visit."""
    said = {
        "day": date_format(visit.seen_on, "F j, Y"),
        "clinician": visit.clinician,
        "until": date_format(visit.due_on, "F j, Y") if visit.due_on else "",
    }
    if visit.available_on is None:
        return _("%(day)s, %(clinician)s: nothing of this visit is in the record.") % said
    if visit.business_days is None and today <= (visit.due_on or today):
        told = _("%(day)s, %(clinician)s: not reached yet; in time until %(until)s.")
        return told % said
    taken = visit.after(visit.reached_on or today) or 0
    said["taken"] = business_days(taken)
    said["late"] = business_days(taken - ALLOWED)
    if visit.business_days is None:
        told = _("%(day)s, %(clinician)s: not reached yet after %(taken)s, %(late)s late.")
        return told % said
    return _("%(day)s, %(clinician)s: reached after %(taken)s, %(late)s late.") % said


def business_days(number: int) -> str:
    """So many business days."""
    return ngettext("%(n)d business day", "%(n)d business days", number) % {"n": number}


def more_needed(needed: int | None) -> str:
    """How many more patients must be reached, as a table says it."""
    if needed is None:
        return _("Cannot be said")
    if needed == 0:
        return _("None")
    return ngettext("%(n)d more patient", "%(n)d more patients", needed) % {"n": needed}


def patients(number: int | None) -> str:
    """So many patients; nothing where no number would do."""
    if number is None:
        return ""
    return ngettext("%(n)d patient", "%(n)d patients", number) % {"n": number}


def percent(numerator: int, denominator: int) -> str:
    """The rate to one place, cut and never rounded up: 4.96 % must not look like 5 %."""
    if denominator == 0:
        return "–"
    tenths = 1000 * numerator // denominator
    return f"{tenths // 10}.{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"
