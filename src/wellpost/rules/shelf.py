"""Where rule files are read from: this product's own, or those kept with an old report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_SHELF = ContextVar("rules.shelf", default=Path(__file__).parent)


def shelf() -> Path:
    """The folder that holds `policies.yaml`, `exclusions.yaml` and `programs/`."""
    return _SHELF.get()


@contextmanager
def reading_from(folder: Path) -> Iterator[None]:
    """Within the block every rule is read from this folder instead."""
    before = _SHELF.set(folder)
    try:
        yield
    finally:
        _SHELF.reset(before)


def texts(program: str) -> dict[str, str]:
    """Every file that the rules of a program are read from, by its name on the shelf."""
    own = shelf() / "programs" / program.replace("-", "_")
    found = [*shelf().glob("*.yaml"), *own.rglob("*.yaml")]
    return {
        path.relative_to(shelf()).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(found)
    }
