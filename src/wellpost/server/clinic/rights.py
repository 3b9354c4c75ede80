"""Who may do what at the practice, and why: the table of rights in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from wellpost.server.people.permissions import standings
from wellpost.server.people.rights import GROUPS, STANDINGS, Group, Standing

from .desk import ClinicRequest, at_desk


@at_desk()
def rights(request: ClinicRequest) -> HttpResponse:
    """Every right, who has it, and whether the one who reads it does."""
    held = standings(request.user, request.desk.practice)
    context = {
        "groups": [_group(each, held) for each in GROUPS],
        "roles": list(_called(held)),
        "may_manage": Standing.ADMINISTRATOR in held,
    }
    return render(request, "clinic/rights.html", context)


def _group(group: Group, held: set[Standing]) -> dict[str, Any]:
    rows = [
        {"says": each.says, "who": list(_called(each.held_by)), "mine": bool(held & each.held_by)}
        for each in group.rights
    ]
    return {"subject": group.subject, "rows": rows}


def _called(some: set[Standing] | frozenset[Standing]) -> Iterator[object]:
    return (says for standing, says in STANDINGS.items() if standing in some)
