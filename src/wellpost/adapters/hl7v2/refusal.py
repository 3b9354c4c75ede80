"""Why a message is refused: where in it, by which code of HL7, in words that name no patient."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from wellpost.errors import DataRefusedError

Code: TypeAlias = Literal[100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 207]

MEANINGS: dict[Code, str] = {
    100: "Segment sequence error",
    101: "Required field missing",
    102: "Data type error",
    103: "Table value not found",
    200: "Unsupported message type",
    201: "Unsupported event code",
    202: "Unsupported processing id",
    203: "Unsupported version id",
    204: "Unknown key identifier",
    205: "Duplicate key identifier",
    207: "Application internal error",
}
"""HL7 table 0357, as far as used here."""

REJECTED = frozenset({200, 201, 202, 203, 207})
"""Codes that reject a message (AR): for what it is, or for reasons that lie with us. The others
are errors in what it says (AE)."""


class Where(NamedTuple):
    """A place in a message, counted from 1; 0 where it is said no closer."""

    segment: str
    field: int = 0
    component: int = 0
    occurrence: int = 1

    def __str__(self) -> str:
        if not self.field:
            return self.segment
        return f"{self.segment}-{self.field}" + (f".{self.component}" if self.component else "")


class MessageRefusedError(DataRefusedError):
    """The message was not taken over; `says` is what is wrong and what would be right.

    `rejected`: answered AR, as its code or this says; else AE.
    """

    def __init__(self, code: Code, where: Where, says: str, *, rejected: bool = False) -> None:
        self.code, self.where, self.says = code, where, says
        self.rejected = rejected or code in REJECTED
        super().__init__(f"{where}: {says}")


def of_length(text: str, most: int) -> str:
    """A value of the message as an error may show it: short, on one line."""
    shown = "".join(each if each.isprintable() else "?" for each in text)
    return shown if len(shown) <= most else f"{shown[:most]}…"
