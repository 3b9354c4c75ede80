"""The demo, and its patient signed in."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

MOST_SECONDS = 400
KEY = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
RECORD = re.compile(r"/portal/patients/([0-9a-f-]{36})/")
THREAD = re.compile(r"/portal/threads/([0-9a-f-]{36})/")
SERIES = re.compile(r'href="(/portal/patients/[0-9a-f-]{36}/record/[a-z-]+/over-time/[^"]*)"')


@contextmanager
def running(home: Path) -> Iterator[str]:
    """A demo of its own; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    print("making the demo", flush=True)
    wellpost = Path(sys.prefix) / "bin" / "wellpost"
    with (home / "demo.log").open("w") as log:
        server = subprocess.Popen(
            [str(wellpost), "demo", "--port", str(port)],
            env={**os.environ, "WELLPOST_HOME": str(home / "demo")},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://localhost:{port}"
        _wait(server, address, home / "demo.log")
        yield address
    finally:
        server.terminate()
        server.wait(60)


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + MOST_SECONDS
    while time.monotonic() < until:
        try:
            build_opener().open(f"{address}/demo/", timeout=5)
            return
        except (URLError, OSError):
            if server.poll() is not None:
                break
            time.sleep(1)
    raise SystemExit(f"the demo did not start:\n{log.read_text()[-2000:]}")


def signed_in(address: str) -> tuple[OpenerDirector, str]:
    """A browser that is the demo's patient, and the cookie that makes it so."""
    from wellpost.server.demo.cast import PASSWORD, PATIENT

    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    where = f"{address}/account/login/"
    key = KEY.search(_read(browser, where))
    said = {"login": PATIENT.email, "password": PASSWORD}
    said["csrfmiddlewaretoken"] = key[1] if key else ""
    browser.open(Request(where, urlencode(said).encode(), {"Referer": where}))  # noqa: S310 - the demo, on this machine
    return browser, "; ".join(f"{each.name}={each.value}" for each in jar)


def pages(browser: OpenerDirector, address: str) -> Iterator[tuple[str, str]]:
    """Each page to look at, with the name of its figures."""
    inbox = _read(browser, f"{address}/portal/")
    record, thread = RECORD.search(inbox), THREAD.search(inbox)
    if record is None or thread is None:
        raise SystemExit("the demo's patient has no record or no conversation; was it signed in?")
    own = f"{address}/portal/patients/{record[1]}/"
    overview = _read(browser, f"{own}record/")
    series = SERIES.search(overview + _read(browser, f"{own}record/vitals/"))
    yield "inbox", own
    yield "thread", f"{address}/portal/threads/{thread[1]}/"
    yield "write", f"{own}write/"
    yield "record", f"{own}record/"
    if series is None:
        raise SystemExit("the demo's patient has nothing measured more than once.")
    yield "plot", address + series[1].replace("&amp;", "&")
    yield "from_home", f"{own}home/readings/blood_pressure/add/"
    yield "apps", f"{own}apps/"
    yield "download", f"{own}record/download/"
    yield "log", f"{own}record/log/"


def _read(browser: OpenerDirector, where: str) -> str:
    with browser.open(where) as answer:
        return str(answer.read().decode())
