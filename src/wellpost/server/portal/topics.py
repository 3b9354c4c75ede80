"""What a patient writes about, how soon it is answered, and who is away."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import ngettext

from wellpost.server.messaging.coverage import away_in_thread, away_today
from wellpost.server.messaging.models import Coverage
from wellpost.server.people.models import Membership, Practice
from wellpost.server.routing.models import Reason, ReasonKind
from wellpost.server.routing.reasons import offered


def topics_of(practice: Practice) -> list[Reason]:
    """Those to choose from, in the practice's order."""
    return list(offered(practice))


def in_words(topic: Reason) -> str:
    """The topic, and within how many days it is answered."""
    within = ngettext(
        "%(topic)s (answered within %(days)d business day)",
        "%(topic)s (answered within %(days)d business days)",
        topic.answer_within_days,
    )
    return within % {"topic": topic.name, "days": topic.answer_within_days}


def usual(topics: Sequence[Reason]) -> Reason | None:
    """The one that stands there at first: anything else, which suits whoever chooses none."""
    other = [each for each in topics if each.kind == ReasonKind.OTHER]
    return next(iter(other or topics), None)


def away(practice: Practice, clinicians: Sequence[Membership]) -> list[Coverage]:
    """Which of the clinicians are away today, and who answers for them."""
    return away_today(practice, clinicians) if clinicians else []


def away_in(thread_id: UUID, practice: Practice) -> list[Coverage]:
    """The same of those who take part in a conversation."""
    return away_in_thread(practice, thread_id)
