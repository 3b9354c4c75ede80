"""Computing an attestation again from what was frozen, by the rules of then or those of today."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wellpost.measures import shelf as measures_shelf
from wellpost.reports.asked import from_asked
from wellpost.reports.evidence import Listed, evidence
from wellpost.reports.frozen import frozen_source
from wellpost.reports.scorecard import Scorecard, scorecard
from wellpost.rules import shelf as rules_shelf


@dataclass(frozen=True)
class Recomputed:
    """What frozen facts give: as counted, as attested, and the patients behind it."""

    counted: Scorecard
    card: Scorecard
    listed: tuple[Listed, ...]


def recompute(facts: Mapping[str, bytes], asked: Mapping[str, Any]) -> Recomputed:
    """Count, judge and list again under the rules and measures on their shelves."""
    with frozen_source(facts) as source:
        plain = from_asked(asked, overridden=False)
        return Recomputed(
            scorecard(source, plain),
            scorecard(source, from_asked(asked)),
            tuple(evidence(source, plain)),
        )


@contextmanager
def under(rules: Mapping[str, bytes], measures: Mapping[str, bytes]) -> Iterator[None]:
    """Within the block these texts are the law and the measures, and no others."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        law, counting = Path(folder, "rules"), Path(folder, "measures")
        _lay_out(law, rules)
        _lay_out(counting, measures)
        stack.enter_context(rules_shelf.reading_from(law))
        stack.enter_context(measures_shelf.reading_from(counting))
        yield


def _lay_out(folder: Path, texts: Mapping[str, bytes]) -> None:
    for name, text in texts.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text)
