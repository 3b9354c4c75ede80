"""Broadband by county, brought in as the file `counties.csv` that facts know."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Count, Q

from wellpost.errors import DataRefusedError
from wellpost.facts.checks import check_table
from wellpost.facts.folder import open_folder
from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.people.models import Practice, User
from wellpost.server.people.permissions import Permission

from .models import County
from .viewing import viewer

MOST_BYTES = 5_000_000
AT_ONCE = 1_000


@dataclass(frozen=True)
class Loaded:
    """Data of one day: how many counties, and in how many fewer than half have 4 Mbps."""

    as_of: date
    counties: int
    below_half: int


@transaction.atomic
def load_counties(*, by: User, practice: Practice, content: bytes) -> int:
    """Keep the counties of a CSV file; what was kept for the same days goes. How many there are.

    DataRefusedError says file, line and what would be right; nothing is kept then.
    """
    viewer(by, practice).require(None, Permission.ATTEST)
    rows = _read(content)
    days = {as_of for _, as_of, *_ in rows}
    held = County.objects.filter(practice=practice)
    held.filter(as_of__in=days).delete()
    made = [
        County(practice=practice, county=county, as_of=day, percent_4mbps=four, percent_3mbps=three)
        for county, day, four, three in rows
    ]
    County.objects.bulk_create(made, AT_ONCE)
    record(
        by=by,
        deed=Deed.BROADBAND_LOADED,
        practice_id=practice.pk,
        category="measures",
        details={"counties": len(made), "days": sorted(map(str, days))},
    )
    return len(made)


def loaded(by: User, practice: Practice) -> Sequence[Loaded]:
    """What the practice has, the latest day first."""
    viewer(by, practice).require(None, Permission.READ_MEASURES)
    days = County.objects.filter(practice=practice).values("as_of").order_by("-as_of")
    below = Count("pk", filter=Q(percent_4mbps__lt=50))
    return [Loaded(**each) for each in days.annotate(counties=Count("pk"), below_half=below)]


def has_counties(practice: Practice, on: date) -> bool:
    """Whether there are data that were known on that day."""
    return County.objects.filter(practice=practice, as_of__lte=on).exists()


def _read(content: bytes) -> list[tuple[str, date, float, float | None]]:
    """The rows of the file, each once, checked by the description of the facts."""
    if len(content) > MOST_BYTES:
        raise DataRefusedError(
            f"counties.csv has {len(content) / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:.0f} MB can "
            "be brought in at once. Leave out days that no reporting period needs."
        )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "counties.csv").write_bytes(content)
        with open_folder(Path(folder)) as source:
            if not check_table(source, "counties"):
                raise DataRefusedError("counties.csv names the columns and holds no county.")
            return sorted(set(source.run(source.tables["counties"])), key=lambda row: row[:2])
