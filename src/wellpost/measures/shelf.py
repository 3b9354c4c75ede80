"""Where measure files are read from: this product's own, or those kept with an old report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_SHELF = ContextVar("measures.shelf", default=Path(__file__).parent)


def shelf() -> Path:
    """The folder that holds the measures' `.sql` files and `exclusions/`."""
    return _SHELF.get()


@contextmanager
def reading_from(folder: Path) -> Iterator[None]:
    """Within the block every measure is read from this folder instead."""
    before = _SHELF.set(folder)
    try:
        yield
    finally:
        _SHELF.reset(before)


def texts() -> dict[str, str]:
    """Every measure file, by its name on the shelf."""
    return {
        path.relative_to(shelf()).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(shelf().rglob("*.sql"))
    }
