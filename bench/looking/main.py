"""The bench: every page, its two figures, and what Lighthouse would have better."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from .demo import pages, running, signed_in
from .tools import Missing, chromium, lighthouse, node

ACCESSIBILITY, PERFORMANCE = 100, 95
TRIES = 3
QUICK = {"inbox", "record", "plot", "from_home"}
"""The pages of --quick: the first that is seen, and those that hold most."""
CATEGORIES = "--only-categories=accessibility,performance"


def main() -> int:
    """0 when every page reaches both limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="four pages, each once")
    parser.add_argument("--at", metavar="ADDRESS", help="a demo that is running, as made")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        try:
            asked = [node(), str(lighthouse(home))]
            browser = chromium()
        except Missing as missing:
            print(missing, file=sys.stderr)
            return 2
        with nullcontext(said.at) if said.at else running(home) as address:
            opener, cookie = signed_in(address)
            look = Looking(asked, browser, cookie, home)
            fine = [
                look.at(name, where, again=not said.quick)
                for name, where in pages(opener, address)
                if name in QUICK or not said.quick
            ]
        return 0 if all(fine) else 1


class Looking:
    """Lighthouse, ready to look at one page after another."""

    def __init__(self, asked: list[str], chrome: str, cookie: str, home: Path) -> None:
        self._asked, self._chrome, self._home = asked, chrome, home
        headers = home / "headers.json"
        headers.write_text(json.dumps({"Cookie": cookie}))
        self._headers = str(headers)

    def at(self, name: str, where: str, *, again: bool) -> bool:
        """Print the page's figures; whether both reach their limits."""
        found = self._report(where)
        accessible, fast = _score(found, "accessibility"), [_score(found, "performance")]
        if fast[0] < PERFORMANCE and again:
            fast += [_score(self._report(where), "performance") for _ in range(2)]
        fast.sort()
        for said in _complaints(found, fast=fast[len(fast) // 2] >= PERFORMANCE):
            print(f"{name}: {said}")
        both = [
            _figure(f"{name}_accessibility", accessible, ACCESSIBILITY),
            _figure(f"{name}_performance", fast[len(fast) // 2], PERFORMANCE),
        ]
        return all(both)

    def _report(self, where: str) -> dict[str, Any]:
        """What it found; a trace that it could not record is taken again."""
        made = self._home / "report.json"
        for _ in range(TRIES):
            done = self._run(where, made)
            if not done.returncode:
                break
        else:
            raise SystemExit(f"Lighthouse failed: {done.stderr.strip()[-1000:]}")
        found: dict[str, Any] = json.loads(made.read_text())
        if "/account/" in found["finalDisplayedUrl"]:
            raise SystemExit(f"the patient is not signed in at {where}")
        return found

    def _run(self, where: str, made: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                *self._asked, where, CATEGORIES, "--quiet", "--output=json",
                f"--output-path={made}", f"--extra-headers={self._headers}",
                f"--chrome-path={self._chrome}",
                "--chrome-flags=--headless=new --no-sandbox",
            ],
            check=False, capture_output=True, text=True,
        )  # fmt: skip


def _score(report: dict[str, Any], category: str) -> int:
    return round(100 * (report["categories"][category]["score"] or 0))


def _complaints(report: dict[str, Any], *, fast: bool) -> list[str]:
    """What is not perfect: of accessibility always, of performance where it falls short."""
    categories = ["accessibility", *([] if fast else ["performance"])]
    weighed = [
        each["id"] for name in categories for each in report["categories"][name]["auditRefs"]
    ]
    audits = [report["audits"][name] for name in weighed]
    return [
        f"{each['id']}: {each.get('displayValue') or each['title']}"
        for each in audits
        if each["score"] is not None and each["score"] < 0.9
    ]


def _figure(name: str, value: int, limit: int) -> bool:
    ok = value >= limit
    print(f"figure {name} {value} {limit} {'ok' if ok else 'short'}", flush=True)
    return ok
