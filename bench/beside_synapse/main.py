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

WARMING = (0.5, 1.5)
"""Seconds for each thing asked before anything is counted: a server's first answers are slow."""
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
    there = {"sends": theirs.sends, "reads": theirs.reads, "lists": theirs.lists}
    here = {"sends": ours.sends, "bare_sends": threads.bare_sends(site), "reads": ours.reads}
    return (
        there | {"lists_uncached": theirs.other},
        here
        | {"reads_by_api": ours.other, "lists": ours.lists, "lists_by_api": ours.listed_by_app},
    )


def _rounds(theirs: Things, ours: Things, sizes: Sizes) -> Found:
    """Peer, us, peer; so often. What is asked to warm up is told, but no figure."""
    found: Found = {}
    for seconds in WARMING:
        _turn(found, "peer", theirs, seconds)
        _turn(found, "ours", ours, seconds)
    for number in range(sizes.rounds):
        say(f"round {number + 1} of {sizes.rounds}")
        for name, things in (("peer", theirs), ("ours", ours), ("peer", theirs)):
            _turn(found, name, things, sizes.seconds)
    return found


def _turn(found: Found, name: str, things: Things, seconds: float) -> None:
    for thing, lines in things.items():
        asked = ask_for(seconds, lines)
        found.setdefault(f"{name}_{thing}", []).append(asked)
        say(f"{name} {thing:14} {asked.a_second:7.1f} a second, p99 {asked.p99:7.1f} ms")


def _figures(found: Found, kept: int, twice: int) -> int:
    warm = {name: each[len(WARMING) :] for name, each in found.items()}
    rate = {name: statistics.median(e.a_second for e in each) for name, each in warm.items()}
    p99 = {name: statistics.median(e.p99 for e in each) for name, each in warm.items()}
    for name, value in rate.items():
        figure(f"{name}_a_second", f"{value:.1f}", "-", True)
    for name in ("peer_sends", "ours_sends"):
        figure(f"{name}_p99_ms", f"{p99[name]:.1f}", "-", True)
    acknowledged = sum(each.sent for each in found["ours_sends"])
    slowness = p99["ours_sends"] / p99["peer_sends"]
    uncached = rate["ours_lists"] / rate["peer_lists_uncached"]
    figure("lists_beside_uncached_peer", f"{uncached:.2f}", "-", True)
    asked = [
        ("sends", "sends", SENDS),
        ("reads", "reads", READS),
        ("reads_by_api", "reads", READS),
        ("lists", "lists", LISTS),
        ("lists_by_api", "lists", LISTS),
    ]
    held = [
        *(
            _at_least(f"{ours}_beside_peer", rate[f"ours_{ours}"] / rate[f"peer_{theirs}"], limit)
            for ours, theirs, limit in asked
        ),
        figure("send_p99_beside_peer", f"{slowness:.2f}", f"<={P99}", slowness <= P99),
        _at_least("sends_beside_floor", rate["ours_sends"] / rate["ours_bare_sends"], FLOOR),
        figure("lost", str(acknowledged - kept), "0", kept == acknowledged),
        figure("twice", str(twice), "0", twice == 0),
    ]
    return 0 if all(held) else 1


def _at_least(name: str, ratio: float, limit: float) -> bool:
    return figure(name, f"{ratio:.2f}", f">={limit}", ratio >= limit)
