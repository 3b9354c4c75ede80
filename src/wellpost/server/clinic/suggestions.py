"""Words to start a message with, where a worklist leads to writing for a purpose."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wellpost.terms import Measure, spoken

SUGGESTIONS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    spoken(Measure.VIEW_DOWNLOAD_TRANSMIT): (
        _("Your health record is here for you"),
        _(
            "What we write down at your visits, your results and your medicines are here for you "
            "to read. Choose Record at the top of this page. You can also download it, send it to "
            "another doctor, or connect an app of your choice. If something is not clear, write "
            "to us here."
        ),
    ),
    spoken(Measure.PATIENT_GENERATED_DATA): (
        _("What you measure at home"),
        _(
            "Do you measure your blood pressure, weight, blood sugar or anything else at home? "
            "Please tell us: choose From home at the top of this page. It takes a minute. If "
            "your device makes a file, you can send that instead. We look at it and add it to "
            "your record."
        ),
    ),
}
"""By the measure of the worklist: what the message is about, and its text. Both can be changed."""


def suggestion(about: str) -> dict[str, str]:
    """The first values of the form; none for what has no suggestion."""
    subject, body = SUGGESTIONS.get(about, ("", ""))
    return {"subject": str(subject), "body": str(body)} if subject else {}
