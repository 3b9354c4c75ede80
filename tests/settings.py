"""The server's settings in tests: its own home, quick password hashes, SQLite or PostgreSQL."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_home = tempfile.mkdtemp(prefix="wellpost-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["WELLPOST_HOME"] = _home

if os.environ.get("WELLPOST_TEST_DATABASE") == "postgresql":
    from tests.worlds.postgresql import started

    # pytest's own process starts a server, which its workers share; each has a database of its own.
    if "WELLPOST_TEST_SERVER" not in os.environ:
        os.environ["WELLPOST_TEST_SERVER"] = started(Path(_home, "postgresql")).get_uri()
    os.environ["WELLPOST_DATABASE"] = os.environ["WELLPOST_TEST_SERVER"]

from wellpost.server.config.settings import *  # noqa: E402, F403 - the home is set before

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
NOTICES_AT_ONCE = True
HOME_FILES_AT_ONCE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405 - of the settings above
