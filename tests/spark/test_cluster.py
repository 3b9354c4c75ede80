"""A cluster of several processes: the right numbers from it, also when a worker is lost.

Each of these takes about a minute, so `make nightly` alone runs them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worlds.waiting import HUNG
from wellpost.cli.submit import JOB
from wellpost.facts.spark.cluster import Cluster, cluster, spark_home

pytestmark = [
    pytest.mark.timeout(1200),
    pytest.mark.skipif(
        os.environ.get("HYPOTHESIS_PROFILE") != "nightly", reason="takes minutes: make nightly"
    ),
]
WELLPOST = (sys.executable, "-m", "wellpost.cli.main")
STATE = ("--patients", "20_000", "--clinicians", "100")
ASKED = ("--program", "stage-3", "--year", "2021", "--period", "2021-06-01..2021-08-29")
LEVELS = ("--level", "practice-clinician", "--level", "group", "--format", "csv")


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A county: 140,000 encounters."""
    folder = str(tmp_path_factory.mktemp("state") / "facts")
    subprocess.run([*WELLPOST, "synthesize", *STATE, "--to", folder], check=True)
    return folder


@pytest.fixture(scope="module")
def expected(facts: str) -> str:
    """What DuckDB counts."""
    return _said(*WELLPOST, "measure", facts, *ASKED, *LEVELS)


@pytest.fixture
def two_workers(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster of two worker processes."""
    with cluster(tmp_path, 2) as running:
        yield running


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def test_the_numbers_are_right(two_workers: Cluster, facts: str, expected: str) -> None:
    found = _said(*WELLPOST, "measure", facts, "--spark", two_workers.address, *ASKED, *LEVELS)
    assert found == expected


def test_with_spark_submit(two_workers: Cluster, facts: str, expected: str) -> None:
    submit = str(spark_home() / "bin" / "spark-submit")
    asked = ("measure", facts, "--spark", two_workers.address, *ASKED, *LEVELS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        assert _said(submit, "--master", two_workers.address, str(JOB), *asked) == expected


@pytest.mark.parametrize("seconds", [0, 4, 12])
def test_a_worker_that_is_killed_changes_nothing(
    two_workers: Cluster, facts: str, expected: str, seconds: int
) -> None:
    asked = (*WELLPOST, "measure", facts, "--spark", two_workers.address, *ASKED, *LEVELS)
    with subprocess.Popen(asked, stdout=subprocess.PIPE, text=True) as running:
        log = two_workers.folder / "master.log"
        while log.read_text().count("Launching executor") < 2:
            time.sleep(0.1)
        time.sleep(seconds)
        assert running.poll() is None, "it was done before the worker was killed"
        two_workers.kill_worker(0)
        found, _ = running.communicate()
    assert "Removing worker" in log.read_text()
    assert running.returncode == 0
    assert found == expected


def test_a_cluster_without_workers_is_not_waited_for_for_ever(tmp_path: Path, facts: str) -> None:
    with cluster(tmp_path, 0) as running:
        asked = (*WELLPOST, "measure", facts, "--spark", running.address, *ASKED)
        refused = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert refused.stderr.strip().endswith(
        "check that one runs and has a core and memory to spare."
    )
    assert "no worker of spark://127.0.0.1" in refused.stderr
    assert "java" not in refused.stderr.lower()


def test_spark_connect(tmp_path: Path, facts: str, expected: str) -> None:
    with cluster(tmp_path, 2, connect_port=0) as running:
        asked = ("measure", facts, "--spark", running.connect_address, *ASKED, *LEVELS)
        assert _said(*WELLPOST, *asked) == expected


def test_the_command_tells_the_address_and_ends_when_asked(facts: str) -> None:
    command = (*WELLPOST, "spark-cluster", "--workers", "2", "--port", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        assert "Spark is at spark://127.0.0.1:" in first
        assert "2 workers of 1 core and 1g each" in first
        running.terminate()
        assert running.wait(timeout=HUNG) == 130
