"""Searches of conversations: threads and messages in one order, none but what may be seen.

What is written in them is never searched here: that is the page's own search, over a blind index.
"""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Greatest

from wellpost.server.messaging.exchange import Sight, with_parties, with_people
from wellpost.server.messaging.models import Message, Thread

from ..outcomes import wrong
from ..record.statements import Key, Order
from .asker import Asker
from .asking import Asked, Searched, links
from .conditions import ALL, CONDITIONS, KINDS, About, Pair
from .paging import behind, merged

SEARCHED = Searched(
    "Communication",
    {
        "_id": (),
        "patient": ("Patient",),
        "subject": ("Patient",),
        "sender": KINDS,
        "recipient": KINDS,
        "sent": (),
        "part-of": ("missing", "Communication"),
        "status": (),
        "category": (),
        "in-response-to": ("Communication",),
        "_lastUpdated": (),
    },
    {
        "sent": Order("sent", falling=False),
        "-sent": Order("sent", falling=True),
        "_lastUpdated": Order("changed", falling=False),
        "-_lastUpdated": Order("changed", falling=True),
    },
    "-sent",
)


class Found:
    """What a search finds: threads and messages, each with `sent` and `changed`."""

    def __init__(self, asker: Asker, asked: Asked) -> None:
        self.asker, self.asked = asker, asked
        self.sight = _sight(asker, asked)
        threads, messages = self._conditions()
        last = F("last_message_at")
        self.threads: QuerySet[Thread] = self.sight.threads.annotate(
            sent=F("started_at"), changed=Greatest(last, Coalesce("task__changed_at", last))
        ).filter(threads)
        self.messages: QuerySet[Message] = self.sight.messages.annotate(
            changed=Coalesce("retracted_at", "sent_at"), sent=F("sent_at")
        ).filter(messages)

    def count(self) -> int:
        """How many there are in all."""
        return self.threads.count() + self.messages.count()

    def page(self) -> list[tuple[Key, Thread | Message]]:
        """The rows of the page, and one more where there is a next; each with its key."""
        column = self.asked.order.by
        threads = with_parties(self.threads).select_related(
            "practice", "patient__merged_into", "task__reason"
        )
        rows = [
            *behind(threads, self.asked, column),
            *behind(with_people(self.messages), self.asked, column),
        ]
        keyed = [((getattr(each, column), each.pk), each) for each in rows]
        return merged(keyed, self.asked.order, self.asked.most + 1)

    def _conditions(self) -> Pair:
        about = About(self.asker, self.sight.patient)
        threads, messages = ALL, ALL
        for each in self.asked.criteria:
            of_threads, of_messages = CONDITIONS[each.name](each, about)
            threads, messages = threads & of_threads, messages & of_messages
        return threads, messages


def _sight(asker: Asker, asked: Asked) -> Sight:
    """Of the one patient asked about. The practice's people name one, or one thread, or ask for the
    list of threads: what is opened then concerns one patient, who can see that it was.
    """
    named = [each for name in ("patient", "subject") for each in asked.of(name)]
    mine = asker.sight
    if asker.reader:
        return mine
    if named:
        found = links(named[0].values, "Patient")
        if len(found) != 1:
            raise wrong("Search the messages of one patient at a time.", "value")
        return asker.sight_of(found[0][1])
    if not _is_narrow(asked):
        raise wrong(
            "Say whose: patient=, or one part-of= or _id=; or part-of:missing=true for the list of "
            "conversations.",
            "required",
        )
    return mine


def _is_narrow(asked: Asked) -> bool:
    one = [each for name in ("part-of", "_id") for each in asked.of(name) if len(each.values) == 1]
    named = [each for each in one if (each.modifier, each.values) != ("missing", ("false",))]
    return asked.only_count or bool(named)
