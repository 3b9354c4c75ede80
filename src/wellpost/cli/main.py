"""`wellpost COMMAND …`: reads the command line, runs the command, says what was refused."""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

from wellpost import __version__
from wellpost.errors import RequestError, WellpostError
from wellpost.rules.naming import no_such

COMMANDS = {
    "measure": "measure",
    "worklist": "worklist",
    "periods": "periods",
    "what-if": "what_if",
    "explain": "explain",
    "compare": "compare",
    "facts": "facts",
    "report": "report",
    "convert": "convert",
    "packet": "packet",
    "rules": "rules",
    "synthesize": "synthesize",
    "import": "importing",
    "practice": "practice",
    "audit": "audit",
    "keys": "keys",
    "retention": "retention",
    "backup": "backup",
    "restore": "restore",
    "notices": "notices",
    "spark-cluster": "spark_cluster",
    "serve": "serve",
    "listen": "listen",
    "demo": "demo",
}
"""Each command and the module of this package that holds it."""

INTERRUPTED = 130


class Help(argparse.HelpFormatter):
    """Help of one width whatever the terminal, so that docs/reference is always the same."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=88, max_help_position=30)


class Parser(argparse.ArgumentParser):
    """A parser whose errors are those of Wellpost: one line, exit status 2."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **{"formatter_class": Help, "allow_abbrev": False, **options})

    def error(self, message: str) -> NoReturn:
        """Refuse the command line."""
        raise RequestError(f"{message}; {self.prog} --help shows what there is.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit status 0 done, 1 the data was refused, 2 the command line was wrong."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(words)
    except WellpostError as refused:
        print(refused, file=sys.stderr)
        return refused.exit_status
    except KeyboardInterrupt:
        return _interrupted()
    except RuntimeError as error:
        if str(error) == "Query interrupted":  # as DuckDB says it
            return _interrupted()
        raise
    except BrokenPipeError:
        # The reader of our output has gone. Point stdout at nothing, or Python complains at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _interrupted() -> int:
    print("stopped; nothing was left half written.", file=sys.stderr)
    return INTERRUPTED


def build_parser(commands: Iterable[str] = tuple(COMMANDS)) -> Parser:
    """The parser of these commands; only their modules are loaded, so that each starts quickly."""
    parser = Parser(
        prog="wellpost",
        description="Secure messages between a practice and its patients, and the measures "
        "counted from them.",
        epilog="Exit status: 0 done; 1 the data was refused; 2 the command line was wrong.",
    )
    parser.add_argument("--version", action="version", version=f"wellpost {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in commands:
        import_module(f"wellpost.cli.{COMMANDS[command]}").add_parser(subparsers)
    return parser


def _run(words: list[str]) -> int:
    first = words[0] if words else "--help"
    if not first.startswith("-") and first not in COMMANDS:
        raise no_such("command", first, COMMANDS)
    parser = build_parser(_wanted(first))
    arguments = parser.parse_args(words or ["--help"])
    status = arguments.run(arguments)
    sys.stdout.flush()
    return int(status or 0)


def _wanted(first: str) -> Iterable[str]:
    """The commands whose modules the first word needs: its own, or all for the general help."""
    if first == "--version":
        return ()
    return [first] if first in COMMANDS else COMMANDS


def command() -> NoReturn:
    """The program `wellpost`. SIGTERM is taken like Ctrl-C, with its own exit status, 143."""
    told: list[int] = []

    def stop(number: int, _: object) -> NoReturn:
        told.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    status = main()
    if status == INTERRUPTED:
        _end(128 + told[0] if told else status)
    sys.exit(status)


def _end(status: int) -> NoReturn:
    """End at once when all that was held is closed: on the usual way out libraries complain of
    what the stop left in them. Who asks for it once more waits no longer for that.
    """
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    gc.collect()
    atexit._run_exitfuncs()
    with suppress(OSError):  # whoever read it may be gone
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    command()
