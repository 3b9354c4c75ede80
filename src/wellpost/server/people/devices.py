"""What somebody signed in with, in words they know: a browser and a system, nothing more.

Of what a browser says of itself only these words are kept: enough to know one's own devices by.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
"""Marks of a user agent, the telling ones first: many claim to be Chrome and Safari as well."""


def device_of(user_agent: str) -> str:
    """Browser and system of a request, such as `Firefox on Windows`; empty for neither known."""
    browser = _first(user_agent, BROWSERS)
    system = _first(user_agent, SYSTEMS)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system


def _first(user_agent: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((word for mark, word in marks if mark in user_agent), "")
