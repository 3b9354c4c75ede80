"""The machine: deeds drawn at random, done on the server and told to the model, and looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from wellpost.server.audit.models import AuditRow
from wellpost.server.messaging import actions
from wellpost.server.messaging.errors import MessageRefusedError
from wellpost.server.messaging.keys.opened import opened_keys
from wellpost.server.messaging.models import Coverage
from wellpost.server.messaging.rotation.epochs import renew_epochs
from wellpost.server.messaging.rotation.rewrapping import rotate
from wellpost.server.people.actions import (
    accept_invitation,
    add_representative,
    end_representative,
    invite_patient,
    merge_patients,
)
from wellpost.server.people.models import Representative
from wellpost.server.people.permissions import NotAllowed

from .cast import BORN, CLINICIANS, EVERYBODY, FRIENDS, RECORDS, STAFF
from .eyes import Eyes
from .model import PRACTICE, Authority, Cover

Who = st.sampled_from(EVERYBODY)
Inside = st.sampled_from([*RECORDS, *STAFF, *CLINICIANS, *FRIENDS])
Record = st.sampled_from(RECORDS)
Clinical = st.sampled_from(CLINICIANS)
Number = st.integers(0, 11)


class Conversations(Eyes):
    """What everybody does, in any order; every example is rolled back."""

    def teardown(self) -> None:
        """Everybody looks at everything once more, then all is undone."""
        try:
            self._look_at_all()
            assert not AuditRow.objects.filter(deed="seal_broken").exists()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    # Writing

    @initialize(who=st.sampled_from([*CLINICIANS, "sam", "alice"]), record=Record)
    def first(self, who: str, record: str) -> None:
        self._start(who, record if who != "alice" else "alice")

    @rule(number=Number, who=Number)
    def talk(self, number: int, who: int) -> None:
        """Somebody writes who may."""
        thread = self._thread(number)
        self._send(self._allowed(thread, who), thread)

    @rule(number=Number, who=Number)
    def answer(self, number: int, who: int) -> None:
        """Somebody reads what is there, then writes; and looks at the list."""
        thread = self._thread(number)
        who_may = self._allowed(thread, who)
        self._read(who_may, thread)
        self._send(who_may, thread)
        self._list(who_may, None if self.town.at_practice(who_may, thread) else thread.record)

    @rule(who=Inside, record=Record)
    @precondition(lambda self: len(self.town.threads) < 5)
    def start(self, who: str, record: str) -> None:
        self._start(who, record)

    @rule(who=Who, number=Number)
    def send(self, who: str, number: int) -> None:
        self._send(who, self._thread(number))

    @rule(number=Number, colleague=Clinical)
    def tell_colleague(self, number: int, colleague: str) -> None:
        """Sam writes to a colleague, who takes part from then on."""
        thread = self._thread(number)
        told = self._member(colleague)
        sent = self._send("sam", thread, to_colleague=told)
        if sent:
            thread.participants.add(colleague)
            sent.addressed, sent.to_colleague = colleague, True

    @rule(number=Number, clinician=Clinical)
    def bring_in(self, number: int, clinician: str) -> None:
        thread = self._thread(number)
        with self._at():
            actions.add_participant(
                thread=self._row(thread),
                membership=self._member(clinician),
                by=self.people.users["sam"],
            )
        thread.participants.add(clinician)

    @rule(number=Number)
    @precondition(lambda self: self.sent)
    def send_again(self, number: int) -> None:
        """The same sending gives the same message, and another text under its key is refused."""
        earlier = self.sent[-1 - number % len(self.sent)]
        if not self._may_replay(earlier):
            return
        asked = {"who": earlier.who, "thread": earlier.thread, "key": earlier.key}
        assert self._sending(**asked, text=earlier.text).pk == earlier.message.pk
        with pytest.raises(MessageRefusedError):
            self._sending(**asked, text="something else")

    @rule(who=Who, number=Number, again=st.booleans())
    @precondition(lambda self: any(each.messages for each in self.town.threads))
    def retract(self, who: str, number: int, again: bool) -> None:
        """One takes back what one wrote; `again`: with another message in its place."""
        thread = self._thread(number)
        said = thread.messages[number % len(thread.messages)]
        who = said.sender if number % 3 else who
        deed = self._replacement(said, who) if again else self._retraction(said, who)
        expected = self._refusal_of_retraction(who, thread, said)
        if expected:
            with self._at(), pytest.raises(expected):
                deed()
            return
        with self._at():
            made = deed()
        said.retracted = True
        if again:
            addressed = self._addressed_as(said, thread, who)
            instead = self._told(thread, who, made, self._text(), addressed)
            instead.to_colleague = said.to_colleague

    # States

    @rule(who=Who, number=Number, state=st.sampled_from(["resolved", "open", "locked"]))
    def settle(self, who: str, number: int, state: str) -> None:
        thread = self._thread(number)
        if state == "locked" and number % 3:
            state = "resolved"  # what is locked has no more to show
        deeds = {"resolved": "resolve_thread", "open": "reopen_thread", "locked": "lock_thread"}
        deed = getattr(actions, deeds[state])
        refused = self._refused(who, thread, self.town.at_practice(who, thread))
        if refused:
            with self._at(), pytest.raises(refused):
                deed(thread=self._row(thread), by=self.people.users[who])
            return
        with self._at():
            deed(thread=self._row(thread), by=self.people.users[who])
        thread.state = state

    # Days, people and rights

    @rule(days=st.sampled_from([0, 0, 0, 1, 1, 1, 2, 7, 370]), hours=st.integers(0, 23))
    def wait(self, days: int, hours: int) -> None:
        self.town.now += timedelta(days=days, hours=hours)

    @rule(who=st.sampled_from(FRIENDS), record=Record, begin=st.sampled_from([-40, -1, 0, 0, 0, 1]),
          length=st.sampled_from([None, None, 0, 1, 2, 45]),
          account=st.sampled_from([True, True, False]))  # fmt: skip
    def let_act(self, who: str, record: str, begin: int, length: int | None, account: bool) -> None:
        self._let_act(who, record, begin, length, account=account)

    def _let_act(
        self, who: str, record: str, begin: int, length: int | None, *, account: bool
    ) -> None:
        """Sam writes down who may act for the patient, and perhaps lets them in."""
        starts_on = self.town.today + timedelta(days=begin)
        ends_on = None if length is None else starts_on + timedelta(days=length)
        authority = Authority(who, record, starts_on, ends_on)
        with self._at():
            row = add_representative(
                patient=self._patient(record), by=self.people.users["sam"], name=who.title(),
                relationship="friend", starts_on=starts_on, ends_on=ends_on,
            )  # fmt: skip
        self.twins.authorities[id(authority)] = row.pk
        self.town.authorities.append(authority)
        self._grant_everywhere(authority)
        if account:
            self._give_account(authority)

    @rule(number=Number)
    @precondition(lambda self: any(not each.has_account for each in self.town.authorities))
    def take_up(self, number: int) -> None:
        waiting = [each for each in self.town.authorities if not each.has_account]
        self._give_account(waiting[number % len(waiting)])

    @rule(number=Number, later=st.integers(0, 2))
    @precondition(lambda self: self.town.authorities)
    def end_act(self, number: int, later: int) -> None:
        authority = self.town.authorities[number % len(self.town.authorities)]
        on = self.town.today + timedelta(days=later)
        row = Representative.objects.get(pk=self.twins.authorities[id(authority)])
        with self._at():
            end_representative(representative=row, by=self.people.users["sam"], on=on)
        authority.ends_on = on - timedelta(days=1)
        self.town.renew(authority.record)

    @rule()
    @precondition(lambda self: self._carol_has_none())
    def open_account(self) -> None:
        carol = self._patient("carol")
        with self._at():
            _, code = invite_patient(patient=carol, by=self.people.users["sam"], sent_by="letter")
            accept_invitation(code=code, birth_on=BORN, user=self.people.users["carol"])
        self.town.accounts["carol"] = "carol"

    @rule(keep=Record)
    @precondition(lambda self: self._carol_has_none())
    def merge(self, keep: str) -> None:
        """The two records were one patient's all along."""
        other = next(each for each in RECORDS if each != keep)
        with self._at():
            merge_patients(
                keep=self._patient(keep), merge=self._patient(other), by=self.people.users["sam"]
            )
        self.town.merged[other] = keep
        self.town.accounts[keep] = "alice"
        for each in self.town.authorities_for(keep):
            self._grant_everywhere(each)

    @rule(
        away=Clinical,
        by=Clinical,
        begin=st.sampled_from([-1, 0, 0, 1]),
        length=st.sampled_from([-1, 0, 2, 5, 30]),
    )
    def cover(self, away: str, by: str, begin: int, length: int) -> None:
        self._cover(away, by, begin, length)

    def _cover(self, away: str, by: str, begin: int, length: int) -> None:
        starts_on = self.town.today + timedelta(days=begin)
        ends_on = starts_on + timedelta(days=length)
        overlaps = any(
            each.away == away and not each.withdrawn
            and each.starts_on <= ends_on and starts_on <= each.ends_on
            for each in self.town.covers
        )  # fmt: skip
        deed = self._covering(away, by, starts_on, ends_on)
        if away == by or length < 0 or ends_on < self.town.today or overlaps:
            with self._at(), pytest.raises(MessageRefusedError):
                deed()
            return
        with self._at():
            row = deed()
        cover = Cover(away, by, starts_on, ends_on)
        self.twins.covers[id(cover)] = row.pk
        self.town.covers.append(cover)

    @rule(number=Number, which=Number, length=st.integers(0, 4))
    def stand_in(self, number: int, which: int, length: int) -> None:
        """Who takes part goes away, and a colleague reads and answers in their place."""
        thread = self._thread(number)
        if thread.participants:
            away = sorted(thread.participants)[which % len(thread.participants)]
            colleague = [each for each in CLINICIANS if each != away][which % 2]
            self._cover(away, colleague, 0, length)
            self._read(colleague, thread)
            self._list(colleague, None)
            self._send(colleague, thread)

    @rule(number=Number, who=st.sampled_from(FRIENDS))
    def come_late(self, number: int, who: str) -> None:
        """Somebody may act for the patient from the day after a new key on."""
        thread = self._thread(number)
        self._revoke(thread.record, 0)
        self._send("sam", thread)
        self.town.now += timedelta(days=1)
        self._let_act(who, thread.record, 0, None, account=True)
        self._list(who, thread.record)
        self._read(who, thread)

    @rule(number=Number)
    @precondition(lambda self: self.town.covers)
    def end_cover(self, number: int) -> None:
        cover = self.town.covers[number % len(self.town.covers)]
        row = Coverage.objects.get(pk=self.twins.covers[id(cover)])
        with self._at():
            actions.end_coverage(coverage=row, by=self.people.users[cover.away])
        cover.withdrawn = True

    # Keys

    @rule()
    def rotate(self) -> None:
        """What wraps all keys is made anew."""
        with self._at():
            assert not rotate().unopened
        opened_keys.forget()

    @rule(days=st.sampled_from([0, 1, 40]))
    def renew(self, days: int) -> None:
        """Conversations whose key is older get a new one."""
        old = [
            each
            for each in self.town.threads
            if each.state != "locked" and each.epochs[-1].opened_at < self._soon(days)
        ]
        with self._at():
            assert renew_epochs(self.people.practice, timedelta(days=days)) == (len(old), 0)
            for each in old:
                self.town.begin_epoch(each)

    @rule(which=Number, who=st.sampled_from([*RECORDS, PRACTICE, "acting"]))
    def revoke(self, which: int, who: str) -> None:
        if who != "acting" or self.town.authorities:
            self._revoke(who, which)

    def _revoke(self, who: str, which: int) -> None:
        """A key may be in wrong hands."""
        party, row = self._party(who, which)
        with self._at():
            actions.revoke_key(holder=row, by=self.people.users["ada"])
        self.town.revoke(party)

    @rule()
    def forget(self) -> None:
        """Another process answers."""
        opened_keys.forget()

    # Looking

    @rule(who=Who, number=Number)
    def read(self, who: str, number: int) -> None:
        self._read(who, self._thread(number))

    @rule(who=Who, number=Number)
    def mark(self, who: str, number: int) -> None:
        """Taken as read without a look."""
        thread = self._thread(number)
        if not self.town.may_see(who, thread):
            with self._at(), pytest.raises(NotAllowed):
                actions.mark_read(thread=self._row(thread), by=self.people.users[who])
            return
        waiting = self.town.waiting_for(who, thread)
        with self._at():
            marked = actions.mark_read(thread=self._row(thread), by=self.people.users[who])
        assert marked == len(waiting)
        for each in waiting:
            each.read_by.add(who)

    @rule(who=Who, record=st.sampled_from([None, *RECORDS]))
    def list(self, who: str, record: str | None) -> None:
        self._list(who, record)
