"""The run: the peers and Wellpost on the same patients; who agrees, and who is how fast."""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from .install import DATA, Missing, install_fqm, install_pathling
from .ours import members, warm, whole
from .people import make
from .theirs import by_fqm, by_pathling

AT_LEAST = 20
"""Times as many patients a second as the faster peer."""
ROUNDS = 3
"""Of Wellpost's runs the median counts; each begins with nothing kept from the one before."""


class Sizes(NamedTuple):
    """How many patients each is asked about; `pathling` 0 leaves it out."""

    agreed: int
    fqm: int
    pathling: int
    ours: int


FULL = Sizes(agreed=10_000, fqm=1_000, pathling=100_000, ours=100_000)
QUICK = Sizes(agreed=500, fqm=500, pathling=0, ours=100_000)


def main() -> int:
    """0 when every figure holds; 2 where a peer cannot be had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer patients, and without pathling")
    sizes = QUICK if parser.parse_args().quick else FULL
    try:
        install_fqm()
        if sizes.pathling:
            install_pathling()
    except Missing as missing:
        say(str(missing))
        print("figure peers missing there short", flush=True)
        return 2
    held = [agreement(sizes), speed(sizes)]
    return 0 if all(held) else 1


def agreement(sizes: Sizes) -> bool:
    """Whether fqm-execution counts every patient as Wellpost does."""
    say(f"asking fqm-execution about {sizes.agreed:,} patients")
    folder = make(DATA / f"made-{sizes.agreed}", sizes.agreed)
    theirs, ours = by_fqm(folder).members, members(folder)
    say(f"{len(ours):,} in the denominator, {sum(ours.values()):,} of them in the numerator")
    differ = len(theirs.items() ^ ours.items())
    return figure("fqm_differing_memberships", differ, "=0", differ == 0 and any(ours.values()))


def speed(sizes: Sizes) -> bool:
    """Whether Wellpost takes so many more patients a second than the faster of the peers."""
    few, folder = make(DATA / "made-500", 500), make(DATA / f"made-{sizes.ours}", sizes.ours)
    told = by_fqm(make(DATA / f"made-{sizes.fqm}", sizes.fqm))
    wholes, warms = {"fqm": sizes.fqm / told.whole}, {"fqm": sizes.fqm / told.seconds}
    agrees = True
    if sizes.pathling:
        cold, told = by_pathling(folder), by_pathling(folder, few)
        wholes["pathling"] = sizes.pathling / cold.whole
        warms["pathling"] = sizes.pathling / told.seconds
        differ = len(cold.members.items() ^ members(folder).items())
        agrees = figure("pathling_differing_memberships", differ, "=0", differ == 0)
    enough = _beside("whole", wholes, sizes.ours / _middle(whole, folder))
    warm(few)
    return agrees & enough & _beside("warm", warms, sizes.ours / _middle(warm, folder))


def _middle(timed: Callable[[Path], float], folder: Path) -> float:
    return statistics.median(timed(folder) for _ in range(ROUNDS))


def _beside(how: str, rates: Mapping[str, float], ours: float) -> bool:
    """Whether ours, in patients a second, is so many times the fastest of theirs."""
    for name, rate in {**rates, "wellpost": ours}.items():
        say(f"{name}, {how}: {rate:,.0f} patients a second")
    fastest = max(rates, key=lambda name: rates[name])
    times = ours / rates[fastest]
    limit = f">={AT_LEAST}"
    return figure(f"times_{fastest}_{how}", round(times, 1), limit, times >= AT_LEAST)


def figure(name: str, value: float, limit: str, holds: bool) -> bool:
    """Print a figure; whether it holds."""
    print(f"figure {name} {value:g} {limit} {'ok' if holds else 'short'}", flush=True)
    return holds


def say(what: str) -> None:
    """What is under way, on standard error."""
    print(what, file=sys.stderr, flush=True)
