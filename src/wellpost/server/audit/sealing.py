"""The sealer: takes the rows that wait, after they were committed, into the trees.

Nobody who sends waits for it. One sealer works at a time, however many processes there are.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from django.db import connection, transaction

from wellpost.ledger.rows import FIELDS, hash_of_row

from .actions import record
from .deeds import Deed
from .models import AuditRow, SealedRow, TreeNode, WaitingRow
from .trees import frontier_of, is_kept, tree_of

TOGETHER = 500
"""Rows sealed in one transaction: on SQLite others wait for it."""

LOCK = 0x57_50_41_55
"""The number of PostgreSQL's advisory lock that one sealer holds."""

logger = logging.getLogger("wellpost.alarm")
Values = Mapping[str, Any]


def seal_waiting() -> set[str]:
    """Seal what waits now, batch after batch; gives the trees that grew."""
    grown: set[str] = set()
    while WaitingRow.objects.exists():
        some = _seal_some()
        if not some:
            break  # another sealer is at work
        grown |= some
    return grown


@transaction.atomic
def _seal_some() -> set[str]:
    if not _alone():
        return set()
    waiting = list(
        WaitingRow.objects.order_by("row_id").values_list("row_id", flat=True)[:TOGETHER]
    )
    rows = list(AuditRow.objects.filter(pk__in=waiting).order_by("pk").values(*FIELDS))
    _miss(set(waiting) - {row["id"] for row in rows})
    by_tree: dict[str, list[Values]] = {}
    for row in rows:
        by_tree.setdefault(tree_of(row["practice_id"]), []).append(row)
    for tree, some in by_tree.items():
        _grow(tree, some)
    WaitingRow.objects.filter(pk__in=waiting).delete()
    return set(by_tree)


def _alone() -> bool:
    """Whether no other sealer is at work; nobody else is until this transaction ends."""
    if connection.vendor != "postgresql":
        return True  # SQLite lets one write at a time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _grow(tree: str, rows: Iterable[Values]) -> None:
    frontier = frontier_of(tree)
    sealed, full = [], []
    for row in rows:
        leaf = hash_of_row(row)
        sealed.append(SealedRow(row_id=row["id"], tree=tree, place=frontier.size, hash=leaf))
        full.append(frontier.append(leaf))
    SealedRow.objects.bulk_create(sealed)
    TreeNode.objects.bulk_create(
        TreeNode(tree=tree, level=node.level, last=node.last, hash=data)
        for node, data in chain.from_iterable(full)
        if is_kept(node)
    )


def _miss(row_ids: set[int]) -> None:
    """A row that was taken out before it was sealed is an alarm."""
    for row_id in sorted(row_ids):
        logger.critical("audit row %s was taken out before it was sealed", row_id)
        record(
            by=None,
            deed=Deed.SEAL_BROKEN,
            outcome="alarm",
            category="audit",
            target_kind="auditrow",
            target_id=row_id,
        )
