"""What to do at once when a reading is dangerous: shown to whoever entered it.

General advice for the public (CDC on low blood sugar, the 15-15 rule, and on ketoacidosis;
American Heart Association on readings above 180/120; MedlinePlus on fever and low oxygen). It
never says that nothing is wrong, and never keeps anybody from calling.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from .kinds import Says
from .models import Danger

EMERGENCY: Says = _(
    "Call 911 now for chest pain, trouble breathing, fainting, confusion, weakness on one side, "
    "trouble speaking or seeing, or if you feel very ill."
)

_FIRST: Mapping[tuple[str, str], Says] = {
    ("blood_pressure", Danger.HIGH): _(
        "Sit quietly for five minutes and measure again. If it is still this high, call."
    ),
    ("blood_pressure", Danger.LOW): _(
        "Sit or lie down, so that you do not fall. Measure again in five minutes."
    ),
    ("pulse", Danger.HIGH): _("Sit quietly for five minutes and measure again."),
    ("pulse", Danger.LOW): _("Sit or lie down. Measure again in five minutes."),
    ("glucose", Danger.LOW): _(
        "Eat or drink 15 grams of sugar now: half a cup of juice, or a tablespoon of sugar. "
        "Measure again in 15 minutes. Somebody who cannot swallow gets nothing: call 911."
    ),
    ("glucose", Danger.HIGH): _(
        "Drink water. Call 911 if you vomit, breathe fast, or smell of fruit."
    ),
    ("temperature", Danger.HIGH): _("Drink enough. Call 911 for a stiff neck or confusion."),
    ("temperature", Danger.LOW): _("Get warm and dry, and measure again."),
    ("oxygen", Danger.LOW): _(
        "Sit up, warm your finger and measure again. If it stays this low, call 911."
    ),
}


def first_steps(kind: str, danger: str) -> Says:
    """What to do first; empty where there is nothing to say besides calling."""
    return _FIRST.get((kind, danger), "")
