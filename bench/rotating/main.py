"""The run: fill, send alone, rotate while sending, be killed and run again, see if all opens."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from sending.load import Round, Server, send_for
from sending.main import figure, say
from sending.site import HERE, Site

THREADS, THREADS_QUICK = 100_000, 3_000
SENDERS, KILLS, LOOKED_AT = 4, 3, 500
ROTATE = "import sys; from wellpost.cli.main import main; sys.exit(main(['keys', 'rotate']))"


def main() -> int:
    """0 when every figure holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{THREADS_QUICK:,} threads")
    threads = THREADS_QUICK if parser.parse_args().quick else THREADS
    with tempfile.TemporaryDirectory(prefix="wellpost-bench-") as home, Site(Path(home)) as site:
        _fill(threads)
        server = replace(site.ours, senders=site.ours.senders[:SENDERS])
        alone = [send_for(5, server), send_for(10, server)]
        say(f"alone: {alone[1].a_second:.1f} sends a second, p99 {alone[1].p99:.1f} ms")
        seconds, during, errors = _rotated_while_sending(server)
        kills, again = _killed_and_run_again()
        sent = sum(each.sent for each in (*alone, *during))
        return _figures(threads, seconds, alone[1], during, errors, kills, again, sent, site)


def _fill(threads: int) -> None:
    from wellpost.server.people.models import Practice

    from .threads import fill

    for done in fill(Practice.objects.get(), threads):
        if done % 10_000 == 0 or done == threads:
            say(f"{done:,} threads")


def _rotated_while_sending(server: Server) -> tuple[float, list[Round], int]:
    """Seconds of the whole command, its start included; what was sent meanwhile; and how many
    rounds ended because something was not answered as it should be.
    """
    rounds, errors = [], 0
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(_rotate)
        while not running.done():
            try:
                rounds.append(send_for(3, server))
            except SystemExit as fault:
                say(str(fault))
                errors += 1
        seconds = running.result()
    say(f"rotated in {seconds:.1f} s; {sum(each.sent for each in rounds):,} sent meanwhile")
    return seconds, rounds, errors


def _rotate() -> float:
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", ROTATE], capture_output=True, text=True, cwd=HERE)
    if done.returncode:
        raise SystemExit(f"the rotation failed:\n{done.stdout}{done.stderr}")
    say(done.stdout.strip())
    return time.perf_counter() - began


def _killed_and_run_again() -> tuple[int, float]:
    """How often it was killed in the midst of its work, and the seconds of the last run."""
    from .threads import left

    kills = 0
    for _ in range(KILLS):
        before = left()
        running = subprocess.Popen([sys.executable, "-c", ROTATE], cwd=HERE)
        while running.poll() is None and not _begun(before):
            time.sleep(0.01)
        running.kill()
        running.wait()
        kills += left() > 0
        say(f"killed with {left():,} left")
    return kills, _rotate()


def _begun(before: int) -> bool:
    """Whether the run has wrapped something: at first all is left again, then less and less."""
    from .threads import left

    now = left()
    return 0 < now < before if before else 0 < now < _all()


def _all() -> int:
    from wellpost.server.messaging.rotation.holdings import counted

    return counted().total()


def _figures(
    threads: int,
    seconds: float,
    alone: Round,
    during: list[Round],
    errors: int,
    kills: int,
    again: float,
    sent: int,
    site: Site,
) -> int:
    from .threads import key_files, left, open_some

    meanwhile = sum(each.sent for each in during)
    lost, unopened, remaining = sent - site.count_kept()["messages"], open_some(LOOKED_AT), left()
    held = [
        figure("threads", f"{threads}", "-", True),
        figure("rotation_seconds", f"{seconds:.1f}", "-", True),
        figure("sends_meanwhile", str(meanwhile), ">=1", meanwhile >= 1),
        figure("send_errors", str(errors), "0", errors == 0),
        figure("lost", str(lost), "0", lost == 0),
        figure("p99_alone_ms", f"{alone.p99:.1f}", "-", True),
        figure("p99_meanwhile_ms", f"{max(each.p99 for each in during):.1f}", "-", True),
        figure("kills", str(kills), f">={KILLS}", kills >= KILLS),
        figure("seconds_after_kills", f"{again:.1f}", "-", True),
        figure("keys_made", str(key_files() - 1), "2", key_files() == 3),
        figure("left_under_an_old_key", str(remaining), "0", remaining == 0),
        figure("unopened", f"{unopened}", "0", unopened == 0),
    ]
    return 0 if all(held) else 1
