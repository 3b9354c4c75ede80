"""Rows of the audit are written once: nothing in the application changes or deletes one."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from wellpost.server.audit.actions import record
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
SAYS = "never changed or deleted"


@pytest.fixture
def row():
    return record(by=None, deed=Deed.SIGNED_IN)


def refused(change):
    with pytest.raises(DatabaseError, match=SAYS), transaction.atomic():
        change()
    return True


def by_sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_row_cannot_be_changed_by_the_orm(row):
    row.deed = Deed.SIGNED_OUT
    assert refused(row.save)
    assert refused(lambda: AuditRow.objects.update(outcome="refused"))
    assert AuditRow.objects.get().deed == Deed.SIGNED_IN


def test_a_row_cannot_be_deleted_by_the_orm(row):
    assert refused(row.delete)
    assert refused(AuditRow.objects.all().delete)
    assert AuditRow.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditrow SET deed = 'signed_out'", "DELETE FROM audit_auditrow"],
)
def test_a_row_cannot_be_touched_by_sql(row, statement):
    assert refused(lambda: by_sql(statement))
    assert AuditRow.objects.get().deed == Deed.SIGNED_IN


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own way to overwrite a row")
def test_a_row_cannot_be_replaced(row):
    columns = ", ".join(field.column for field in AuditRow._meta.concrete_fields)
    statement = f"REPLACE INTO audit_auditrow ({columns}) SELECT {columns} FROM audit_auditrow"
    assert refused(lambda: by_sql(statement))


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
def test_the_table_cannot_be_emptied(row):
    assert refused(lambda: by_sql("TRUNCATE audit_auditrow"))


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no privileges")
def test_the_application_has_no_privilege_to_change_rows():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege_type FROM information_schema.role_table_grants "
            "WHERE table_name = 'audit_auditrow' AND grantee = current_user"
        )
        held = {privilege for (privilege,) in cursor.fetchall()}
    assert "INSERT" in held
    assert not held & {"UPDATE", "DELETE", "TRUNCATE"}


@pytest.mark.django_db(transaction=True)
def test_tests_that_empty_the_database_leave_the_rows_protected(row):
    assert refused(AuditRow.objects.all().delete)
