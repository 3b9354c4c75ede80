"""The run: set up, compare the bytes, ask in turn, print the figures."""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from sending.main import figure, say

from .load import CONNECTIONS, Asker, Round, ask_for, ask_once
from .site import Site

LEAST_RATIO = 0.4
PLURALS = {"read": "reads", "search": "searches"}


def main() -> int:
    """0 when every figure holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller records, shorter rounds")
    quick = parser.parse_args().quick
    rounds, seconds, each = (3, 3, 300) if quick else (6, 8, 1500)
    home = tempfile.TemporaryDirectory(prefix="wellpost-bench-")
    say(f"making {CONNECTIONS} records of {each} resources")
    with home as folder, Site(Path(folder), each) as site:
        from .records import audited, statements_of

        _same_bytes(site)
        before, held = audited(), []
        asked = 0
        for name, askers in (("read", site.single), ("search", site.several)):
            bare, ours = _rounds(site, askers, rounds, seconds)
            asked += sum(one.asked for one in ours)
            held += _figures(name, bare, ours)
        on_record = audited() - before
        held.append(figure("reads_not_on_record", str(asked - on_record), "0", asked == on_record))
        for name, askers in (("read", site.single), ("search", site.several)):
            steps = statements_of(askers[0])
            held.append(figure(f"fhir_{name}_statements", str(steps), "<=3", steps <= 3))
    return 0 if all(held) else 1


def _same_bytes(site: Site) -> None:
    """Both answer the same; of a bundle the entries, for its id and links are its own."""
    for asker, read in ((site.single[0], _whole), (site.several[0], _entries)):
        ours, bare = (list(map(read, ask_once(port, asker))) for port in (site.ours, site.bare))
        if ours != bare:
            raise SystemExit("the bare view answers otherwise than ours")


def _whole(answer: bytes) -> bytes:
    return answer


def _entries(answer: bytes) -> bytes:
    json.loads(answer)
    return answer[answer.index(b'"entry":') :]


def _rounds(
    site: Site, askers: list[Asker], rounds: int, seconds: float
) -> tuple[list[Round], list[Round]]:
    """The first round of each warms up; it is asked, but gives no figure. Each begins in turn."""
    bare: list[Round] = []
    ours: list[Round] = []
    both = [("bare", bare, site.bare), ("ours", ours, site.ours)]
    for number in range(rounds + 1):
        for name, found, port in both if number % 2 else reversed(both):
            measured = ask_for(seconds if number else 2, port, askers)
            found.append(measured)
            say(f"{name:5} {measured.a_second:7.1f} a second, p99 {measured.p99:6.1f} ms")
    return bare, ours


def _figures(name: str, bare: list[Round], ours: list[Round]) -> list[bool]:
    """The ratio is the median of those of each round's two, which are near in time."""
    answers = statistics.median(each.a_second for each in ours[1:])
    floor = statistics.median(each.a_second for each in bare[1:])
    p99 = statistics.median(each.p99 for each in ours[1:])
    pairs = zip(ours[1:], bare[1:], strict=True)
    ratio = statistics.median(one.a_second / other.a_second for one, other in pairs)
    return [
        figure(f"bare_{PLURALS[name]}_a_second", f"{floor:.1f}", "-", True),
        figure(f"fhir_{PLURALS[name]}_a_second", f"{answers:.1f}", "-", True),
        figure(f"fhir_{name}_p99_ms", f"{p99:.1f}", "-", True),
        figure(f"fhir_{name}_ratio", f"{ratio:.3f}", f">={LEAST_RATIO}", ratio >= LEAST_RATIO),
    ]
