"""What is settled before Spark starts: its address, Java, and how its faults are told."""

import socket
import sys
from pathlib import Path

import pytest
from sqlglot import parse_one

from wellpost.errors import DataRefusedError, RequestError
from wellpost.facts.resources import Resources
from wellpost.facts.sources import open_source
from wellpost.facts.spark.address import Address, is_spark_address, read_address
from wellpost.facts.spark.java import refuse_without_java
from wellpost.facts.spark.running import fault
from wellpost.facts.spark.settings import settings_of
from wellpost.facts.spark.text import spark_text

MASTERS = "local local[2] local[*] local[2,4] spark://host:7077 spark://a:1,b:2 yarn k8s://host"
CONNECTS = "sc://host sc://host:15002/;token=x sc://[::1]:1"


@pytest.mark.parametrize("text", f"{MASTERS} {CONNECTS}".split())
def test_an_address_with_and_without_a_database(text: str) -> None:
    assert read_address(text) == Address(text)
    assert read_address(f"{text}#lake.facts") == Address(text, "lake.facts")


@pytest.mark.parametrize(
    "text", ["local[two]", "locale", "spark:/host", "http://host", "postgresql://host", "", "x"]
)
def test_what_is_no_address_of_spark(text: str) -> None:
    assert not is_spark_address(text)
    with pytest.raises(RequestError, match=r"names no Spark; a Spark address is local\[\*\]"):
        read_address(text)


@pytest.mark.parametrize("text", ["spark://host:port", "spark://:7077", "sc://host:70000"])
def test_an_address_without_a_host_or_port(text: str) -> None:
    with pytest.raises(RequestError, match="has no host and port; a Spark address is"):
        read_address(text)


def test_a_token_is_not_shown() -> None:
    assert read_address("sc://host:15002/;token=secret").shown == "sc://host:15002"


@pytest.mark.parametrize("scheme", ["spark", "sc"])
def test_where_nothing_listens(scheme: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody else can have the port
        address = f"{scheme}://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(
            DataRefusedError, match=r"no Spark answers at 127.0.0.1:.* within 5 sec"
        ):
            open_source(address)


def test_without_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        RequestError, match=r"needs Java 17 or later, and there is none here: .* apt"
    ):
        refuse_without_java()


@pytest.mark.parametrize(("says", "version"), [("1.8.0_392", 8), ("11.0.21", 11)])
def test_with_a_java_that_is_too_old(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, says: str, version: int
) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{says}\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(RequestError, match=f"needs Java 17 or later; .*java is {version}: install"):
        refuse_without_java()


def test_a_given_memory_is_kept_to_and_too_little_is_refused(tmp_path: Path) -> None:
    here, there = read_address("local[2]"), read_address("spark://host")
    given = settings_of(here, Resources(8 * 10**9, tmp_path))
    assert (given["spark.driver.memory"], given["spark.local.dir"]) == (
        "6400000000b",
        str(tmp_path),
    )
    assert "spark.driver.memory" not in settings_of(there, Resources(8 * 10**9))
    with pytest.raises(
        RequestError, match=r"Spark needs at least 590 MB of memory; 500 MB is less"
    ):
        settings_of(here, Resources(500 * 10**6))


def test_without_pyspark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(RequestError, match=r"run: pip install 'wellpost\[spark\]'"):
        open_source("local[1]")


def test_a_fault_is_told_without_the_rows_it_quotes() -> None:
    told = fault(ValueError("Job aborted: ExecutorLostFailure of ann smith, born 1950-02-03"))
    assert str(told).startswith("Spark: workers were lost more often than Spark tries again")
    assert str(fault(ValueError("ann smith"))) == "Spark gave up: ValueError."
    read = ConnectionError("FAILED_READ_FILE file:/x/facts/messages/3.parquet is no Parquet")
    assert str(fault(read)).startswith("Spark: 3.parquet: a file of the facts cannot be read;")


def test_each_with_stays_where_it_stands() -> None:
    inner = "(WITH one AS (SELECT 1 AS n) SELECT n FROM one)"
    text = spark_text(parse_one(f"SELECT a.n FROM {inner} AS a JOIN {inner} AS b ON a.n = b.n"))
    assert text.count("WITH one AS") == 2
    assert text.startswith("SELECT")
