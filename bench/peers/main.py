"""The run: the peers and Wellpost on the same patients; who agrees, and who is how fast."""

from __future__ import annotations

import argparse
import sys
from typing import NamedTuple

from .install import DATA, Missing, install_fqm, install_pathling
from .ours import measured, members
from .people import make
from .theirs import Answer, by_fqm, by_pathling

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
    rates = {"fqm": _rate("fqm", by_fqm(make(DATA / f"made-{sizes.fqm}", sizes.fqm)), sizes.fqm)}
    folder, agrees = make(DATA / f"made-{sizes.ours}", sizes.ours), True
    if sizes.pathling:
        answer = by_pathling(folder, make(DATA / "made-500", 500))
        rates["pathling"] = _rate("pathling", answer, sizes.pathling)
        differ = len(answer.members.items() ^ members(folder).items())
        agrees = figure("pathling_differing_memberships", differ, "=0", differ == 0)
    seconds = sorted(measured(folder) for _ in range(ROUNDS))[ROUNDS // 2]
    ours = sizes.ours / seconds
    say(f"wellpost measure: {sizes.ours:,} patients in {seconds:.2f} s, {ours:,.0f} a second")
    fastest = max(rates, key=lambda name: rates[name])
    times = ours / rates[fastest]
    enough = figure(f"times_{fastest}", round(times, 1), f">={AT_LEAST}", times >= AT_LEAST)
    return agrees and enough


def _rate(name: str, answer: Answer, patients: int) -> float:
    rate = patients / answer.seconds
    say(f"{name}: {patients:,} patients in {answer.seconds:.1f} s, {rate:,.0f} a second; "
        f"{answer.whole:.1f} s with its start")  # fmt: skip
    return rate


def figure(name: str, value: float, limit: str, holds: bool) -> bool:
    """Print a figure; whether it holds."""
    print(f"figure {name} {value:g} {limit} {'ok' if holds else 'short'}", flush=True)
    return holds


def say(what: str) -> None:
    """What is under way, on standard error."""
    print(what, file=sys.stderr, flush=True)
