"""Bundles put together of resources as they are kept, text beside text: nothing is read anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

import orjson

from ..library import base
from ..outcomes import outcome
from .rows import Row


@dataclass(frozen=True)
class Answer:
    """What a search gives: `found` on this page, `beside` it what was included, what to say."""

    found: Sequence[Row]
    beside: Sequence[Row] = ()
    links: Sequence[tuple[str, str]] = ()
    total: int | None = None
    says: str = ""


def bundle(answer: Answer) -> bytes:
    """A Bundle of type searchset."""
    head = {
        "resourceType": "Bundle",
        "id": str(uuid4()),
        "type": "searchset",
        **({} if answer.total is None else {"total": answer.total}),
        "link": [{"relation": name, "url": url} for name, url in answer.links],
    }
    entries = [*_entries(answer.found, "match"), *_entries(answer.beside, "include")]
    if answer.says:
        said = outcome("not-supported", answer.says)
        said["issue"][0]["severity"] = "warning"
        entries.append(orjson.dumps({"resource": said, "search": {"mode": "outcome"}}).decode())
    text = orjson.dumps(head).decode()
    return (f'{text[:-1]},"entry":[{",".join(entries)}]}}' if entries else text).encode()


def _entries(rows: Iterable[Row], mode: str) -> list[str]:
    root = base()
    return [
        f'{{"fullUrl":"{root}/{row.kind}/{row.id}","resource":{row.body},'
        f'"search":{{"mode":"{mode}"}}}}'
        for row in rows
    ]
