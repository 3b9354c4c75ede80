"""One sentence for every name that does not exist: what exists, and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from wellpost.errors import RequestError


def no_such(kind: str, given: str, existing: Iterable[str]) -> RequestError:
    """The error for `given`, which is none of the `existing` names of that kind."""
    names = list(existing)
    lower = {name.lower(): name for name in names}
    close = get_close_matches(given.lower(), lower, n=1)
    meant = f" Did you mean {lower[close[0]]}?" if close else ""
    return RequestError(f"there is no {kind} {given!r}; there is {listed(names)}.{meant}")


def listed(names: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    every = list(names)
    if len(every) < 2:
        return "".join(every) or "none"
    return f"{', '.join(every[:-1])} {last} {every[-1]}"
