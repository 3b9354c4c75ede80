"""The client, in a process of its own: plain HTTP/1.1 over connections that stay open."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
import uuid
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

CONNECTIONS = 16
TEXT = "The quick brown fox jumps over the lazy dog, and then it rests a while. " * 7
MESSAGE = TEXT[:500]


@dataclass(frozen=True)
class Sender:
    """One connection's place and rights."""

    path: str
    session: str
    csrf: str
    in_reply_to: str


@dataclass(frozen=True)
class Server:
    """Where it listens, and who sends there."""

    port: int
    senders: tuple[Sender, ...]


@dataclass(frozen=True)
class Round:
    """What one round of sending gave; times in milliseconds."""

    sent: int
    seconds: float
    p99: float

    @property
    def a_second(self) -> float:
        """Sends a second."""
        return self.sent / self.seconds


def send_for(seconds: float, server: Server) -> Round:
    """Send for so long, from another process."""
    asked = json.dumps({"seconds": seconds, **asdict(server)})
    command = [sys.executable, "-m", "sending.load"]
    done = subprocess.run(
        command, input=asked, capture_output=True, text=True, cwd=_here(), check=False
    )
    if done.returncode:
        raise SystemExit(f"the client failed:\n{done.stderr}")
    return Round(**json.loads(done.stdout))


def _here() -> str:
    return __file__.rsplit("/", 2)[0]


async def _all(seconds: float, port: int, senders: list[dict[str, str]]) -> Round:
    until = time.perf_counter() + seconds
    began = time.perf_counter()
    each = await asyncio.gather(*(_one(until, port, Sender(**sender)) for sender in senders))
    took = sorted(took for times in each for took in times)
    spent = time.perf_counter() - began
    return Round(len(took), spent, 1000 * took[min(len(took) - 1, int(len(took) * 0.99))])


async def _one(until: float, port: int, sender: Sender) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times = []
    while time.perf_counter() < until:
        began = time.perf_counter()
        writer.write(_request(sender))
        await _answered(reader)
        times.append(time.perf_counter() - began)
    writer.close()
    return times


def _request(sender: Sender) -> bytes:
    form = {
        "body": MESSAGE,
        "client_key": str(uuid.uuid4()),
        "in_reply_to": sender.in_reply_to,
        "csrfmiddlewaretoken": sender.csrf,
    }
    body = urlencode(form).encode()
    head = (
        f"POST {sender.path} HTTP/1.1\r\nHost: localhost\r\n"
        f"Cookie: session={sender.session}; csrf={sender.csrf}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answered(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    status = int(head.split(" ", 2)[1])
    lines = head.lower().split("\r\n")
    lengths = (int(line.split(":")[1]) for line in lines if line.startswith("content-length"))
    body = await reader.readexactly(next(lengths, 0))
    if status != 302:
        raise RuntimeError(f"expected 302, got {status}: {head}\n{body[:2000]!r}")


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps(asdict(asyncio.run(_all(**asked)))))
