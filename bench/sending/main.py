"""The run: set up, send in turn, count, print the figures."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from .load import CONNECTIONS, Round, send_for
from .site import Site

LEAST_RATIO, LEAST_RATIO_QUICK = 0.5, 0.25
LEAST_SENDS = 350
MOST_P99 = 100


def main() -> int:
    """0 when every figure holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three short rounds in place of six")
    quick = parser.parse_args().quick
    rounds, seconds = (3, 4) if quick else (6, 12)
    with tempfile.TemporaryDirectory(prefix="wellpost-bench-") as home, Site(Path(home)) as site:
        say(f"sending over {CONNECTIONS} connections, {rounds} rounds of {seconds} s each")
        bare, ours = _rounds(site, rounds, seconds)
        kept = site.count_kept()
        steps = site.count_statements()
    return _figures(bare, ours, kept, steps, quick=quick)


def _rounds(site: Site, rounds: int, seconds: float) -> tuple[list[Round], list[Round]]:
    """The first round of each warms up and is not counted as a figure, but its messages are."""
    bare, ours = [], []
    for number in range(rounds + 1):
        for name, found, server in (("bare", bare, site.bare), ("ours", ours, site.ours)):
            measured = send_for(seconds if number else 2, server)
            found.append(measured)
            say(f"{name:5} {measured.a_second:7.1f} a second, p99 {measured.p99:6.1f} ms")
    return bare, ours


def _figures(
    bare: list[Round], ours: list[Round], kept: dict[str, int], steps: int, *, quick: bool
) -> int:
    """In short rounds, which others may disturb, what hangs on the machine has no limit."""
    ratio = LEAST_RATIO_QUICK if quick else LEAST_RATIO
    sends = statistics.median(each.a_second for each in ours[1:])
    floor = statistics.median(each.a_second for each in bare[1:])
    p99 = statistics.median(each.p99 for each in ours[1:])
    acknowledged = sum(each.sent for each in ours)
    held = [
        figure("bare_sends_a_second", f"{floor:.1f}", "-", True),
        figure("sends_a_second", f"{sends:.1f}", *_limit(">=", LEAST_SENDS, sends, quick)),
        figure("send_p99_ms", f"{p99:.1f}", *_limit("<=", MOST_P99, p99, quick)),
        figure("send_ratio", f"{sends / floor:.3f}", f">={ratio}", sends >= ratio * floor),
        figure("send_statements", str(steps), "<=12", steps <= 12),
        figure("lost", str(acknowledged - kept["messages"]), "0", kept["messages"] == acknowledged),
        figure("twice", str(kept["twice"]), "0", kept["twice"] == 0),
    ]
    return 0 if all(held) else 1


def _limit(sign: str, limit: float, value: float, quick: bool) -> tuple[str, bool]:
    holds = value >= limit if sign == ">=" else value <= limit
    return ("-", True) if quick else (f"{sign}{limit}", holds)


def figure(name: str, value: str, limit: str, holds: bool) -> bool:
    """Print one line."""
    print(f"figure {name} {value} {limit} {'ok' if holds else 'short'}", flush=True)
    return holds


def say(what: str) -> None:
    """Progress, beside the figures."""
    print(what, file=sys.stderr, flush=True)
