"""`wellpost restore`: a server from a backup, on an empty machine."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from wellpost.cli.arguments import Subparsers
from wellpost.cli.passphrases import add_passphrases, passphrase_of
from wellpost.cli.progress import tell
from wellpost.errors import RequestError


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "restore",
        help="a server from a backup, into an empty home and database",
        description="Restore a backup into an empty WELLPOST_HOME and an empty database. The "
        "whole file is read before anything is begun; on any fault nothing is done.",
    )
    parser.add_argument("file", metavar="FILE", help="the backup")
    parser.add_argument(
        "--with-keys", action="store_true", help="take the keys from it too, if it holds them"
    )
    parser.add_argument(
        "--check", action="store_true", help="read it to its end and stop; nothing is restored"
    )
    add_passphrases(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Restore or check, and say what is left to do."""
    place = Path(arguments.file)
    if not place.is_file():
        raise RequestError(f"{place} is no file; give the backup.")
    passphrase = passphrase_of(arguments.passphrase_file, "Passphrase of the backup")
    if arguments.check:
        _check(place, passphrase)
        return
    keys = ""
    if arguments.with_keys:
        keys = passphrase_of(arguments.keys_passphrase_file, "Passphrase of the keys in it")
    from wellpost.server.upkeep.restore import restore

    restored = restore(place, passphrase, keys, lambda what: tell(f"{what} …"))
    print(f"restored to {restored.database}, as it was at {restored.made_at}.")
    if restored.missing_keys:
        print("Put these back into WELLPOST_HOME from the backup of the keys; until then no")
        print("message opens:")
        print("\n".join(f"  {each}" for each in restored.missing_keys))
    if elsewhere := os.environ.get("WELLPOST_CHECKPOINTS"):
        print(f"The checkpoints are in WELLPOST_HOME/checkpoints; copy them to {elsewhere}.")
    print("wellpost audit verify holds its record against the checkpoints.")


def _check(place: Path, passphrase: str) -> None:
    from wellpost.server.upkeep.archive import Archive

    archive = Archive(place, passphrase)
    parts = archive.check()
    print(f"{place} is whole: {len(parts):,} parts, {sum(parts.values()):,} bytes,")
    print(f"made at {archive.opening.made_at} by version {archive.opening.version}.")
