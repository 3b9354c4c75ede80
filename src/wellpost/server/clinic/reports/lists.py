"""The list of patients as a page shows it: filtered, sorted, cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wellpost.reports.evidence import Listed
from wellpost.server.quality.reporting import Asking, own_patient

EACH_PAGE = 50

SHOWN: Mapping[str, tuple[str | Promise, Callable[[Listed], bool]]] = {
    "all": (_("All patients seen"), lambda each: True),
    "counts": (_("In the numerator"), lambda each: each.member.in_numerator),
    "waiting": (_("Not in the numerator"), lambda each: not each.member.in_numerator),
}
"""What the list can be narrowed to."""

COLUMNS: Mapping[str, str | Promise] = {
    "name": _("Patient"),
    "counts": _("Counts"),
    "first_seen": _("First seen"),
    "last_seen": _("Last seen"),
}


@dataclass(frozen=True)
class Row:
    """One patient. Of another practice's there is a number and no name."""

    patient_id: UUID | None
    name: str
    counts: bool
    first_seen_on: date
    last_seen_on: date
    reason: str


@dataclass(frozen=True)
class Shown:
    """One page of the list, and what of it was asked for."""

    page: Page[Row]
    show: str
    order: str
    columns: Sequence[dict[str, Any]]
    totals: Sequence[tuple[str, str | Promise, int]]


def shown(found: Asking, listed: Sequence[Listed], asked: QueryDict) -> Shown:
    """The rows asked for: `show` narrows, `sort` orders (a minus before it: falling)."""
    show = asked.get("show", "all") if asked.get("show") in SHOWN else "all"
    sort = asked.get("sort", "name")
    order = sort if sort.removeprefix("-") in COLUMNS else "name"
    rows = [_row(found, each) for each in listed if SHOWN[show][1](each)]
    rows.sort(key=lambda row: (row.name, str(row.patient_id)))
    rows.sort(key=KEYS[order.removeprefix("-")], reverse=order.startswith("-"))
    page = Paginator(rows, EACH_PAGE).get_page(asked.get("page"))
    totals = [(key, says, sum(map(wants, listed))) for key, (says, wants) in SHOWN.items()]
    return Shown(page, show, order, _columns(order), totals)


KEYS: Mapping[str, Callable[[Row], Any]] = {
    "name": lambda row: (row.patient_id is None, row.name.casefold()),
    "counts": lambda row: row.counts,
    "first_seen": lambda row: row.first_seen_on,
    "last_seen": lambda row: row.last_seen_on,
}


def _row(found: Asking, each: Listed) -> Row:
    member = each.member
    own = own_patient(found, member.patient_id)
    name = found.people.patients.get(member.patient_id, "")
    days = (member.first_seen_on, member.last_seen_on)
    return Row(own, name, member.in_numerator, *days, each.reason)


def _columns(order: str) -> list[dict[str, Any]]:
    """Each column with the order its heading leads to, and how it is sorted now."""
    by, falling = order.removeprefix("-"), order.startswith("-")
    return [
        {
            "says": says,
            "sort": f"-{name}" if name == by and not falling else name,
            "sorted": ("descending" if falling else "ascending") if name == by else "none",
        }
        for name, says in COLUMNS.items()
    ]
