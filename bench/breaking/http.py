"""One client's connection: plain HTTP/1.1, opened again whenever it breaks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlencode

PATIENCE = 20.0
"""Seconds an answer may take before it counts as broken."""


class BrokenError(Exception):
    """No answer, or one that says the server is in trouble: nothing is known of the deed."""


@dataclass(frozen=True)
class Account:
    """Whose session it is."""

    session: str
    csrf: str


@dataclass(frozen=True)
class Answer:
    """What came back; `to` is where it sends the browser."""

    status: int
    to: str
    text: str


class Line:
    """A connection that stays open between requests."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._held: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, who: Account, path: str, form: dict[str, str] | None = None) -> Answer:
        """One request, a POST where there is a form. BrokenError when nothing is known."""
        try:
            answer = await asyncio.wait_for(self._asked(who, path, form), PATIENCE)
        except (OSError, EOFError, TimeoutError, ValueError) as fault:
            self.close()
            raise BrokenError(str(fault)) from fault
        if answer.status >= 500:
            raise BrokenError(str(answer.status))
        return answer

    async def insist(self, who: Account, path: str, form: dict[str, str] | None = None) -> Answer:
        """The same request until it is answered."""
        while True:
            try:
                return await self.ask(who, path, form)
            except BrokenError:
                await asyncio.sleep(0.1)

    def close(self) -> None:
        """Hang up."""
        if self._held:
            self._held[1].close()
        self._held = None

    async def _asked(self, who: Account, path: str, form: dict[str, str] | None) -> Answer:
        if self._held is None:
            self._held = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._held
        writer.write(_request(who, path, form))
        return await self._answered(reader)

    async def _answered(self, reader: asyncio.StreamReader) -> Answer:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        heads = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        if "chunked" in heads.get("transfer-encoding", ""):
            body = await _chunks(reader)
        else:
            body = await reader.readexactly(int(heads.get("content-length", 0)))
        if heads.get("connection") == "close":
            self.close()
        status = int(lines[0].split(" ", 2)[1])
        return Answer(status, heads.get("location", ""), body.decode(errors="replace"))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readline()).strip() or b"0", 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


def _request(who: Account, path: str, form: dict[str, str] | None) -> bytes:
    kind, body = "", b""
    if form is not None:
        kind = "Content-Type: application/x-www-form-urlencoded\r\n"
        body = urlencode({**form, "csrfmiddlewaretoken": who.csrf}).encode()
    head = (
        f"{'GET' if form is None else 'POST'} {path} HTTP/1.1\r\nHost: localhost\r\n"
        f"Cookie: session={who.session}; csrf={who.csrf}\r\n{kind}"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
