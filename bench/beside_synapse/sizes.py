"""How much there is on both sides."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """`people`: one a connection, each a patient with so many threads of so many messages. Into
    the first thread is sent; the others are read; all are listed. `rounds` of peer, us, peer,
    with `seconds` for each thing asked."""

    people: int
    threads: int
    messages: int
    rounds: int
    seconds: float

    @staticmethod
    def by_clinician(number: int) -> bool:
        """Who writes the message of that number in a thread: the two in turn, the patient first."""
        return number % 2 == 1


FULL = Sizes(people=16, threads=10, messages=20, rounds=3, seconds=10)
QUICK = Sizes(people=16, threads=3, messages=10, rounds=1, seconds=2.5)
