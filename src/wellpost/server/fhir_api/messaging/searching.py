"""Searches of conversations: threads and messages in one order, none but what may be seen.

What is written in them is never searched here: that is the page's own search, over a blind index.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from django.db.models import QuerySet

from wellpost.server.messaging.models import Message, Thread
from wellpost.server.messaging.sight import Sight

from ..outcomes import wrong
from ..record.statements import Key, Order
from .asker import Asker
from .asking import Asked, Criterion, Searched, links
from .conditions import ALL, CONDITIONS, KINDS, About, Pair
from .often import asked_often, messages_told, threads_told
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
        self.about = About(asker, self.sight.patient)

    @cached_property
    def threads(self) -> QuerySet[Thread]:
        """Those found."""
        return threads_told(self.sight.threads).filter(self._conditions[0])

    @cached_property
    def messages(self) -> QuerySet[Message]:
        """Those found."""
        return messages_told(self.sight.messages).filter(self._conditions[1])

    def count(self) -> int:
        """How many there are in all."""
        return self.threads.count() + self.messages.count()

    def page(self) -> list[tuple[Key, Thread | Message]]:
        """The rows of the page, and one more where there is a next; each with its key."""
        column = self.asked.order.by
        keyed = [((getattr(each, column), each.pk), each) for each in self._rows(column)]
        return merged(keyed, self.asked.order, self.asked.most + 1)

    def _rows(self, column: str) -> Sequence[Thread | Message]:
        besides = [each for each in self.asked.criteria if not self._of_sight(each)]
        often = asked_often(self.sight, self.asked, besides)
        if often is not None:
            return often
        return [
            *behind(self.threads, self.asked, column),
            *behind(self.messages, self.asked, column),
        ]

    def _of_sight(self, criterion: Criterion) -> bool:
        """Whether it asks no more than the sight does: for the patient whose it is."""
        asks = criterion.name in ("patient", "subject")
        return asks and CONDITIONS[criterion.name](criterion, self.about)[0] is ALL

    @cached_property
    def _conditions(self) -> Pair:
        threads, messages = ALL, ALL
        for each in self.asked.criteria:
            of_threads, of_messages = CONDITIONS[each.name](each, self.about)
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
