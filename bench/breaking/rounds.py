"""A run: the clients work, and in each round server and PostgreSQL are killed."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from dataclasses import dataclass

from .clients import Clients
from .journal import Journal
from .site import Site


@dataclass(frozen=True)
class Plan:
    """How many rounds, each of how many acknowledged messages, and how PostgreSQL is ended:
    `powers` says for each round in turn whether its power is cut as well.
    """

    rounds: int
    messages: int
    powers: tuple[bool, ...] = (False, True)
    longest: float = 120.0


def run(site: Site, plan: Plan, seed: int) -> Journal:
    """What the clients were told while everything was killed again and again."""
    return asyncio.run(_run(site, plan, seed))


async def _run(site: Site, plan: Plan, seed: int) -> Journal:
    clients = Clients(site.people, site.port, seed)
    clients.pause_of_revoker = min(0.7, plan.rounds * plan.messages / 5_000)
    breaking = asyncio.create_task(asyncio.to_thread(_break, site, plan, clients, seed))
    working = asyncio.create_task(clients.work())
    try:
        await asyncio.wait({breaking, working}, return_when=asyncio.FIRST_COMPLETED)
        await breaking
        clients.over.set()
        await asyncio.wait_for(working, 120)
    finally:
        working.cancel()
    return clients.journal


def _break(site: Site, plan: Plan, clients: Clients, seed: int) -> None:
    """In a thread of its own: the killing waits for nobody."""
    chance = random.Random(seed + 1)
    for number in range(plan.rounds):
        before, begun = clients.journal.acknowledged, time.monotonic()
        power = plan.powers[number % len(plan.powers)] and site.power is not None
        killed = []
        for which in chance.sample(["server", "PostgreSQL"], 2):
            time.sleep(chance.uniform(0.4, 1.6))
            if which == "server":
                killed.append(site.kill_server(chance))
            else:
                killed.append(site.kill_postgres(power=power))
        site.wait_until_it_answers()
        while (
            clients.journal.acknowledged - before < plan.messages
            and time.monotonic() - begun < plan.longest
        ):
            time.sleep(0.05)
        sent = clients.journal.acknowledged - before
        say(f"round {number + 1}: killed {' and '.join(killed)}; {sent:,} acknowledged")


def say(what: str) -> None:
    """Progress, beside the figures."""
    print(what, file=sys.stderr, flush=True)
