"""A browser, a server it talks to, and the checker of accessibility."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.server.conftest import *  # noqa: F403 - the same people
from tests.server.conftest import signed_in
from tests.worlds.waiting import HUNG, until
from wellpost.server.people.models import User

WIDTHS = {"desk": 1280, "phone": 375}
HEIGHT = 900
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = Axe().axe_script
CHECKED = "asked => window.axe ? axe.run(asked).then(found => found.violations) : null"
"""What axe finds; nothing where the page was not looked at before, so has no axe yet."""
ASKED = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
"""Of axe: what is in order need not be told in full, which takes longer than finding it."""
SCREENSHOTS = os.environ.get("WELLPOST_SCREENSHOTS")
"""The folder to keep pictures in: docs/screenshots when they are to be made anew."""


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """Playwright, started once."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    expect.set_options(timeout=HUNG * 1000)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    """Chromium of the machine, started once: without a window, it has a third less to do."""
    chromium = launched(driver, "chromium-headless-shell", "chromium")
    yield chromium
    chromium.close()


def launched(driver: Playwright, *names: str) -> Browser:
    """The first of these programs that the machine has."""
    executable = next(filter(None, map(shutil.which, names)), None)
    assert executable, "The browser tests need Chromium. Run: sudo apt-get install chromium"
    chromium = driver.chromium.launch(
        executable_path=executable, args=["--no-sandbox"], timeout=HUNG * 1000
    )
    chromium.on("context", lambda made: made.set_default_timeout(HUNG * 1000))
    return chromium


Enter = Callable[..., Page]


@pytest.fixture
def browser_page(browser: Browser, live_server: Any) -> Iterator[Enter]:
    """`browser_page("phone", user)`: a page of that width, signed in as the user if one is given.

    Each has a context, so a session, of its own. Anything the browser's console calls an error
    fails the test: a style or script that the content security policy refuses is one. A page that
    is not there is one too, so `expect_errors` for a walk that comes by such.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def enter(
        width: str = "desk",
        user: User | None = None,
        *,
        expect_errors: bool = False,
        scripts: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": WIDTHS[width], "height": HEIGHT},
            locale="en-US",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        if user:
            _sign_in(context, live_server.url, user)
        page = context.new_page()
        if not expect_errors:
            page.on("console", lambda said: _note(errors, said))
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not errors


def at_each_width(page: Page) -> Iterator[str]:
    """The page, loaded once, laid out at one width after another; gives the name of each."""
    for name, pixels in WIDTHS.items():
        page.set_viewport_size({"width": pixels, "height": HEIGHT})
        until(partial(_is_wide, page, pixels))
        yield name


def _is_wide(page: Page, pixels: int) -> bool:
    return bool(page.evaluate("window.innerWidth") == pixels)


def _note(errors: list[str], said: ConsoleMessage) -> None:
    if said.type == "error":
        errors.append(said.text)


def _sign_in(context: BrowserContext, address: str, user: User) -> None:
    client = signed_in(Client(), user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """What axe-core finds against WCAG 2.2 AA on the page, a line each."""

    def found(page: Page) -> list[str]:
        page.wait_for_load_state()
        broken = page.evaluate(CHECKED, ASKED)
        if broken is None:
            # In its plain form, and told no more than is asked: Axe().run takes half as long again.
            page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE})
            broken = page.evaluate(CHECKED, ASKED)
        return [
            f"{page.url}: {each['id']}: {each['help']}: {node['html'][:200]}"
            for each in broken
            for node in each["nodes"]
        ]

    return found


@pytest.fixture
def screenshot() -> Callable[[Page, str], None]:
    """Keeps a picture of the page, where WELLPOST_SCREENSHOTS names a folder."""

    def keep(page: Page, name: str) -> None:
        if SCREENSHOTS:
            page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)

    return keep
