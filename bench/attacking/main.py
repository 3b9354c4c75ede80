"""The run: start, attack with one tool after another, say what was found."""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from breaking.rounds import say
from breaking.site import Site

from . import tools
from .openapi import openapi
from .tools import Target

LEFT_OUT = ("Measure",)
"""Of the API, what staff ask with their session and apps do not."""


def main() -> int:
    """0 when nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything")
    parser.add_argument(
        "--only",
        default="",
        help="bandit, schemathesis, wapiti or sqlmap, or one person's, as named",
    )
    parser.add_argument(
        "--seconds", type=int, help="how long wapiti attacks in each way, rather than the usual"
    )
    asked = parser.parse_args()
    if not tools.TOOLS.exists():
        print("the tools are not installed: make attack-tools", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="wp-attack-") as home:
        place = Path(home)
        place.chmod(0o755)  # PostgreSQL runs as somebody else where this runs as root
        with Site(place, {}, people=("attacking.people",)) as site:
            target = Target(f"http://localhost:{site.port}", place, asked.quick, asked.seconds)
            held = [
                _say(name, attack)
                for name, attack in _attacks(site, target)
                if name.startswith(asked.only)
            ]
            faults = _faults((place / "server.log").read_text(errors="replace"))
            for each, number in Counter(faults).most_common(20):
                say(f"  {number} times: {each}")
            held.append(figure("server_faults_logged", len(faults)))
    return 0 if all(held) else 1


def _attacks(site: Site, target: Target) -> Iterator[tuple[str, Callable[[], list[str]]]]:
    people = site.people
    patient, staff = people["patients"][0], people["staff"]
    yield "bandit", tools.bandit
    for name, document, headers in _documents(target, people):
        yield (
            f"schemathesis_{name}",
            lambda d=document, h=headers, n=name: tools.schemathesis(target, d, h, n),
        )
    walks = (
        ("patient", f"/portal/patients/{patient['id']}/", patient["account"]),
        ("staff", "/clinic/", staff),
        ("administrator", "/clinic/people/", people["administrator"]),
    )
    for name, start, who in walks:
        yield (
            f"wapiti_{name}",
            lambda s=start, w=who, n=name: tools.wapiti(target, s, _cookies(w), n),
        )
    for name, requests in (
        ("patient", list(_of_patient(target, patient))),
        ("staff", list(_of_staff(target, patient, staff))),
        ("app", list(_of_app(target, people["token"]))),
    ):
        yield f"sqlmap_{name}", lambda r=requests, n=name: tools.sqlmap(target, r, n)


def _documents(
    target: Target, people: Mapping[str, Any]
) -> Iterator[tuple[str, Path, dict[str, str]]]:
    """What an app may ask with its token, and staff with their session."""
    with urllib.request.urlopen(f"{target.base}/fhir/metadata") as answer:  # noqa: S310 - our own
        statement = json.load(answer)
    whole = openapi(statement, f"{target.base}/fhir")
    staff = people["staff"]
    cookie = f"session={staff['session']}; csrf={staff['csrf']}"
    for name, headers, wanted in (
        ("app", {"Authorization": f"Bearer {people['token']}"}, False),
        ("staff", {"Cookie": cookie}, True),
    ):
        paths = {
            path: held
            for path, held in whole["paths"].items()
            if path.startswith(tuple(f"/{each}" for each in LEFT_OUT)) == wanted
        }
        document = target.folder / f"openapi-{name}.json"
        document.write_text(json.dumps({**whole, "paths": paths}))
        yield name, document, headers


def _of_patient(target: Target, patient: Mapping[str, Any]) -> Iterator[Path]:
    thread, who = patient["threads"][0], patient["account"]
    inbox = f"/portal/patients/{patient['id']}/"
    answer = {"body": "words", "client_key": thread, "in_reply_to": thread}
    yield _request(target, "p-inbox", f"{inbox}?page=1&state=open", who)
    yield _request(target, "p-thread", f"/portal/threads/{thread}/", who, answer)
    yield _request(target, "p-search", f"{inbox}search/", who, {"words": "a", "person": "b"})
    yield _request(target, "p-log", f"{inbox}record/log/?action=view&start=2026-01-01", who)
    yield _request(target, "p-sign-in", "/account/login/", who, {"login": "a@b.c", "password": "x"})
    yield _request(
        target, "p-invitation", "/invitation/", who, {"code": "ABCD", "birth_on": "1980-02-03"}
    )


def _of_staff(target: Target, patient: Mapping[str, Any], who: Mapping[str, str]) -> Iterator[Path]:
    thread = patient["threads"][0]
    chosen = "/clinic/?state=open&reason=1&unread=1&order=oldest&page=1&pool=1"
    yield _request(target, "s-inbox", chosen, who)
    yield _request(target, "s-patients", "/clinic/patients/?page=1", who)
    yield _request(target, "s-find", "/clinic/patients/", who, {"words": "a", "birth_on": ""})
    yield _request(target, "s-note", f"/clinic/threads/{thread}/notes/", who, {"text": "words"})
    answer = {"body": "words", "to": "patient", "client_key": thread, "for_clinician": ""}
    yield _request(target, "s-thread", f"/clinic/threads/{thread}/", who, answer)
    yield _request(
        target,
        "s-measures",
        "/clinic/measures/?program=stage-3:2019&start=2019-01-01&end=2019-12-31&sort=name",
        who,
    )


def _of_app(target: Target, token: str) -> Iterator[Path]:
    asked = "code=8867-4&date=ge2020-01-01&_sort=-date&_count=5&_include=Observation:patient"
    yield _request(target, "a-observation", f"/fhir/Observation?{asked}", {"token": token})
    names = "name=a&birthdate=2020&identifier=x|y&gender=male&_lastUpdated=gt2020"
    yield _request(target, "a-patient", f"/fhir/Patient?{names}", {"token": token})
    sent = "sent=ge2020&status=completed&sender=a"
    yield _request(target, "a-messages", f"/fhir/Communication?{sent}", {"token": token})


def _request(
    target: Target, name: str, path: str, who: Mapping[str, str], form: dict[str, str] | None = None
) -> Path:
    """An HTTP request as sqlmap reads it from a file."""
    body = urlencode({**form, "csrfmiddlewaretoken": who["csrf"]}) if form is not None else ""
    lines = [
        f"{'POST' if form is not None else 'GET'} {path} HTTP/1.1",
        f"Host: {target.base.removeprefix('http://')}",
        f"Authorization: Bearer {who['token']}" if "token" in who
        else f"Cookie: session={who['session']}; csrf={who['csrf']}",
        *(["Content-Type: application/x-www-form-urlencoded"] if form is not None else []),
    ]  # fmt: skip
    file = target.folder / f"{name}.txt"
    file.write_text("\r\n".join([*lines, "", body]))
    return file


def _faults(log: str) -> list[str]:
    """Of each fault that the server logged, the last place on its way (ours, if any of it is) and
    what it was. One that came of another counts twice.
    """
    found = []
    for each in log.split("Traceback (most recent call last):")[1:]:
        places = re.findall(r'File "([^"]+)", (line \d+)', each)
        ours = [place for place in places if "/wellpost/" in place[0]] or places
        what = re.search(r"^[A-Za-z][\w.]*(?::.*)?$", each, re.M)
        found.append(f"{' '.join(ours[-1]) if ours else '?'}: {what[0][:160] if what else '?'}")
    return found


def _cookies(who: Mapping[str, str]) -> dict[str, str]:
    return {"session": who["session"], "csrf": who["csrf"]}


def _say(name: str, attack: Callable[[], list[str]]) -> bool:
    say(f"{name} …")
    found = attack()
    for each in found[:40]:
        say(f"  {each}")
    return figure(f"{name}_findings", len(found))


def figure(name: str, value: int) -> bool:
    """Print one line; nothing may be found."""
    print(f"figure {name} {value} =0 {'ok' if value == 0 else 'short'}", flush=True)
    return value == 0
