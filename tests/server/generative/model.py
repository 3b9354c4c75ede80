"""What conversations must be, in plain Python: no database, no key, no cipher.

Written from the rules, not from the code: who may see what on which day, what waits for whom, in
which order it stands, and when a conversation must be under a new key. People and records are
names; a moment is aware; a day is the practice's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
PRACTICE = "the practice"
YEAR = timedelta(days=365)


def day_of(moment: datetime) -> date:
    """The practice's calendar day."""
    return moment.astimezone(ZONE).date()


@dataclass(eq=False)
class Authority:
    """Somebody may act for a record from one day to another, both included."""

    who: str
    record: str
    starts_on: date
    ends_on: date | None
    has_account: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether it does on the day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass
class Cover:
    """A colleague answers for one who is away, both days included."""

    away: str
    by: str
    starts_on: date
    ends_on: date
    withdrawn: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether it does on the day."""
        return not self.withdrawn and self.starts_on <= day <= self.ends_on


@dataclass
class Epoch:
    """A stretch under one key: who was let in, and whether one of their keys was revoked since."""

    opened_at: datetime
    holders: set[object]
    stale: bool = False


@dataclass(eq=False)
class Said:
    """One message. `addressed`: the one of the practice it waits for besides."""

    sender: str
    side: str
    text: str
    epoch: int
    addressed: str | None = None
    to_colleague: bool = False
    retracted: bool = False
    covers: frozenset[str] = frozenset()
    read_by: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Conversation:
    """One thread: `epochs` and `messages` in order."""

    record: str
    subject: str
    state: str = "open"
    epochs: list[Epoch] = field(default_factory=list)
    messages: list[Said] = field(default_factory=list)
    participants: set[str] = field(default_factory=set)
    last_at: datetime | None = None


class Town:
    """Everything at once; every deed is told to it after the real one was done."""

    def __init__(self, now: datetime, staff: set[str], clinicians: set[str]) -> None:
        self.now = now
        self.staff, self.clinicians = set(staff), set(clinicians)
        self.accounts: dict[str, str | None] = {}
        self.merged: dict[str, str] = {}
        self.authorities: list[Authority] = []
        self.covers: list[Cover] = []
        self.threads: list[Conversation] = []

    @property
    def today(self) -> date:
        """The practice's day."""
        return day_of(self.now)

    # Who somebody is

    def person(self, record: str) -> str:
        """The record that counts."""
        return self.merged.get(record, record)

    def same_person(self, one: str, other: str) -> bool:
        """Whether two records are of one patient."""
        return self.person(one) == self.person(other)

    def authorities_for(self, record: str) -> list[Authority]:
        """Those that hold today for any record of the patient, the widest first."""
        held = [
            each
            for each in self.authorities
            if self.same_person(each.record, record) and each.holds_on(self.today)
        ]
        return sorted(held, key=lambda each: each.starts_on)

    def owns(self, who: str, record: str) -> bool:
        """Whether it is their own record, or one merged with it."""
        return who in {self.accounts[record], self.accounts[self.person(record)]}

    def authority_of(self, who: str, record: str) -> Authority | None:
        """By which right somebody acts for the patient: the one that goes back furthest."""
        held = (each for each in self.authorities_for(record) if each.has_account)
        return next((each for each in held if each.who == who), None)

    def away_for(self, who: str) -> set[str]:
        """For whom somebody answers today."""
        return {each.away for each in self.covers if each.by == who and each.holds_on(self.today)}

    # Who may see what

    def at_practice(self, who: str, thread: Conversation) -> bool:
        """Whether somebody of the practice carries the conversation today."""
        if who in self.staff:
            return True
        wanted = {who, *self.away_for(who)}
        return who in self.clinicians and bool(wanted & thread.participants)

    def on_patients_side(self, who: str, record: str) -> bool:
        """Whether somebody acts for the patient today."""
        return self.owns(who, record) or self.authority_of(who, record) is not None

    def may_see(self, who: str, thread: Conversation) -> bool:
        """Whether somebody may open the conversation today."""
        return self.at_practice(who, thread) or self.on_patients_side(who, thread.record)

    def covering(self, who: str, thread: Conversation) -> set[str]:
        """In whose place a clinician sits there who takes no part otherwise."""
        if who not in self.clinicians or who in thread.participants:
            return set()
        return self.away_for(who) & thread.participants

    def seen_by(self, who: str, thread: Conversation) -> list[Said]:
        """The messages somebody may read: a representative none of a stretch that had ended
        before their first day.
        """
        if self.at_practice(who, thread) or self.owns(who, thread.record):
            return thread.messages
        authority = self.authority_of(who, thread.record)
        assert authority is not None
        return [each for each in thread.messages if self.granted(authority, thread, each.epoch)]

    @staticmethod
    def granted(authority: Authority, thread: Conversation, epoch: int) -> bool:
        """Whether the stretch was in force on the first day, or later."""
        following = thread.epochs[epoch + 1 : epoch + 2]
        return not following or day_of(following[0].opened_at) >= authority.starts_on

    def waiting_for(self, who: str, thread: Conversation) -> list[Said]:
        """What is unread: what concerns them, is not theirs, and they did not open yet."""
        return [
            each
            for place, each in enumerate(thread.messages)
            if each in self.seen_by(who, thread)
            and each.sender != who
            and who not in each.read_by
            and self._concerns(who, thread, place)
        ]

    def _concerns(self, who: str, thread: Conversation, place: int) -> bool:
        said = thread.messages[place]
        if not self.at_practice(who, thread) or said.addressed == who:
            return True
        later = thread.messages[place + 1 :]
        answered = any(each.side == "practice" and not each.to_colleague for each in later)
        return said.side == "patient" and not answered

    def list_of(self, who: str, record: str | None) -> list[Conversation]:
        """An inbox, the latest first: of a record, or (None) of the practice."""
        if record is None:
            found = [each for each in self.threads if self.at_practice(who, each)]
        else:
            found = [each for each in self.threads if self.same_person(each.record, record)]
        return sorted(found, key=lambda each: each.last_at or self.now, reverse=True)

    # Keys

    def parties(self, record: str) -> set[object]:
        """Who must hold the key of what is written now."""
        return {PRACTICE, record, *self.authorities_for(record)}

    def begin_epoch(self, thread: Conversation) -> None:
        """A new key, for those who are parties now."""
        thread.epochs.append(Epoch(self.now, self.parties(thread.record)))

    def settle_key(self, thread: Conversation) -> None:
        """Before something is written: a new key where one must be, else who joined is let in."""
        epoch, parties = thread.epochs[-1], self.parties(thread.record)
        old = self.now - epoch.opened_at >= YEAR
        if epoch.stale or epoch.holders - parties or old:
            self.begin_epoch(thread)
        else:
            epoch.holders |= parties

    def let_in(self, authority: Authority, thread: Conversation) -> None:
        """On a visit, the key in force is shared with who acts for the patient."""
        thread.epochs[-1].holders.add(authority)

    def revoke(self, party: object) -> None:
        """A party's key is another one; what it held, the new one holds too."""
        for each in self.threads:
            each.epochs[-1].stale |= party in each.epochs[-1].holders

    def renew(self, record: str) -> None:
        """Somebody left: what may still be written to is under keys without them."""
        for each in self.threads:
            if self.same_person(each.record, record) and each.state != "locked":
                self.settle_key(each)
