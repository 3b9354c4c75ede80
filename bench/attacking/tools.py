"""Each tool, run to its end: what it found, a line each. None: the tool itself did not run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".venv-attack" / "bin"
MODULES = "cookieflags,crlf,csp,csrf,exec,file,http_headers,permanentxss,redirect,sql,timesql,xss"
"""Of wapiti: those that need no address of their own outside."""
WALK, WALK_QUICK = (180, 35), (60, 10)
"""Seconds that wapiti walks as one person, and then attacks in each of its twelve ways: ten minutes
a person, and three."""
NOT_WALKED = ("/account/logout/*", "/account/sign-ins/*", "/static/*", "/stay/*",
              "/portal/patients/*/activity/*/*", "/portal/patients/*/record/entries/*")  # fmt: skip
"""What would end the session; and of what there are hundreds, told apart by ids alone."""
LEAST_WALKED = 40
"""Addresses; who is not signed in comes to sixteen."""
PASSED_OVER = "B101,B105,B106,B107,B404,B603"
"""Of bandit: `assert`, names that sound like passwords (settings and options are called so), and
that a program is started at all (each has a fixed list of words; ruff's S603 is left out too)."""
TOLD = {("bulk.py", "B608"): "names come from the model alone, as the function says"}
BY_HTTP = ("Secure flag is not set", "Strict-Transport-Security", "HSTS")
"""What is only so because the attacked server speaks plain http on this machine: by https the
cookies are Secure and the header is sent (tests/server/config/test_headers.py)."""


@dataclass(frozen=True)
class Target:
    """The running server, and how long each tool may take."""

    base: str
    folder: Path
    quick: bool
    attack_seconds: int | None = None
    """For wapiti, in each of its ways; None: as WALK says."""


def bandit() -> list[str]:
    """Whatever it finds in the sources, but for what is told to be so beside the line."""
    sources, made_up = str(ROOT / "src"), str(ROOT / "src/wellpost/synthetic")
    words = [TOOLS / "bandit", "-q", "-r", sources, "-x", made_up, "-s", PASSED_OVER, "-f", "json"]
    told = _run(words)
    found = json.loads(told.stdout)["results"]
    return [
        f"{Path(each['filename']).name}:{each['line_number']}: {each['test_id']} "
        f"{each['issue_text']}"
        for each in found
        if not _is_told(each)
    ]


def schemathesis(
    target: Target, document: Path, headers: Mapping[str, str], name: str
) -> list[str]:
    """What the API answers against its own description, and every 5xx."""
    report = target.folder / f"schemathesis-{name}.xml"
    words = [
        TOOLS / "schemathesis", "run", str(document), "--base-url", f"{target.base}/fhir",
        "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,"
        "response_schema_conformance", "--hypothesis-max-examples", "5" if target.quick else "100",
        "--junit-xml", str(report), "--force-schema-version", "30",
        *(word for key, value in headers.items() for word in ("--header", f"{key}: {value}")),
    ]  # fmt: skip
    told = _run(words)
    (target.folder / f"schemathesis-{name}.log").write_text(told.stdout + told.stderr)
    said = told.stdout + told.stderr
    if "Performed checks" not in said:
        raise RuntimeError(f"schemathesis did not run:\n{said[-4000:]}")
    for each in re.findall(r"^\s+\w+\s+\d+ / \d+ passed", said, re.M):
        print(f"  {' '.join(each.split())}", file=sys.stderr)
    found = re.findall(r"^\d+\. Test Case ID.*?(?=^\d+\. Test Case ID|^=+|^_+)", said, re.M | re.S)
    return found or ([said[-2000:]] if told.returncode else [])


def wapiti(target: Target, start: str, cookies: Mapping[str, str], name: str) -> list[str]:
    """Pages walked from `start`, their forms sent with what does harm elsewhere."""
    walk, attack = WALK_QUICK if target.quick else WALK
    attack = target.attack_seconds or attack
    jar, report = target.folder / f"{name}.json", target.folder / f"wapiti-{name}.json"
    jar.write_text(json.dumps(_jar(cookies)))
    words = [
        TOOLS / "wapiti", "-u", f"{target.base}{start}", "--scope", "domain", "-m", MODULES,
        "-c", str(jar), "-f", "json", "-o", str(report), "--flush-session", "--no-bugreport",
        "--store-session", str(target.folder / f"session-{name}"), "-v", "1",
        "--max-scan-time", str(walk), "--max-attack-time", str(attack),
        "--max-links-per-page", "60",
        *(word for each in NOT_WALKED for word in ("-x", f"{target.base}{each}")),
    ]  # fmt: skip
    told = _run(words)
    if not report.exists():
        raise RuntimeError(f"wapiti did not run:\n{told.stdout[-3000:]}{told.stderr[-3000:]}")
    walked = json.loads(report.read_text())["infos"]["crawled_pages_nbr"]
    if walked < LEAST_WALKED:
        raise RuntimeError(f"wapiti walked {walked} addresses as {name}: it was not signed in")
    cut = re.findall(r"Max attack time was reached for module (\w+)", told.stdout + told.stderr)
    ended = f"cut short after {attack} s: {', '.join(cut)}" if cut else "each kind to its end"
    print(
        f"  {walked} addresses walked in at most {walk} s, then attacked; {ended}", file=sys.stderr
    )
    return list(_vulnerabilities(json.loads(report.read_text())))


def sqlmap(target: Target, requests: Sequence[Path], name: str) -> list[str]:
    """Each request, written to a file, with every parameter tried."""
    found = []
    for each in requests:
        words = [
            TOOLS / "sqlmap", "-r", str(each), "--batch", "--disable-coloring", "--flush-session",
            "--output-dir", str(target.folder / f"sqlmap-{name}"), "--dbms", "PostgreSQL",
            "--technique", "BEU" if target.quick else "BEUSTQ", "--level", "1", "--threads", "2",
            "--skip", "csrfmiddlewaretoken", "--ignore-code", "*", "--time-sec", "3",
        ]  # fmt: skip
        told = _run(words).stdout
        (target.folder / f"sqlmap-{name}-{each.stem}.log").write_text(told)
        refused = re.findall(r"^(\d{3}) \(.*?\) - (\d+) times", told, re.M)
        if "401" in dict(refused):
            raise RuntimeError(f"sqlmap asked {each.stem} without being signed in")
        codes = ", ".join(f"{code} {number} times" for code, number in refused)
        print(f"  {each.stem}: {codes or 'no answer of 400 or above'}", file=sys.stderr)
        if "identified the following injection point" in told:
            found.append(f"{each.stem}: {told[-1500:]}")
        elif "do not appear to be injectable" not in told:
            raise RuntimeError(f"sqlmap did not try {each.stem}:\n{told[-2000:]}")
    return found


def _run(words: Sequence[Any]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(each) for each in words], capture_output=True, text=True, check=False, cwd=ROOT
    )


def _is_told(found: Mapping[str, Any]) -> bool:
    """Ruff has the same rules under S; an exception with its reason counts for both."""
    if (Path(found["filename"]).name, found["test_id"]) in TOLD:
        return True
    lines = Path(found["filename"]).read_text().splitlines()
    number = found["test_id"].removeprefix("B")
    rows = {found["line_number"], *found["line_range"]}
    return any(f"S{number}" in lines[row - 1] for row in rows)


def _jar(cookies: Mapping[str, str]) -> dict[str, Any]:
    held = {
        name: {"value": value, "expires": None, "secure": False, "port": None, "version": 0}
        for name, value in cookies.items()
    }
    return {".localhost.local": {"/": held}}


def _vulnerabilities(report: Mapping[str, Any]) -> Sequence[str]:
    found = []
    for kind, each in (*report["vulnerabilities"].items(), *report["anomalies"].items()):
        for one in each:
            told = f"{kind}: {one['method']} {one['path']} {one['info']}"
            if not any(word in told for word in BY_HTTP):
                found.append(told)
    return found
