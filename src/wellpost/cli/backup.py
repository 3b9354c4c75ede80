"""`wellpost backup`: the whole server in one sealed file."""

from __future__ import annotations

import argparse
from pathlib import Path

from wellpost.cli.arguments import Subparsers
from wellpost.cli.passphrases import add_passphrases, new_passphrase
from wellpost.cli.progress import doing


def add_parser(subparsers: Subparsers) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "backup",
        help="the whole server in one sealed file, while people work",
        description="Write the database, files attached to messages, and the audit's checkpoints "
        "into one file, sealed with a passphrase. The keys of the messages are not in it, unless "
        "asked for: keep them apart (WELLPOST_HOME/keys, WELLPOST_HOME/secret-key).",
    )
    parser.add_argument("file", metavar="FILE", help="the backup to write; it must not exist yet")
    parser.add_argument(
        "--with-keys",
        action="store_true",
        help="put the keys in as well, sealed with a second passphrase",
    )
    add_passphrases(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write it and say what it holds."""
    passphrase = new_passphrase(arguments.passphrase_file, "Passphrase of the backup")
    keys = ""
    if arguments.with_keys:
        keys = new_passphrase(arguments.keys_passphrase_file, "Passphrase of the keys in it")
    from wellpost.server.config import serving

    serving.set_up()
    from wellpost.server.upkeep.backup import make_backup

    place = Path(arguments.file)
    with doing("making the backup"):
        manifest = make_backup(place, passphrase, keys)
    inside = "the keys are in it" if keys else "no key is in it"
    print(f"{place}: {place.stat().st_size:,} bytes, {len(manifest):,} parts; {inside}.")
