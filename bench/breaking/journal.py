"""What the clients were told, and what they found otherwise."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

MARK = re.compile(r"m-([a-z0-9]+)-(\d{5})-m")
"""How each message names itself: its writer and their number."""


@dataclass
class Journal:
    """`sent`: by conversation and writer the numbers acknowledged, in order. `closing`: those
    whose closing was asked for. `closed`, `revoked`: those whose end was acknowledged.
    """

    sent: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    closing: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    revoked: set[str] = field(default_factory=set)
    faults: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    read: int = 0
    refused_after_end: int = 0
    again: int = 0

    @property
    def acknowledged(self) -> int:
        """How many messages."""
        return sum(len(each) for each in self.sent.values())

    def note(self, thread: str, writer: str, number: int) -> None:
        """The sending was acknowledged."""
        self.sent.setdefault((thread, writer), []).append(number)

    def known_of(self, thread: str) -> dict[str, list[int]]:
        """What the conversation must hold by now, by writer."""
        return {who: list(held) for (where, who), held in self.sent.items() if where == thread}

    def fault(self, what: str, example: str = "") -> None:
        """Something is not as the clients were told."""
        self.faults[what] += 1
        self.examples.setdefault(what, example[:300])

    def hold_against(self, shown: str, must: dict[str, list[int]], what: str) -> None:
        """Whether a conversation as it is shown holds what it must, once and in order."""
        found: dict[str, list[int]] = {}
        for who, number in MARK.findall(shown):
            found.setdefault(who, []).append(int(number))
        for who, numbers in found.items():
            if len(set(numbers)) < len(numbers):
                self.fault("twice", f"{what}: {who} {numbers}")
            if numbers != sorted(numbers):
                self.fault("out of order", f"{what}: {who} {numbers}")
        for who, numbers in must.items():
            for number in set(numbers) - set(found.get(who, [])):
                self.fault("lost", f"{what}: {who} {number}")
