"""A pytest plugin: the tests once as they are, then for each change those that run its line.

Each change is tried in a fork, so that the database is made once and nothing of one change is left
for the next. Before them each module is put in its own place unchanged, which no test may notice:
otherwise "noticed" would say nothing. `MUTATE_CHANGES` names the file of changes, `MUTATE_REPORT`
the one to write.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import resource
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

_fault: list[str] = [""]
"""What the last test that failed said."""
PATIENCE = 10
"""Seconds longer than thrice what its tests took as they are, after which a change counts as
noticed: the tests hang."""
MEMORY = 4 * 2**30
"""Bytes of address space that a change may take: a loop without an end takes all there is."""
_told = os.fdopen(os.dup(2), "w")
"""Where progress is told: pytest takes the standard error for itself after this module is read."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """In place of pytest's own."""
    changes = [json.loads(each) for each in _lines(os.environ["MUTATE_CHANGES"])]
    files = {each["file"] for each in changes}
    ran = _as_it_is(session, files)
    _unchanged(session, files, ran)
    with Path(os.environ["MUTATE_REPORT"]).open("w") as report:
        for number, each in enumerate(changes):
            became = _attempt(session, each, ran)
            told = {key: each[key] for key in ("file", "line", "what")} | {"became": became}
            report.write(json.dumps(told) + "\n")
            report.flush()
            if number % 25 == 0:
                print(f"{number} of {len(changes)}", file=_told, flush=True)
    return True


def _unchanged(session: pytest.Session, files: set[str], ran: list[Any]) -> None:
    """End the run where a module cannot be put in place of itself unnoticed."""
    for file in sorted(files):
        change = {"file": file, "line": 0, "text": Path(file).read_text()}
        if not _is_loaded(file) or _attempt(session, change, ran) != "survived":
            pytest.exit(f"{file}: not loaded, or noticed with nothing changed", returncode=3)


def _is_loaded(file: str) -> bool:
    return any(getattr(each, "__file__", "") == file for each in list(sys.modules.values()))


def _lines(file: str) -> list[str]:
    return Path(file).read_text().splitlines()


def _as_it_is(session: pytest.Session, files: set[str]) -> list[tuple[pytest.Item, float, set]]:
    """Each test with its seconds and the lines of the modules that it runs."""
    found = []
    for item in session.items:
        lines: set[tuple[str, int]] = set()
        began = time.perf_counter()
        sys.settrace(_tracer(files, lines))
        good = _passes(item)
        sys.settrace(None)
        if not good:
            pytest.exit(f"{item.nodeid} fails with nothing changed:\n{_fault[-1]}", returncode=3)
        found.append((item, time.perf_counter() - began, lines))
    return sorted(found, key=lambda each: each[1])


def _tracer(files: set[str], lines: set[tuple[str, int]]) -> Callable[..., Any]:
    def inside(frame: types.FrameType, event: str, _: Any) -> Any:
        lines.add((frame.f_code.co_filename, frame.f_lineno))
        return inside

    def outside(frame: types.FrameType, event: str, _: Any) -> Any:
        return inside(frame, event, _) if frame.f_code.co_filename in files else None

    return outside


class _Staying:
    """Said to come next, so that what belongs to the session alone stays: the database."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session

    def listchain(self) -> list[pytest.Session]:
        """As a test's own."""
        return [self.session]


def _passes(item: pytest.Item) -> bool:
    following: Any = _Staying(item.session)
    reports = runtestprotocol(item, nextitem=following, log=False)
    faults = [each.longreprtext for each in reports if each.failed]
    _fault[:] = faults or _fault
    return not faults


def _attempt(session: pytest.Session, change: dict[str, Any], ran: list[Any]) -> str:
    place = (change["file"], change["line"])
    chosen = [each for each in ran if place in each[2]] or ran
    child = os.fork()
    if child == 0:
        _try_in_child(change, [item for item, _, _ in chosen])
    return _waited(child, PATIENCE + 3 * sum(seconds for _, seconds, _ in chosen))


def _try_in_child(change: dict[str, Any], chosen: list[pytest.Item]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        apply(change["file"], change["text"])
        noticed = not all(_passes(item) for item in chosen)
    except BaseException:  # what it breaks, it breaks
        noticed = True
    os._exit(1 if noticed else 0)


def _waited(child: int, seconds: float) -> str:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "survived" if status == 0 else "noticed"
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "noticed (it hangs)"


def apply(file: str, text: str) -> None:
    """Put the changed module in place of the one that everybody imported already."""
    old = next(each for each in list(sys.modules.values()) if getattr(each, "__file__", "") == file)
    new = types.ModuleType(old.__name__)
    new.__dict__.update({key: old.__dict__[key] for key in ("__package__", "__file__", "__spec__")})
    exec(compile(text, file, "exec"), new.__dict__)  # noqa: S102 - the module, changed
    for name, value in vars(new).items():
        held = vars(old).get(name)
        if inspect.isclass(value) and inspect.isclass(held):
            _take_over_class(held, value)
        elif not _take_over(held, value) and _is_own(old, name, value):
            _put_everywhere(name, held, value)


def _is_own(module: types.ModuleType, name: str, value: Any) -> bool:
    """A constant of the module, not what it imported."""
    held = vars(module).get(name)
    return not name.startswith("__") and not inspect.ismodule(value) and held is not value


def _take_over_class(held: type, value: type) -> None:
    for name, each in vars(value).items():
        mine = vars(held).get(name)
        if not _take_over(mine, each) and _is_plain(name, each) and mine != each:
            setattr(held, name, each)


def _is_plain(name: str, value: Any) -> bool:
    """A constant of a class, not what Python says of it."""
    plain = isinstance(value, int | str | bytes | tuple | frozenset)
    return plain and not name.startswith("__")


def _take_over(held: Any, value: Any) -> bool:
    """Give a function, property or cached function the code of its changed self."""
    ours, theirs = list(_functions(held)), list(_functions(value))
    for one, other in zip(ours, theirs, strict=False):
        if len(one.__code__.co_freevars) == len(other.__code__.co_freevars):
            one.__code__ = other.__code__
            one.__defaults__, one.__kwdefaults__ = other.__defaults__, other.__kwdefaults__
    if hasattr(held, "cache_clear"):
        held.cache_clear()
    return bool(ours)


def _functions(value: Any) -> Iterator[types.FunctionType]:
    if isinstance(value, property):
        parts: tuple[Any, ...] = (value.fget, value.fset)
    elif isinstance(value, classmethod | staticmethod):
        parts = (value.__func__,)
    elif isinstance(value, functools.cached_property):
        parts = (value.func,)
    else:
        parts = (value,)
    for each in parts:
        inner = inspect.unwrap(each) if callable(each) else each
        if isinstance(inner, types.FunctionType):
            yield inner


def _put_everywhere(name: str, held: Any, value: Any) -> None:
    """Whoever imported the constant by its name has the changed one as well."""
    for module in list(sys.modules.values()):
        ours = getattr(module, "__name__", "").startswith("wellpost")
        if ours and name in vars(module) and vars(module)[name] is held:
            setattr(module, name, value)
