"""How deeds are done on the server and told to the model, each at a moment of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine

from wellpost.server.clock.time import held_at
from wellpost.server.messaging import actions
from wellpost.server.messaging.errors import MessageRefusedError
from wellpost.server.messaging.keys.opened import opened_keys
from wellpost.server.messaging.models import Message, Thread
from wellpost.server.people.actions import accept_invitation, invite_representative
from wellpost.server.people.models import Membership, Patient, Representative
from wellpost.server.people.permissions import NotAllowed

from .cast import BEGIN, BORN, CLINICIANS, EVERYBODY, STAFF, People, Sent, Twins
from .model import PRACTICE, Authority, Conversation, Said, Town


class Hands(RuleBasedStateMachine):
    """The server and the model side by side."""

    def __init__(self, people: People) -> None:
        super().__init__()
        self.people, self.twins = people, Twins()
        self.town = Town(BEGIN, set(STAFF), set(CLINICIANS))
        self.town.accounts = {"alice": "alice", "carol": None}
        self.sent: list[Sent] = []
        self.counted = 0
        opened_keys.forget()
        self.block = transaction.atomic()
        self.block.__enter__()

    # How it is done

    @contextmanager
    def _at(self) -> Iterator[None]:
        """A minute later, so that no two deeds are at one moment."""
        self.town.now += timedelta(minutes=1)
        with held_at(self.town.now):
            yield

    def _soon(self, days: int) -> datetime:
        """Before which an epoch is old, at the moment of the deed that comes next."""
        return self.town.now + timedelta(minutes=1) - timedelta(days=days)

    def _thread(self, number: int) -> Conversation:
        return self.town.threads[-1 - number % len(self.town.threads)]

    def _allowed(self, thread: Conversation, number: int) -> str:
        """One of those who may see the conversation today."""
        found = [each for each in EVERYBODY if self.town.may_see(each, thread)]
        return found[number % len(found)]

    def _row(self, thread: Conversation) -> Thread:
        return Thread.objects.get(pk=self.twins.threads[id(thread)])

    def _patient(self, record: str) -> Patient:
        return Patient.objects.get(pk=self.people.records[record].pk)

    def _member(self, who: str) -> Membership:
        return Membership.objects.get(pk=self.people.memberships[who].pk)

    def _carol_has_none(self) -> bool:
        return self.town.accounts["carol"] is None and not self.town.merged

    def _party(self, who: str, which: int) -> tuple[object, Any]:
        if who == PRACTICE:
            return PRACTICE, self.people.practice
        if who != "acting":
            return who, self._patient(who)
        authority = self.town.authorities[which % len(self.town.authorities)]
        row = Representative.objects.get(pk=self.twins.authorities[id(authority)])
        return authority, row

    def _text(self) -> str:
        return f"Message {self.counted}"

    def _next_key(self) -> str:
        self.counted += 1
        return f"machine-{self.counted}"

    def _start(self, who: str, record: str) -> None:
        key = self._next_key()
        clinician = who in CLINICIANS
        asked = {
            "practice": self.people.practice, "patient": self._patient(record),
            "by": self.people.users[who], "subject": f"Subject {self.counted}",
            "body": self._text(), "client_key": key,
        }  # fmt: skip
        inside = who in STAFF or clinician
        if not (inside or self.town.on_patients_side(who, record)):
            with self._at(), pytest.raises(NotAllowed):
                actions.start_thread(**asked)
            return
        with self._at():
            message = actions.start_thread(**asked)
        thread = Conversation(self.town.person(record), asked["subject"])
        thread.participants |= {who} if clinician else set()
        self.town.threads.append(thread)
        self.twins.threads[id(thread)] = message.thread_id
        self.town.begin_epoch(thread)
        self._said(thread, who, message, self._text(), None)

    def _send(self, who: str, thread: Conversation, **more: Any) -> Said | None:
        key = self._next_key()
        refused = self._refused(who, thread, self.town.may_see(who, thread))
        if refused:
            with pytest.raises(refused):
                self._sending(who, thread, key, self._text(), **more)
            return None
        covers = self.town.covering(who, thread)
        message = self._sending(who, thread, key, self._text(), **more)
        addressed = self._only(thread) if not self.town.at_practice(who, thread) else None
        said = self._told(thread, who, message, self._text(), addressed)
        said.covers = frozenset(covers)
        if not more:
            self.sent.append(Sent(who, key, self._text(), thread, message))
        return said

    def _sending(self, who: str, thread: Conversation, key: str, text: str, **more: Any) -> Message:
        with self._at():
            return actions.send_message(
                thread=self._row(thread), by=self.people.users[who], body=text, client_key=key,
                **more,
            )  # fmt: skip

    def _told(
        self, thread: Conversation, who: str, message: Any, text: str, addressed: str | None
    ) -> Said:
        """A message was added to a conversation that stood."""
        self.town.settle_key(thread)
        takes_place = self.town.covering(who, thread)
        if who in CLINICIANS and self.town.at_practice(who, thread) and not takes_place:
            thread.participants.add(who)
        said = self._said(thread, who, message, text, addressed)
        said.covers = frozenset(takes_place)
        return said

    def _said(
        self, thread: Conversation, who: str, message: Any, text: str, addressed: str | None
    ) -> Said:
        side = "practice" if who in (*STAFF, *CLINICIANS) else "patient"
        said = Said(who, side, text, len(thread.epochs) - 1, addressed)
        thread.messages.append(said)
        thread.state, thread.last_at = "open", self.town.now
        self.twins.messages[id(said)] = message.pk
        assert message.epoch.number == len(thread.epochs)
        assert message.sequence == len(thread.messages)
        return said

    def _only(self, thread: Conversation) -> str | None:
        """Whom the patient addresses without a word: the only clinician who takes part."""
        return next(iter(thread.participants)) if len(thread.participants) == 1 else None

    def _addressed_as(self, said: Said, thread: Conversation, who: str) -> str | None:
        if said.side == "practice":
            return said.addressed if said.to_colleague else None
        return said.addressed or self._only(thread)

    def _may_replay(self, earlier: Sent) -> bool:
        """Whoever lost the right in between is not told what became of it."""
        return self.town.may_see(earlier.who, earlier.thread) and bool(
            [
                each
                for each in self.town.seen_by(earlier.who, earlier.thread)
                if self.twins.messages[id(each)] == earlier.message.pk
            ]
        )

    def _refused(self, who: str, thread: Conversation, allowed: bool) -> type[Exception] | None:
        if not allowed:
            return NotAllowed
        return MessageRefusedError if thread.state == "locked" else None

    def _refusal_of_retraction(
        self, who: str, thread: Conversation, said: Said
    ) -> type[Exception] | None:
        refused = self._refused(who, thread, self.town.may_see(who, thread))
        if refused or who != said.sender:
            return refused or NotAllowed
        return MessageRefusedError if said.retracted else None

    def _retraction(self, said: Said, who: str) -> Callable[[], Any]:
        message = Message.objects.get(pk=self.twins.messages[id(said)])
        return lambda: actions.retract_message(message=message, by=self.people.users[who])

    def _replacement(self, said: Said, who: str) -> Callable[[], Any]:
        message, key = Message.objects.get(pk=self.twins.messages[id(said)]), self._next_key()
        return lambda: actions.replace_message(
            message=message, by=self.people.users[who], body=self._text(), client_key=key
        )

    def _covering(self, away: str, by: str, start: date, end: date) -> Callable[[], Any]:
        return lambda: actions.cover(
            membership=self._member(away), covered_by=self._member(by), starts_on=start,
            ends_on=end, by=self.people.users[away],
        )  # fmt: skip

    def _grant_everywhere(self, authority: Authority) -> None:
        """Who may act from now on is let in to what stands."""
        if not authority.holds_on(self.town.today):
            return
        for each in self.town.threads:
            if self.town.same_person(each.record, authority.record):
                self.town.let_in(authority, each)

    def _give_account(self, authority: Authority) -> None:
        row = Representative.objects.get(pk=self.twins.authorities[id(authority)])
        with self._at():
            _, code = invite_representative(
                representative=row, by=self.people.users["sam"], sent_by="letter"
            )
            accept_invitation(code=code, birth_on=BORN, user=self.people.users[authority.who])
        authority.has_account = True
        self._grant_everywhere(authority)
