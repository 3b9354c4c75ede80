"""What every test may use: Hypothesis profiles, a cache of its own, a PostgreSQL."""

import gc
import logging
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from tests.worlds.migrated import Migrated
from tests.worlds.postgresql import started

QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("ci", max_examples=10, deadline=None, suppress_health_check=QUIET)
settings.register_profile("nightly", max_examples=500, deadline=None, suppress_health_check=QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The one file of tests/chaos begins: it is long, and has the server's database migrated while
    the other worker is among tests that need none.
    """
    items.sort(key=lambda item: not item.nodeid.startswith("tests/chaos/"))


def pytest_collection_finish() -> None:
    """What was imported and collected stays: to look there for garbage, over and over, would take
    a twelfth of the tests' time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def pytest_unconfigure() -> None:
    """Else DuckDB's binding would tell at the end what it takes to be lost."""
    gc.unfreeze()


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
        server = started(Path(folder) / "data")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Migrated:
    """The server's database as the migrations leave it."""
    several = "PYTEST_XDIST_WORKER" in os.environ
    return Migrated(tmp_path_factory.getbasetemp().parent if several else None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, migrated: Migrated) -> None:
    """Before pytest-django has the database migrated."""
    migrated.begin()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, migrated: Migrated, django_db_blocker: DjangoDbBlocker
) -> None:
    """After it."""
    with django_db_blocker.unblock():
        migrated.keep()
