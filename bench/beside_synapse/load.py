"""The client, in a process of its own: the same one for both servers, so that it costs the same."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle

from sending.load import Round

KEY = "00000000-0000-0000-0000-000000000000"
"""Stands in a request where each sending has a key of its own."""


@dataclass(frozen=True)
class Ask:
    """A request as it goes over the line, and what its answer must be: the status, and how often
    the marker must stand in the body at least."""

    request: str
    status: int
    marker: str = ""
    times: int = 0


@dataclass(frozen=True)
class Line:
    """One connection, and what is asked over it, over and over."""

    port: int
    asks: tuple[Ask, ...]


def ask(
    method: str, path: str, heads: Mapping[str, str], body: str = "", *, status: int = 200,
    marker: str = "", times: int = 0,
) -> Ask:  # fmt: skip
    """The request put together."""
    given = {"Host": "localhost", **heads, "Content-Length": str(len(body.encode()))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return Ask(f"{method} {path} HTTP/1.1\r\n{lines}\r\n{body}", status, marker, times)


def ask_for(seconds: float, lines: Sequence[Line], most: int = 0) -> Round:
    """Ask over all of them at once for so long, or (with `most`) so often in all, from another
    process. Stops the program where an answer is not what it must be."""
    asked = {"seconds": seconds, "lines": [asdict(each) for each in lines], "most": most}
    done = subprocess.run(
        [sys.executable, "-m", "beside_synapse.load"], input=json.dumps(asked),
        capture_output=True, text=True, cwd=__file__.rsplit("/", 2)[0], check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"the client failed:\n{done.stderr[-6000:]}")
    return Round(**json.loads(done.stdout))


async def _all(seconds: float, lines: list[Line], most: int) -> Round:
    began = time.perf_counter()
    each_most = -(-most // len(lines)) if most else sys.maxsize
    found = await asyncio.gather(*(_one(began + seconds, line, each_most) for line in lines))
    took = sorted(time for times in found for time in times)
    spent = time.perf_counter() - began
    return Round(len(took), spent, 1000 * took[min(len(took) - 1, int(len(took) * 0.99))])


async def _one(until: float, line: Line, most: int) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    times: list[float] = []
    for each in cycle(line.asks):
        began = time.perf_counter()
        if began >= until or len(times) >= most:
            break
        writer.write(each.request.replace(KEY, str(uuid.uuid4())).encode())
        _check(each, *await _answered(reader))
        times.append(time.perf_counter() - began)
    writer.close()
    return times


def _check(asked: Ask, status: int, body: bytes) -> None:
    found = body.count(asked.marker.encode()) if asked.marker else 0
    if status != asked.status or found < asked.times:
        what = f"{status} with {found} of {asked.marker!r}, not {asked.status} with {asked.times}"
        raise RuntimeError(f"answered {what}:\n{asked.request[:400]}\n{body[:3000]!r}")


async def _answered(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    heads = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    if heads.get("transfer-encoding") == "chunked":
        body = await _chunks(reader)
    else:
        body = await reader.readexactly(int(heads.get("content-length", 0)))
    return int(head.split(" ", 2)[1]), body


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    found = []
    while size := int(await reader.readline(), 16):
        found.append((await reader.readexactly(size + 2))[:-2])
    await reader.readline()
    return b"".join(found)


def _line(port: int, asks: list[dict[str, object]]) -> Line:
    return Line(port, tuple(Ask(**each) for each in asks))  # type: ignore[arg-type]  # as dumped


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    lines = [_line(**each) for each in asked["lines"]]
    print(json.dumps(asdict(asyncio.run(_all(asked["seconds"], lines, asked["most"])))))
