"""`python -m wellpost.server.demo.preparing PORT`: make the demo ready, and say how to sign in.

A process of its own, started by `starting`: the server's worker is a fork, and must not inherit
database connections, or threads that were sending notices, from the telling of the story.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from wellpost.server.config.serving import set_up


def main(port: int) -> None:
    """Bring the demo up to date in the home that the environment names; print who one can be."""
    set_up()
    from django.conf import settings

    from .building import bring_up_to_date

    settings.NOTICES_AT_ONCE = True
    bring_up_to_date(Path(settings.HOME), lambda what: print(f"  {what} …", flush=True))
    _say_how(port)


def _say_how(port: int) -> None:
    from .cast import CAST, PASSWORD
    from .people import shown_name

    place = f"http://localhost:{port}"
    print(f"\nThe demo is ready. Open {place}/demo/")
    print(f"Everybody's password is {PASSWORD}; the six digits of the moment are on that page.\n")
    for person in CAST:
        print(f"  {person.email:<28} {shown_name(person)}: {person.role}")
    print(f"\nThe story: {place}/clinic/measures/ as Dr. Alden. Stop with Ctrl-C.", flush=True)


if __name__ == "__main__":
    # A terminal's Ctrl-C reaches us too; `starting` says what it means.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    main(int(sys.argv[1]))
