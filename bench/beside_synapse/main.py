"""The run: set both up, ask the peer, us and the peer again, print the figures."""

from __future__ import annotations

import argparse
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from sending.load import Round
from sending.main import figure, say
from sending.site import Site

from . import rooms, threads
from .install import Missing, peer_python
from .load import Line, ask_for
from .peer import Peer
from .sizes import FULL, QUICK, Sizes

WARMING = 2
"""Seconds for each thing asked before anything is counted."""
SENDS, P99, READS, LISTS, FLOOR = 4, 0.5, 3, 1, 0.5
"""The limits: ours against the peer's, and against the bare view's."""

Things = dict[str, list[Line]]
Found = dict[str, list[Round]]


def main() -> int:
    """0 when every figure holds; 2 where the peer cannot be had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything, same limits")
    sizes = QUICK if parser.parse_args().quick else FULL
    try:
        python = peer_python()
    except Missing as missing:
        say(str(missing))
        figure("peer", "missing", "there", False)
        return 2
    with ExitStack() as held:
        home = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="wellpost-bench-")))
        home.chmod(0o755)
        (home / "ours").mkdir(mode=0o755)
        say("starting matrix-synapse and its PostgreSQL")
        peer = held.enter_context(Peer(home / "peer", python))
        site = held.enter_context(Site(home / "ours"))
        theirs, ours = _filled(peer, site, sizes)
        before = site.count_kept()["messages"]
        found = _rounds(theirs, ours, sizes)
        after = site.count_kept()
    return _figures(found, after["messages"] - before, after["twice"])


def _filled(peer: Peer, site: Site, sizes: Sizes) -> tuple[Things, Things]:
    """The same people, threads and messages on both sides; what is asked of each."""
    say(f"writing {sizes.people * sizes.threads} conversations of {sizes.messages} messages each")
    theirs, ours = rooms.fill(peer.port, sizes), threads.fill(site, sizes)
    there = {"send": theirs.sends, "read": theirs.reads, "list": theirs.lists}
    here = {"send": ours.sends, "bare_send": threads.bare_sends(site), "read": ours.reads}
    return (
        there | {"list_fresh": theirs.other},
        here | {"read_by_api": ours.other, "list": ours.lists},
    )


def _rounds(theirs: Things, ours: Things, sizes: Sizes) -> Found:
    """Peer, us, peer; so often. The first asking of each warms up: it is told, but no figure."""
    found: Found = {}
    for name, things in (("peer", theirs), ("ours", ours)):
        _turn(found, name, things, WARMING)
    for number in range(sizes.rounds):
        say(f"round {number + 1} of {sizes.rounds}")
        for name, things in (("peer", theirs), ("ours", ours), ("peer", theirs)):
            _turn(found, name, things, sizes.seconds)
    return found


def _turn(found: Found, name: str, things: Things, seconds: float) -> None:
    for thing, lines in things.items():
        asked = ask_for(seconds, lines)
        found.setdefault(f"{name}_{thing}", []).append(asked)
        say(f"{name} {thing:12} {asked.a_second:7.1f} a second, p99 {asked.p99:7.1f} ms")


def _figures(found: Found, kept: int, twice: int) -> int:
    rate = {name: statistics.median(e.a_second for e in each[1:]) for name, each in found.items()}
    p99 = {name: statistics.median(e.p99 for e in each[1:]) for name, each in found.items()}
    for name, value in rate.items():
        figure(f"{name}s_a_second", f"{value:.1f}", "-", True)
    for name in ("peer_send", "ours_send"):
        figure(f"{name}_p99_ms", f"{p99[name]:.1f}", "-", True)
    acknowledged = sum(each.sent for each in found["ours_send"])
    slowness = p99["ours_send"] / p99["peer_send"]
    held = [
        _at_least("sends_beside_peer", rate["ours_send"] / rate["peer_send"], SENDS),
        figure("send_p99_beside_peer", f"{slowness:.2f}", f"<={P99}", slowness <= P99),
        _at_least("reads_beside_peer", rate["ours_read"] / rate["peer_read"], READS),
        _at_least("lists_beside_peer", rate["ours_list"] / rate["peer_list"], LISTS),
        _at_least("sends_beside_floor", rate["ours_send"] / rate["ours_bare_send"], FLOOR),
        figure("lost", str(acknowledged - kept), "0", kept == acknowledged),
        figure("twice", str(twice), "0", twice == 0),
    ]
    return 0 if all(held) else 1


def _at_least(name: str, ratio: float, limit: float) -> bool:
    return figure(name, f"{ratio:.2f}", f">={limit}", ratio >= limit)
