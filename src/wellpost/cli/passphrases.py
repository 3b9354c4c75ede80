"""Passphrases of backups: from a file, else asked for; never on the command line."""

from __future__ import annotations

import argparse
import sys
from getpass import getpass
from pathlib import Path

from wellpost.errors import RequestError


def add_passphrases(parser: argparse.ArgumentParser) -> None:
    """The options that name their files."""
    for name, of in (("--passphrase-file", "the backup"), ("--keys-passphrase-file", "the keys")):
        parser.add_argument(
            name,
            metavar="FILE",
            help=f"read the passphrase of {of} from the first line of this file",
        )


def passphrase_of(name: str | None, what: str) -> str:
    """The first line of the file; without one, it is asked for, or read from standard input."""
    if name:
        try:
            lines = Path(name).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            raise RequestError(f"{name} cannot be read; give a text file.") from None
        return _given(lines[0] if lines else "", name)
    if not sys.stdin.isatty():
        return _given(sys.stdin.readline().rstrip("\n"), "standard input")
    return _given(getpass(f"{what}: "), "the answer")


def new_passphrase(name: str | None, what: str) -> str:
    """The same, asked for twice where it is typed."""
    given = passphrase_of(name, what)
    if not name and sys.stdin.isatty() and given != getpass("The same once more: "):
        raise RequestError("the two differ; nothing was done.")
    return given


def _given(passphrase: str, where: str) -> str:
    if not passphrase:
        raise RequestError(f"{where} holds no passphrase.")
    return passphrase
