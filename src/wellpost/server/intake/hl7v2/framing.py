"""MLLP: where a message begins and ends in a stream of bytes, whatever else is in it.

A block begins with 0x0B and ends with 0x1C, behind which 0x0D stands (HL7 2.5, appendix C). The
library's own reader throws away a good message that rubbish stands before, and keeps a stream that
never ends in memory; therefore this one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import NamedTuple

from wellpost.adapters.hl7v2 import MessageRefusedError
from wellpost.adapters.hl7v2.refusal import Where

START, END, RETURN = b"\x0b", b"\x1c", b"\x0d"
AT_ONCE = 65_536
HEAD = 8_192
"""What is kept of a message that is too long: enough to acknowledge it."""

MOST_THROWN_AWAY = 256 << 20
"""Bytes of one message, or between two, after which a connection is given up."""


class Frame(NamedTuple):
    """A block, or its beginning and what is wrong with it; `last`: the connection is useless."""

    block: bytes
    fault: MessageRefusedError | None = None
    last: bool = False


def framed(block: bytes) -> bytes:
    """The block as it is sent."""
    return START + block + END + RETURN


@dataclass
class Framing:
    """The blocks of one connection: at most `most` bytes each, whole within `seconds`."""

    reader: asyncio.StreamReader
    most: int
    seconds: float

    def __post_init__(self) -> None:
        self._held = bytearray()

    async def frames(self) -> AsyncIterator[Frame]:
        """Every block until the sender closes; between blocks it may be silent for ever."""
        while await self._begun():
            frame = await self._block()
            if frame is None:
                return
            yield frame
            if frame.last:
                return

    async def _begun(self) -> bool:
        """Whether another block begins; what stands before it is thrown away."""
        thrown = 0
        while (at := self._held.find(START)) < 0:
            thrown += len(self._held)
            self._held.clear()
            if thrown > MOST_THROWN_AWAY or not await self._more():
                return False
        del self._held[: at + 1]
        return True

    async def _more(self) -> bool:
        piece = await self.reader.read(AT_ONCE)
        self._held += piece
        return bool(piece)

    async def _block(self) -> Frame | None:
        """The block that has begun; None when the sender is gone before its end."""
        block = bytearray()
        try:
            async with asyncio.timeout(self.seconds):
                return await self._to_the_end(block)
        except TimeoutError:
            says = f"its end (0x1C 0x0D) did not come within {self.seconds:g} seconds."
            return Frame(bytes(block + self._held)[:HEAD], _at_large(says), last=True)

    async def _to_the_end(self, block: bytearray) -> Frame | None:
        """Gather the bytes into `block`; past the most allowed only its beginning is kept."""
        length = 0
        while True:
            end, again = self._held.find(END), self._held.find(START)
            at = min((each for each in (end, again) if each >= 0), default=len(self._held))
            length += at
            block += self._held[:at]
            del self._held[:at]
            if length > self.most:
                del block[HEAD:]
            if length > MOST_THROWN_AWAY:
                return Frame(bytes(block), self._too_long(), last=True)
            if self._held:
                return self._ended(bytes(block), length)
            if not await self._more():
                return None

    def _ended(self, block: bytes, length: int) -> Frame:
        if self._held.startswith(START):
            says = "another message began before its end (0x1C 0x0D)."
            return Frame(block[:HEAD], _at_large(says))
        del self._held[:1]
        return Frame(block, self._too_long() if length > self.most else None)

    def _too_long(self) -> MessageRefusedError:
        says = f"longer than {self.most:,} bytes; send it without pictures and documents."
        return _at_large(says)


def _at_large(says: str) -> MessageRefusedError:
    return MessageRefusedError(102, Where("MSH"), says, rejected=True)
