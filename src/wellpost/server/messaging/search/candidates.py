"""Which messages of one patient may hold what is looked for, told by the index alone.

What is not in the index yet (imported, or indexed under a key that is lost) is opened and indexed
on the way, so that nothing stays unfound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from .. import alarms
from ..errors import TamperedError
from ..keys.parties import keys_of, party_of
from ..models import IndexedMessage, Message, PartyKey, Thread
from ..reader import Reader
from .blind import digests_for, holds, row_for, search_key
from .reading import texts_of

MOST_AT_ONCE = 2_000
"""Messages indexed by one search at most; the next one goes on."""


class Index:
    """The index of some threads of one patient, as one reader may use it."""

    def __init__(self, threads: Mapping[UUID, Thread], reader: Reader) -> None:
        self._threads, self._reader = threads, reader
        self._secrets: dict[UUID, bytes | None] = {}
        self.incomplete = False

    def holding(self, terms: Sequence[str], messages: Sequence[Message]) -> list[Message]:
        """Those of the messages whose words may be these, in their order."""
        rows = self._rows(messages)
        asked: dict[UUID, list[bytes]] = {}
        for key, secret in self._secrets.items():
            asked[key] = digests_for(terms, secret) if secret else []
        return [
            each
            for each in messages
            if (row := rows.get(each.pk)) and holds(bytes(row.tokens), asked[row.party_key_id])
        ]

    def _rows(self, messages: Sequence[Message]) -> dict[UUID, IndexedMessage]:
        patients = {each.patient_id for each in self._threads.values()}
        kept = IndexedMessage.objects.filter(patient__in=patients).select_related("party_key")
        rows = {each.message_id: each for each in kept if self._secret(each.party_key)}
        missing = [each for each in messages if each.pk not in rows]
        self.incomplete = len(missing) > MOST_AT_ONCE
        for each in self._indexed(missing[:MOST_AT_ONCE]):
            rows[each.message_id] = each
        return rows

    def _indexed(self, missing: Sequence[Message]) -> list[IndexedMessage]:
        """New rows for these, kept; what does not open has an alarm and none."""
        keys = self._keys_in_force() if missing else {}
        whole = Message.objects.filter(pk__in=[each.pk for each in missing])
        opened = whole.select_related("epoch") if missing else []
        made = [row for each in opened if (row := self._row(each, keys))]
        if made:
            IndexedMessage.objects.filter(message__in=[each.pk for each in made]).delete()
            IndexedMessage.objects.bulk_create(made, ignore_conflicts=True)
        return made

    def _row(self, message: Message, keys: Mapping[UUID, PartyKey]) -> IndexedMessage | None:
        thread = self._threads[message.thread_id]
        texts = texts_of(message, thread, self._reader)
        key = keys[thread.patient_id]
        secret = self._secret(key)
        if texts is None or secret is None:
            return None
        message.thread = thread
        return row_for(message, texts, key, secret)

    def _keys_in_force(self) -> dict[UUID, PartyKey]:
        parties = {party_of(each.patient) for each in self._threads.values()}
        return {party.id: key for party, key in keys_of(parties).items()}

    def _secret(self, key: PartyKey) -> bytes | None:
        """None, with the alarm on record, for a key that does not open."""
        if key.pk not in self._secrets:
            try:
                self._secrets[key.pk] = search_key(key)
            except TamperedError as error:
                alarms.sound(error, self._reader.by)
                self._secrets[key.pk] = None
        return self._secrets[key.pk]
