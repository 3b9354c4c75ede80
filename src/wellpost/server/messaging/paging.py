"""Which page of an inbox is asked for."""

from __future__ import annotations

from django.http import QueryDict

MOST_PAGES = 10_000


def page_asked(query: QueryDict) -> int:
    """The number of the page; the first for what is no number."""
    asked = query.get("page", "1")
    return min(max(int(asked), 1), MOST_PAGES) if asked.isascii() and asked.isdigit() else 1
