"""The port: who may speak to it, how many at once, and the way of a message through it."""

from __future__ import annotations

import asyncio
import logging
import signal
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import TypeAlias, cast

from wellpost.adapters.hl7v2 import MessageRefusedError

from .framing import AT_ONCE, Framing, framed

LOG = logging.getLogger(__name__)
LAST_SECONDS = 20
"""How long a message under way may take when the port is told to stop."""

Network: TypeAlias = IPv4Network | IPv6Network
Receive: TypeAlias = Callable[[bytes, MessageRefusedError | None], Sequence[bytes]]


@dataclass(frozen=True)
class Port:
    """Where is listened, and what is trusted. `allowed` empty: every address that reaches it."""

    host: str = "127.0.0.1"
    port: int = 2575
    certificate: Path | None = None
    key: Path | None = None
    client_ca: Path | None = None
    allowed: tuple[Network, ...] = ()
    connections: int = 64
    at_once: int = 4
    most: int = 1 << 20
    seconds: float = 60

    def context(self) -> ssl.SSLContext | None:
        """TLS 1.2 or later; with `client_ca` for those alone whose certificate is signed by it."""
        if self.certificate is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate, self.key)
        if self.client_ca is not None:
            context.load_verify_locations(self.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def lets_in(self, address: str) -> bool:
        """Whether somebody of this network address may speak."""
        plain = ip_address(address.partition("%")[0])
        mapped = getattr(plain, "ipv4_mapped", None) or plain
        return not self.allowed or any(mapped in each for each in self.allowed)


@dataclass
class Listener:
    """Takes connections, each message to `receive` in a thread, and its answers back.

    A connection's next message is read when the last one is answered: a sender is never faster
    than the database, and what waits, waits with it.
    """

    port: Port
    receive: Receive
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _busy: set[asyncio.Task[None]] = field(default_factory=set)
    _stopping: bool = False

    async def run(self, began: Callable[[int], None], stop: asyncio.Event) -> None:
        """Listen until `stop`; `began` is told the port. Messages under way are answered first."""
        with ThreadPoolExecutor(self.port.at_once, thread_name_prefix="hl7v2") as threads:
            self._threads = threads
            server = await asyncio.start_server(
                self._connected,
                self.port.host,
                self.port.port,
                ssl=self.port.context(),
                limit=AT_ONCE,
                ssl_handshake_timeout=10 if self.port.certificate else None,
            )
            began(server.sockets[0].getsockname()[1])
            async with server:
                await stop.wait()
                server.close()
            await self._finish()

    async def _finish(self) -> None:
        self._stopping = True
        for task in self._tasks - self._busy:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LAST_SECONDS)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())  # streams call this in one
        self._tasks.add(task)
        try:
            if self._may(writer):
                await self._converse(
                    Framing(reader, self.port.most, self.port.seconds), writer, task
                )
        except (OSError, TimeoutError, asyncio.CancelledError):
            pass  # the sender is gone, or reads no answers, or we were told to stop
        finally:
            self._tasks.discard(task)
            self._busy.discard(task)
            writer.close()

    def _may(self, writer: asyncio.StreamWriter) -> bool:
        address = str((writer.get_extra_info("peername") or ("127.0.0.1",))[0])
        if not self.port.lets_in(address):
            LOG.warning("%s may not send HL7 here", address)
            return False
        if len(self._tasks) > self.port.connections:
            LOG.warning("more than %d connections; %s was refused", self.port.connections, address)
            return False
        return True

    async def _converse(
        self, framing: Framing, writer: asyncio.StreamWriter, task: asyncio.Task[None]
    ) -> None:
        loop = asyncio.get_running_loop()
        async for frame in framing.frames():
            self._busy.add(task)
            given = await loop.run_in_executor(
                self._threads, self.receive, frame.block, frame.fault
            )
            for each in given:
                writer.write(framed(each))
            await asyncio.wait_for(writer.drain(), self.port.seconds)
            self._busy.discard(task)
            if self._stopping:
                return


def listen(port: Port, receive: Receive, began: Callable[[int], None]) -> None:
    """Listen until SIGINT or SIGTERM."""

    async def until_told() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, stop.set)
        await Listener(port, receive).run(began, stop)

    asyncio.run(until_told())
