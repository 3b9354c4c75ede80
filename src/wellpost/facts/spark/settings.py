"""Spark's settings: what must be the same everywhere, and what holds for Spark on this machine.

Everything else is for `spark-defaults.conf` to say, as for any other job.
"""

from __future__ import annotations

from collections.abc import Mapping

from wellpost.errors import RequestError
from wellpost.facts.resources import Resources, shown
from wellpost.facts.spark.address import Address

ALWAYS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}
"""What decides how a query is read; it must not differ from place to place."""

ON_THIS_MACHINE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}
QUIET = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}

PARTS = "spark.sql.shuffle.partitions"
"""In how many parts rows are sorted out for a join or a sum; 200 unless something is said."""
PARTS_A_CORE = 8
"""Every part costs something in each step, and small ones are put together again (AQE); but a part
must fit a core's share of the memory, or it is spilt."""

HEAP = 0.8
"""The part of Java's memory that Spark may fill; the rest is Java's own."""
LEAST_HEAP = 472 * 10**6
"""Bytes without which Spark does not start."""


def settings_of(address: Address, limits: Resources) -> Mapping[str, str]:
    """The settings to start with; limits hold for a Spark within this command, not for a cluster.

    RequestError when Spark cannot do with so little memory.
    """
    if not address.is_local:
        return QUIET
    return {**QUIET, **ON_THIS_MACHINE, **_within(limits)}


def _within(limits: Resources) -> Mapping[str, str]:
    found = {} if limits.spill is None else {"spark.local.dir": str(limits.spill)}
    if limits.memory is None:
        return found
    heap = int(limits.memory * HEAP)
    if heap < LEAST_HEAP:
        least = shown(-int(-LEAST_HEAP // HEAP))
        raise RequestError(
            f"Spark needs at least {least} of memory; {shown(limits.memory)} is less."
        )
    return {**found, "spark.driver.memory": f"{heap}b"}


def parts_for(cores: int) -> int:
    """In how many parts to sort rows out on so many cores."""
    return PARTS_A_CORE * max(cores, 1)
