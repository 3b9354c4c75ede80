"""What every audit row of one request shares: its identifier and where it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class RequestTrace:
    """One request: `request_id` is also on every log line of it; `address` is the client's.
    `through`: by which app or way it came, for the details of its rows.
    """

    request_id: str
    address: str | None
    through: Mapping[str, object] = field(default_factory=dict)


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


def came_through(through: Mapping[str, object]) -> None:
    """Say of everything recorded from here to the request's end by which way it came."""
    trace = _trace.get()
    if trace is not None:
        _trace.set(replace(trace, through=through))
