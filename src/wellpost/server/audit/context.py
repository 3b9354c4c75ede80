"""What every audit row of one request shares: its identifier and where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestTrace:
    """One request: `request_id` is also on every log line of it; `address` is the client's."""

    request_id: str
    address: str | None


_trace: ContextVar[RequestTrace | None] = ContextVar("trace", default=None)


def current_trace() -> RequestTrace | None:
    """The request being answered, or None on the command line."""
    return _trace.get()


@contextmanager
def traced(request_id: str, address: str | None) -> Iterator[None]:
    """Everything recorded inside belongs to this request."""
    token = _trace.set(RequestTrace(request_id, address))
    try:
        yield
    finally:
        _trace.reset(token)
