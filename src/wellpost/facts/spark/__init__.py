"""Facts on Apache Spark: tables of its catalog, or a folder of Parquet that the cluster reads."""

from wellpost.facts.spark.address import is_spark_address
from wellpost.facts.spark.opening import open_spark

__all__ = ["is_spark_address", "open_spark"]
