"""Uploads within bounds: a file too large is not written to the disk to its end."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.urls import Resolver404, resolve

LARGE = frozenset({"portal:home_file"})
"""The pages that take a device's whole file."""
BESIDE = 16 << 20
"""Room in a request for what is not files."""


class Bounded(FileUploadHandler):
    """Before the others: lets pass what the page's largest file has, and one piece more.

    The form then finds the file too large and says so; what came after was thrown away as it
    came. A request that announces more than all its files may have is refused unread.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - Django's own name for it
        content_length: Any,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """RequestDataTooBig for a request that nothing here could take."""
        self._most = most_bytes(self.request.path) if self.request else settings.MESSAGE_FILE_BYTES
        files = 1 if self._most == settings.HOME_FILE_BYTES else settings.MESSAGE_FILES + 1
        if content_length > files * self._most + BESIDE:
            raise RequestDataTooBig("The request is larger than all its files may be.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The piece, to the next handler; None once the file is too large already."""
        return None if start > self._most else raw_data

    def file_complete(self, file_size: int) -> None:
        """The others make the file."""


def most_bytes(path: str) -> int:
    """How large a file may be on the page at that path."""
    try:
        large = resolve(path).view_name in LARGE
    except Resolver404:
        large = False
    return settings.HOME_FILE_BYTES if large else settings.MESSAGE_FILE_BYTES
