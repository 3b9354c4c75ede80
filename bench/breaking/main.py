"""The run and its controls, with a line per figure."""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

from .journal import Journal
from .rounds import Plan, run, say
from .site import Site
from .verdict import judge

WHOLE, QUICK = Plan(rounds=8, messages=650), Plan(rounds=2, messages=200)
CONTROL = Plan(rounds=2, messages=60, powers=(True,), longest=40)
CONTROL_WITHOUT_POWER = Plan(rounds=2, messages=60, powers=(False,), longest=40)
FAULTS = (
    "lost", "twice", "out of order", "read after the end", "accepted after the end",
    "not answered as it should be", "does not open", "nothing can be opened",
    "the audit is not as it was written", "does not start again",
)  # fmt: skip


def main() -> int:
    """0 when every figure holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two short rounds, one control")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    say(f"seed {asked.seed}")
    journal = attempt(QUICK if asked.quick else WHOLE, {}, asked.seed)
    held = [
        figure("acknowledged", journal.acknowledged, _least(asked.quick)),
        figure("pages_read", journal.read, 1),
        figure("refused_after_an_end", journal.refused_after_end, 1),
        *(figure(each.replace(" ", "_"), journal.faults[each], 0) for each in FAULTS),
    ]
    held += [control("synchronous_commit_off", CONTROL_WITHOUT_POWER, asked.seed)]
    if not asked.quick:
        held += [control("fsync_off", CONTROL, asked.seed)]
    return 0 if all(held) else 1


def attempt(
    plan: Plan, settings: dict[str, str], seed: int, schema: str = "", size: int = 6
) -> Journal:
    """One site, one run, one verdict; `size` as in `people`."""
    with tempfile.TemporaryDirectory(prefix="wp-chaos-") as home:
        place = Path(home)
        place.chmod(0o755)  # PostgreSQL runs as somebody else where this runs as root
        with Site(place, settings, schema, ("breaking.people", str(size))) as site:
            return _attempted(site, plan, seed)


def _attempted(site: Site, plan: Plan, seed: int) -> Journal:
    try:
        journal = run(site, plan, seed)
    except RuntimeError as fault:
        journal = Journal()
        journal.fault("does not start again", str(fault))
    site.end_server()
    if not journal.faults["does not start again"]:
        judge(site, journal)
    for what, example in journal.examples.items():
        say(f"{what} ({journal.faults[what]}): {example}")
    return journal


def control(name: str, plan: Plan, seed: int) -> bool:
    """The same without a safeguard: the bench must find that something is lost."""
    settings = {"synchronous_commit": "off"} if "synchronous" in name else {"fsync": "off"}
    if "fsync" in settings and plan.powers == (True,) and not _can_cut():
        say("no C compiler: the control with fsync off cannot be shown here")
        return True
    for again in range(3):  # what is in flight at the moment of a kill is a matter of chance
        faults = attempt(plan, settings, seed + again).faults
        if found := faults["lost"] + faults["does not start again"]:
            return figure(f"control_{name}_lost", found, 1)
    return figure(f"control_{name}_lost", 0, 1)


def _can_cut() -> bool:
    from .power_cut import PowerCut

    with tempfile.TemporaryDirectory() as folder:
        return PowerCut.made_in(Path(folder)) is not None


def _least(quick: bool) -> int:
    return 300 if quick else 5_000


def figure(name: str, value: int, limit: int) -> bool:
    """Print one line; `limit` is the most where it is 0, else the least."""
    holds = value == 0 if limit == 0 else value >= limit
    sign = "=" if limit == 0 else ">="
    print(f"figure {name} {value} {sign}{limit} {'ok' if holds else 'short'}", flush=True)
    return holds
