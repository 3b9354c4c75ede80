"""What somebody is shown, held against what the model says they may see."""

from __future__ import annotations

from typing import Any

import pytest

from wellpost.server.messaging import queries
from wellpost.server.people.permissions import NotAllowed

from .cast import CLINICIANS, EVERYBODY, RECORDS, STAFF
from .hands import Hands
from .model import Conversation


class Eyes(Hands):
    """Looks at conversations and lists as one of the people."""

    # How it is looked at

    def _look_at_all(self) -> None:
        """Everybody at everything."""
        for who in EVERYBODY:
            for record in (None, *RECORDS):
                self._list(who, record)
            for each in self.town.threads:
                self._read(who, each)

    def _read(self, who: str, thread: Conversation) -> None:
        user, pk = self.people.users[who], self.twins.threads[id(thread)]
        with self._at():
            if not self.town.may_see(who, thread):
                with pytest.raises(NotAllowed):
                    queries.open_thread(pk, user)
                return
            self._visit(who, thread)
            opened = queries.open_thread(pk, user)
        seen = self.town.seen_by(who, thread)
        shown = [
            (self.twins.messages[id(each)], each.text, each.retracted, each.sender == who)
            for each in seen
        ]
        found = [(e.id, e.text, e.retracted_at is not None, e.mine) for e in opened.messages]
        assert found == shown
        assert (opened.subject, opened.state) == (thread.subject, thread.state)
        assert not opened.tampered and opened.may_write == (thread.state != "locked")
        for message, each in zip(opened.messages, seen, strict=True):
            away = {self.people.memberships[name].name for name in each.covers}
            assert message.covers in (away or {""})
            readers = {self.people.users[name].name for name in each.read_by}
            assert {one.name for one in message.read_by} == readers
            if each.sender != who:
                each.read_by.add(who)

    def _visit(self, who: str, thread: Conversation) -> None:
        """A representative's visit lets them in to what was granted since."""
        if self.town.at_practice(who, thread) or self.town.owns(who, thread.record):
            return
        authority = self.town.authority_of(who, thread.record)
        if authority:
            self.town.let_in(authority, thread)

    def _list(self, who: str, record: str | None) -> None:
        where: dict[str, Any] = (
            {"practice": self.people.practice} if record is None
            else {"patient": self._patient(record)}
        )  # fmt: skip
        user = self.people.users[who]
        with self._at():
            allowed = (
                who in (*STAFF, *CLINICIANS) if record is None
                else self.town.on_patients_side(who, record)
            )  # fmt: skip
            if not allowed:
                for ask in (queries.inbox, queries.unread_count):
                    with pytest.raises(NotAllowed):
                        ask(user, **where)
                return
            counted = queries.unread_count(user, **where)
            rows = queries.inbox(user, **where)
            found = self.town.list_of(who, record)
            for each in found if record else ():
                self._visit_of_list(who, each)
        expected = [
            (
                self.twins.threads[id(each)], each.subject, each.state,
                len(each.messages), len(self.town.waiting_for(who, each)),
            )
            for each in found
        ]  # fmt: skip
        assert [
            (e.thread_id, e.subject, e.state, e.message_count, e.unread_count) for e in rows
        ] == expected
        assert counted == sum(each[-1] for each in expected)

    def _visit_of_list(self, who: str, thread: Conversation) -> None:
        """A list lets in as well, where the key in force is lacking."""
        if not self.town.owns(who, thread.record):
            authority = self.town.authority_of(who, thread.record)
            if authority and authority not in thread.epochs[-1].holders:
                for each in self.town.threads:
                    if self.town.same_person(each.record, thread.record):
                        self.town.let_in(authority, each)
