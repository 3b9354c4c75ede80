"""What moved since: patient by patient, from what was attested to what the facts say now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

Line = Mapping[str, object]
Key = tuple[str, ...]

KEYS = ("measure", "level", "npi", "tin", "virtual_group", "patient_id")
NOT_SEEN = "not in the denominator"
SEEN = "in the denominator only"
COUNTS = "in the numerator"


@dataclass(frozen=True)
class Moved:
    """A patient who stood elsewhere then. `why` is today's reason, or what was attested."""

    measure: str
    npi: str | None
    tin: str | None
    patient_id: str
    was: str
    now: str
    why: str


def difference(attested: Iterable[Line], today: Iterable[Line]) -> Iterator[Moved]:
    """Everybody who stands elsewhere today; lines as `Listed.as_json` gives them."""
    then, now = _by_key(attested), _by_key(today)
    for key in sorted(then.keys() | now.keys()):
        was, stands = then.get(key), now.get(key)
        if _place(was) != _place(stands):
            yield _moved(key, was, stands)


def _by_key(lines: Iterable[Line]) -> dict[Key, Line]:
    return {tuple(str(line.get(name) or "") for name in KEYS): line for line in lines}


def _place(line: Line | None) -> str:
    if line is None:
        return NOT_SEEN
    return COUNTS if line["in_numerator"] in (True, "true") else SEEN


def _moved(key: Key, was: Line | None, now: Line | None) -> Moved:
    measure, _, npi, tin, _, patient_id = key
    return Moved(
        measure, npi or None, tin or None, patient_id, _place(was), _place(now), _why(was, now)
    )


def _why(was: Line | None, now: Line | None) -> str:
    if now is not None:
        return f"today: {now['reason']}"
    reason = was["reason"] if was else ""
    return f"no encounter of the period stands any more; attested was: {reason}"
