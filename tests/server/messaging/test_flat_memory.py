"""Large files go up and down in flat memory: it does not grow with the file."""

from __future__ import annotations

import os
import tracemalloc

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import connection, reset_queries

from wellpost.server.messaging import actions, queries
from wellpost.server.messaging.models import AttachmentChunk

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
MEGABYTES = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 24
MOST = 8 << 20
"""What sending or opening may hold at once, in bytes of Python: sixteen chunks, sealed and not."""


@pytest.fixture
def large(settings):
    """A file on the disk, as an upload of that size is."""
    settings.MESSAGE_FILE_BYTES = 256 << 20
    file = TemporaryUploadedFile("recording.txt", "text/plain", 0, None)
    for number in range(MEGABYTES * 16):
        file.write(f"{number:064d}".encode() * 1024)
    file.seek(0)
    yield file
    file.close()


def peak(deed) -> tuple[object, int]:
    """What the deed gives, and the most memory it held meanwhile."""
    reset_queries()
    tracemalloc.start()
    try:
        given = deed()
        return given, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_file(large, first, dr_chen, alice):
    connection.force_debug_cursor = False
    message, sending = peak(
        lambda: actions.send_message(
            thread=first.thread, by=dr_chen.user, body="The recording.", client_key="once",
            attachments=[large],
        )
    )  # fmt: skip
    assert AttachmentChunk.objects.count() == MEGABYTES * 16
    attachment = message.attachments.get()
    size, opening = peak(
        lambda: sum(map(len, queries.open_attachment(attachment.pk, alice.user).pieces))
    )
    assert size == MEGABYTES << 20
    assert max(sending, opening) < MOST, (sending, opening)
