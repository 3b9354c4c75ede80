"""The worker processes of a server, and the memory each has (Linux: from /proc)."""

from __future__ import annotations

from pathlib import Path

PROCESSES = Path("/proc")
LEAST = 50 * 1024
"""KiB. What is smaller is a helper of Python's, no worker with Django in it."""


def workers_of(server: int) -> list[int]:
    """Process ids of the server's children that are workers. SystemExit where there are none."""
    children = (PROCESSES / str(server) / "task" / str(server) / "children").read_text().split()
    found = sorted(int(each) for each in children if memory_of(int(each)) >= LEAST)
    if not found:
        raise SystemExit(f"the server (process {server}) has no workers")
    return found


def memory_of(process: int) -> int:
    """The resident set, in KiB."""
    for line in (PROCESSES / str(process) / "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
