"""Run a query on Spark, and say in one sentence what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from wellpost.errors import DataRefusedError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FAULTS = {
    "FAILED_READ_FILE": "a file of the facts cannot be read; it may be cut off or of another kind",
    "ExecutorLostFailure": "workers were lost more often than Spark tries again; check that they "
    "have memory enough",
    "Total size of serialized results": "the answer is larger than spark.driver.maxResultSize",
    "OutOfMemoryError": "Spark ran out of memory; give it more (spark.driver.memory, "
    "spark.executor.memory)",
    "No space left on device": "the disk is full where Spark puts what does not fit into memory "
    "(spark.local.dir)",
    "CAST_INVALID_INPUT": "a value is not of the kind its column must have; wellpost facts check "
    "says where",
    "Connection refused": "Spark has ended, or cannot be reached any more",
    "UNAVAILABLE": "Spark has ended, or cannot be reached any more",
    "Answer from Java side is empty": "Spark has ended, or cannot be reached any more",
}
"""What Spark's complaint holds, and what a user should know. The complaint itself may hold rows."""


def run(session: SparkSession, sql: str, values: Mapping[str, object]) -> Iterator[tuple[Any, ...]]:
    """The rows, one part after the other, so that the answer need not fit into memory."""
    try:
        frame = session.sql(sql, args=dict(values)) if values else session.sql(sql)
        for row in frame.toLocalIterator():
            yield tuple(row)
    except failures() as error:
        raise fault(error) from None


def failures() -> tuple[type[Exception], ...]:
    """What Spark raises: of its own, of the bridge to Java, of Spark Connect."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    return PySparkException, Py4JError, ConnectionError


def condition(error: Exception) -> str:
    """The name that Spark gives to the fault, as far as it has one."""
    named = getattr(error, "getCondition", lambda: None)()
    return str(named or type(error).__name__)


def fault(error: Exception) -> DataRefusedError:
    """Spark's complaint as one sentence of ours, without the rows that may stand in it."""
    said = f"{condition(error)} {error}"
    for sign, says in FAULTS.items():
        if sign in said:
            return DataRefusedError(f"Spark: {_file(said)}{says}.")
    return DataRefusedError(f"Spark gave up: {condition(error)}.")


def _file(said: str) -> str:
    """The name of the file that Spark complains of, for the start of the sentence."""
    found = re.search(r"file:\S*?/([^/\s]+\.parquet)", said)
    return f"{found[1]}: " if found and "FAILED_READ_FILE" in said else ""
