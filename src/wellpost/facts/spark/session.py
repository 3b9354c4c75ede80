"""Start Spark, or reach one that runs, quietly: what Java says goes to a log of its own."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wellpost.errors import DataRefusedError, RequestError
from wellpost.facts.resources import resources
from wellpost.facts.spark.address import Address, refuse_unreachable
from wellpost.facts.spark.java import refuse_without_java
from wellpost.facts.spark.settings import ALWAYS, PARTS, parts_for, settings_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SECONDS_FOR_A_WORKER = 60


@dataclass(frozen=True)
class Started:
    """A session of our own, and how to let go of it."""

    session: SparkSession
    stop: Callable[[], None]


def start(address: Address) -> Started:
    """A session there. RequestError without PySpark or Java, DataRefusedError when it is not up."""
    _refuse_without_pyspark()
    started = _connect(address) if address.is_connect else _classic(address)
    for name, value in ALWAYS.items():
        started.session.conf.set(name, value)
    if not address.is_connect:
        _split_for_cores(started.session)
    return started


def _split_for_cores(session: SparkSession) -> None:
    """Spark splits for a large cluster unless it is told otherwise; a server does as it is set."""
    context = session.sparkContext
    if not context.getConf().contains(PARTS):
        session.conf.set(PARTS, str(parts_for(context.defaultParallelism)))


def _refuse_without_pyspark() -> None:
    try:
        import pyspark.sql  # noqa: F401  # only whether it is there
    except ImportError:
        raise RequestError(
            "Spark is not installed with this Wellpost; run: pip install 'wellpost[spark]'."
        ) from None


def _connect(address: Address) -> Started:
    from pyspark.sql.connect.session import SparkSession as ConnectSession

    refuse_unreachable(address)
    try:
        session = ConnectSession.builder.remote(address.master).create()
        session.version  # noqa: B018  # the first thing asked of the server
    except Exception as error:
        raise DataRefusedError(
            f"what answers at {address.shown} is no Spark Connect server that takes us "
            f"({type(error).__name__}); check the address, and a token if it wants one."
        ) from None
    return Started(session, session.stop)  # type: ignore[arg-type]  # PySpark has two such classes


def _classic(address: Address) -> Started:
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None and running.conf.get("spark.master") == address.master:
        return Started(running.newSession(), lambda: None)
    refuse_without_java()
    refuse_unreachable(address)
    with _java_in_a_log() as log:
        session = _create(address, log)
    try:
        _refuse_without_workers(address, session)
    except DataRefusedError:
        session.stop()
        raise
    return Started(session.newSession(), lambda: _end(session, log))


def _create(address: Address, log: Path) -> SparkSession:
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(address.master).appName("wellpost")
    for name, value in settings_of(address, resources()).items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, _java_error()):
        raise DataRefusedError(
            f"Spark did not start at {address.shown}; a cluster must be of the version here, "
            f"{_version()}. What Spark said is in {log}."
        ) from None


def _refuse_without_workers(address: Address, session: SparkSession) -> None:
    """A cluster without a free worker would let the job wait for ever."""
    if not address.master.startswith("spark://"):
        return
    context: Any = session.sparkContext
    until = time.monotonic() + SECONDS_FOR_A_WORKER
    while len(context._jsc.sc().statusTracker().getExecutorInfos()) < 2:  # one is the driver
        if time.monotonic() > until:
            raise DataRefusedError(
                f"no worker of {address.shown} took the job within {SECONDS_FOR_A_WORKER} seconds; "
                "check that one runs and has a core and memory to spare."
            )
        time.sleep(0.1)


@contextmanager
def _java_in_a_log() -> Iterator[Path]:
    """Java starts with our standard error; while it does, that is a file only we may read."""
    descriptor, name = tempfile.mkstemp(prefix="wellpost-spark-", suffix=".log")
    sys.stderr.flush()
    kept = os.dup(2)
    os.dup2(descriptor, 2)
    try:
        yield Path(name)
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(descriptor)


def _end(session: SparkSession, log: Path) -> None:
    session.stop()
    log.unlink(missing_ok=True)


def _java_error() -> type[Exception]:
    from py4j.protocol import Py4JError

    return Py4JError  # type: ignore[no-any-return]  # Py4J has no types


def _version() -> str:
    import pyspark

    return pyspark.__version__
