"""A Spark cluster on this machine: a master, and workers that are processes of their own.

To try the command of a cluster without one, and to see what the loss of a worker does.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from wellpost.errors import RequestError, WellpostError
from wellpost.facts.spark.java import refuse_without_java

HERE = "127.0.0.1"
PORT = 7077
CONNECT_PORT = 15002
SECONDS_TO_START = 60
MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"
UP = {
    MASTER: "New state: ALIVE",
    WORKER: "Successfully registered with master",
    CONNECT: "Spark Connect server started",
}
"""What each writes into its log when it is up."""


@dataclass(frozen=True)
class Size:
    """What each worker offers to jobs."""

    cores: int = 1
    memory: str = "1g"


@dataclass
class Cluster:
    """A running cluster."""

    address: str
    folder: Path
    master: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    connect: subprocess.Popen[bytes] | None = None
    connect_address: str = ""

    def kill_worker(self, number: int) -> None:
        """End a worker at once, with what it runs: no farewell, as when its machine fails."""
        os.killpg(self.workers[number].pid, signal.SIGKILL)
        self.workers[number].wait()

    @property
    def processes(self) -> Sequence[subprocess.Popen[bytes]]:
        """All of them, those that stand on others first."""
        return [*([self.connect] if self.connect else []), *self.workers, self.master]


@contextmanager
def cluster(
    folder: Path,
    workers: int,
    size: Size = Size(),
    *,
    port: int = 0,
    connect_port: int | None = None,
) -> Iterator[Cluster]:
    """So many workers, whose logs and files go to `folder`; all are ended afterwards.

    A `port` of 0 is any that is free; with `connect_port` a Spark Connect server stands before the
    cluster. RequestError without Java or where a port is taken.
    """
    refuse_without_java()
    port = _free(port)
    running = Cluster(f"spark://{HERE}:{port}", folder, _master(folder, port))
    try:
        _wait(running.master, folder / "master.log", MASTER)
        for number in range(workers):
            running.workers.append(_worker(running.address, folder, number, size))
        for number, each in enumerate(running.workers):
            _wait(each, folder / f"worker-{number}.log", WORKER)
        if connect_port is not None:
            connect_port = _free(connect_port)
            running.connect = _connect(running.address, folder, connect_port)
            running.connect_address = f"sc://{HERE}:{connect_port}"
            _wait(running.connect, folder / "connect.log", CONNECT)
        yield running
    finally:
        _end(running.processes)


def _master(folder: Path, port: int) -> subprocess.Popen[bytes]:
    options = ("--host", HERE, "--port", str(port), "--webui-port", "0")
    return _start(folder / "master.log", ("spark-class", MASTER, *options))


def _worker(address: str, folder: Path, number: int, size: Size) -> subprocess.Popen[bytes]:
    place = folder / f"worker-{number}"
    place.mkdir(parents=True, exist_ok=True)
    offered = ("--cores", str(size.cores), "--memory", size.memory, "--work-dir", str(place))
    options = ("--host", HERE, "--webui-port", "0", *offered, address)
    return _start(folder / f"worker-{number}.log", ("spark-class", WORKER, *options))


def _connect(address: str, folder: Path, port: int) -> subprocess.Popen[bytes]:
    settings = {
        "spark.connect.grpc.binding.address": HERE,
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.host": HERE,
        "spark.driver.bindAddress": HERE,
        "spark.ui.enabled": "false",
    }
    options = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    command = ("spark-submit", "--master", address, *options, "--class", CONNECT, "spark-internal")
    return _start(folder / "connect.log", command)


def _start(log: Path, command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A process of its own group, so that it can be ended with all that it started."""
    program = spark_home() / "bin" / command[0]
    with log.open("wb") as file:
        return subprocess.Popen(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=_environment(),
        )


def _environment() -> Mapping[str, str]:
    return {**os.environ, "SPARK_LOCAL_IP": HERE, "SPARK_DAEMON_MEMORY": "512m"}


def spark_home() -> Path:
    """Where Spark's own programs are: `SPARK_HOME`, or what PySpark brought."""
    if home := os.environ.get("SPARK_HOME"):
        return Path(home)
    try:
        import pyspark
    except ImportError:
        raise RequestError(
            "Spark is not installed with this Wellpost; run: pip install 'wellpost[spark]'."
        ) from None
    return Path(pyspark.__file__).parent


def _free(port: int) -> int:
    """The port if nobody has it, any free one for 0; RequestError when it is taken."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HERE, port))
        except OSError:
            raise RequestError(f"port {port} is taken; give another with --port.") from None
        return int(tried.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], log: Path, role: str) -> None:
    """Until it is up; WellpostError with the place of its log when it does not get there."""
    until = time.monotonic() + SECONDS_TO_START
    while UP[role].encode() not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > until:
            raise WellpostError(f"Spark's {role.rpartition('.')[2]} did not start; see {log}.")
        time.sleep(0.1)


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask each to end, and end at once what does not within five seconds."""
    for each in processes:
        with suppress(ProcessLookupError):
            os.killpg(each.pid, signal.SIGTERM)
    for each in processes:
        try:
            each.wait(timeout=5)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(each.pid, signal.SIGKILL)
            each.wait()
