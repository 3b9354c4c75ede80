"""Rows to seal, and a way to alter them as somebody would who may do everything to the database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from tests.server.conftest import APPEND_ONLY, SEALED_ONCE
from wellpost.server.audit.actions import record
from wellpost.server.audit.checkpoints import folder, make_checkpoint
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow
from wellpost.server.audit.sealing import seal_waiting
from wellpost.server.audit.signer import signer
from wellpost.server.audit.verifying import TreeReport, verify_tree


@pytest.fixture(autouse=True)
def checkpoint_folder(settings, tmp_path):
    """Checkpoints of each test by themselves."""
    settings.CHECKPOINTS = tmp_path / "checkpoints"
    return settings.CHECKPOINTS


def rows(count: int, **fields: object) -> list[AuditRow]:
    """So many rows on record."""
    return [
        record(by=None, deed=Deed.PATIENT_READ, details={"number": number}, **fields)
        for number in range(count)
    ]


@pytest.fixture
def sealed(practice) -> str:
    """The tree of a practice with 40 rows and three checkpoints: at 10, 25 and 40."""
    tree = str(practice.pk)
    for count in (10, 15, 15):
        rows(count, practice_id=practice.pk)
        seal_waiting()
        make_checkpoint(tree)
    return tree


@pytest.fixture
def verified(db) -> Callable[[str], TreeReport]:
    return lambda tree: verify_tree(tree, [signer().public_key()], folder())


class Superuser:
    """Stands in for Django's schema editor, which SQLite does not let work in a transaction."""

    connection = connection

    @staticmethod
    def execute(statement: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values or None)


@pytest.fixture
def by_force(db) -> Callable[..., None]:
    """Run SQL with every guard of the database taken away, as its superuser can."""
    for each in (APPEND_ONLY, SEALED_ONCE):
        each.lift(None, Superuser)
    return Superuser.execute
