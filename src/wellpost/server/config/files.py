"""What may be attached: limits, and who looks for viruses."""

from __future__ import annotations

import os

from .home import number

MESSAGE_FILES = number("WELLPOST_FILES_A_MESSAGE", 10)
MESSAGE_FILE_BYTES = number("WELLPOST_FILE_MEGABYTES", 25) << 20
PICTURE_PIXELS = number("WELLPOST_PICTURE_MEGAPIXELS", 100) * 1_000_000
HOME_FILE_BYTES = number("WELLPOST_HOME_FILE_MEGABYTES", 2048) << 20
CLAMD = os.environ.get("WELLPOST_CLAMD", "").strip()

FILE_UPLOAD_TEMP_DIR = os.environ.get("WELLPOST_UPLOADS") or None
FILE_UPLOAD_HANDLERS = [
    "wellpost.server.config.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
