"""The run: set up, warm up, ask, read the memory of every worker, print the figures."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from beside_synapse import threads
from beside_synapse.load import Line, ask_for
from beside_synapse.sizes import Sizes
from sending.main import figure, say
from sending.site import Site

from .workers import memory_of, workers_of

REQUESTS, WARM_UP = 100_000, 10_000
QUICK_REQUESTS, QUICK_WARM_UP = 5_000, 1_500
STEPS = 10
MOST_GROWTH = 5.0
"""Percent, from the end of the warm-up to the end of the run, of the worker that grew most."""
PATIENCE = 3600.0
"""Seconds that a step may take at most."""
SIZES = Sizes(people=16, threads=4, messages=10, rounds=0, seconds=0)


def main() -> int:
    """0 when the memory stayed flat."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="5,000 requests in place of 100,000")
    quick = parser.parse_args().quick
    requests, warm_up = (QUICK_REQUESTS, QUICK_WARM_UP) if quick else (REQUESTS, WARM_UP)
    with tempfile.TemporaryDirectory(prefix="wellpost-bench-") as home, Site(Path(home)) as site:
        say("writing the conversations")
        lines = _mixture(site)
        found = _steps(site, lines, warm_up, requests)
    return _figures(found, requests)


def _mixture(site: Site) -> list[Line]:
    """Every connection asks for the four in turn, beginning with another one than its neighbour."""
    asked = threads.fill(site, SIZES)
    mixed = []
    for number, (send, read, inbox, api) in enumerate(
        zip(asked.sends, asked.reads, asked.lists, asked.other, strict=True)
    ):
        four = (inbox.asks[0], read.asks[0], send.asks[0], api.asks[0])
        turned = number % len(four)
        mixed.append(Line(send.port, four[turned:] + four[:turned]))
    return mixed


def _steps(site: Site, lines: list[Line], warm_up: int, requests: int) -> dict[int, list[int]]:
    """For every worker its memory in KiB: after the warm-up, and after each tenth of the run."""
    serving = workers_of(site._running[0].pid)
    asked = ask_for(PATIENCE, lines, most=warm_up).sent
    found = {each: [memory_of(each)] for each in serving}
    _tell(found, asked)
    for _ in range(STEPS):
        asked += ask_for(PATIENCE, lines, most=requests // STEPS).sent
        for each in serving:
            found[each].append(memory_of(each))
        _tell(found, asked)
    if workers_of(site._running[0].pid) != serving:
        raise SystemExit("a worker ended during the run, and another took its place")
    return found


def _tell(found: dict[int, list[int]], asked: int) -> None:
    held = ", ".join(f"{each[-1] / 1024:.1f} MiB" for each in found.values())
    say(f"after {asked:,} requests: {held}")


def _figures(found: dict[int, list[int]], requests: int) -> int:
    growth = max(100 * (each[-1] / each[0] - 1) for each in found.values())
    largest = max(each[-1] for each in found.values()) / 1024
    figure("requests", str(requests), "-", True)
    figure("worker_memory_mib", f"{largest:.1f}", "-", True)
    held = figure(
        "worker_growth_percent", f"{growth:.2f}", f"<={MOST_GROWTH}", growth <= MOST_GROWTH
    )
    return 0 if held else 1
