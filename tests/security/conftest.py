"""The people and the ways to write of the server's tests."""

from __future__ import annotations

from tests.server.conftest import *  # noqa: F403 - the people
from tests.server.messaging.conftest import *  # noqa: F403 - the first thread
