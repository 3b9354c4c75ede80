"""The log as a file for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from wellpost.adapters.csv.writer import harmless

from .history import Line


class _Echo:
    """Gives back each line that is written."""

    def write(self, text: str) -> str:
        return text


def as_csv(lines: Iterable[Line], time_zone: str) -> Iterator[str]:
    """UTF-8 with a line of names; moments with the offset of the practice's clock."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    zone = ZoneInfo(time_zone)
    yield writer.writerow([_("When"), _("Action"), _("What"), _("Who"), _("To whom"), _("Through")])
    for each in lines:
        texts = (each.did, each.what, each.who, each.to_whom, each.through)
        moment = each.at.astimezone(zone).isoformat(timespec="seconds")
        yield writer.writerow([moment, *(harmless(text) for text in texts)])
