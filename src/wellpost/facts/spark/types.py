"""Spark's names of types, as the checks of facts know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

NAMES = {
    "string": "text",
    "timestamp": "timestamp with time zone",
    "timestamp_ntz": "timestamp",
}
"""Spark's `timestamp` is a moment: which day it is depends on the time zone."""


def native_types(frame: DataFrame) -> dict[str, str]:
    """The type of each column."""
    return {name: NAMES.get(kind, kind) for name, kind in frame.dtypes}
