"""The client, in a process of its own: plain HTTP/1.1 over connections that stay open."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from itertools import cycle

CONNECTIONS = 16


@dataclass(frozen=True)
class Asker:
    """One connection: its token, and the addresses it asks for, over and over."""

    token: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Round:
    """What one round of asking gave; times in milliseconds."""

    asked: int
    seconds: float
    p99: float

    @property
    def a_second(self) -> float:
        """Answers a second."""
        return self.asked / self.seconds


def ask_for(seconds: float, port: int, askers: list[Asker]) -> Round:
    """Ask for so long, from another process."""
    asked = json.dumps({"seconds": seconds, "port": port, "askers": [asdict(a) for a in askers]})
    done = subprocess.run(
        [sys.executable, "-m", "reading.load"],
        input=asked, capture_output=True, text=True, cwd=__file__.rsplit("/", 2)[0], check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"the client failed:\n{done.stderr}")
    return Round(**json.loads(done.stdout))


def ask_once(port: int, asker: Asker) -> list[bytes]:
    """Each of the asker's answers, once."""

    async def each() -> list[bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        found = []
        for path in asker.paths:
            writer.write(_request(asker.token, path))
            found.append(await _answered(reader))
        writer.close()
        return found

    return asyncio.run(each())


async def _all(seconds: float, port: int, askers: list[dict[str, object]]) -> Round:
    until = time.perf_counter() + seconds
    began = time.perf_counter()
    each = await asyncio.gather(
        *(_one(until, port, str(one["token"]), list(one["paths"])) for one in askers)  # type: ignore[call-overload]  # from JSON
    )
    took = sorted(took for times in each for took in times)
    spent = time.perf_counter() - began
    return Round(len(took), spent, 1000 * took[min(len(took) - 1, int(len(took) * 0.99))])


async def _one(until: float, port: int, token: str, paths: list[str]) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times: list[float] = []
    for path in cycle(paths):
        began = time.perf_counter()
        if began >= until:
            break
        writer.write(_request(token, path))
        await _answered(reader)
        times.append(time.perf_counter() - began)
    writer.close()
    return times


def _request(token: str, path: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token}\r\nAccept: application/fhir+json\r\n\r\n"
    ).encode()


async def _answered(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    status = int(head.split(" ", 2)[1])
    lines = head.lower().split("\r\n")
    lengths = (int(line.split(":")[1]) for line in lines if line.startswith("content-length"))
    body = await reader.readexactly(next(lengths, 0))
    if status != 200:
        raise RuntimeError(f"expected 200, got {status}: {head}\n{body[:2000]!r}")
    return body


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_all(**json.load(sys.stdin))))))
