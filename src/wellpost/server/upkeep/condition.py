"""How the server is: what an administrator looks at, and whether it is ready to serve."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.utils.translation import gettext as _

from wellpost import __version__
from wellpost.server.audit.deeds import Deed
from wellpost.server.audit.models import AuditRow, WaitingRow
from wellpost.server.clock import time as clock
from wellpost.server.messaging.checking import scanner
from wellpost.server.messaging.keys.provider import provider
from wellpost.server.notices.dead_letters import dead_letters
from wellpost.server.notices.delivery import waiting

SEALED_WITHIN = timedelta(minutes=2)
SENT_WITHIN = timedelta(minutes=10)
BACKED_UP_WITHIN = timedelta(days=1, hours=12)
CLOCKS_WITHIN = timedelta(seconds=5)
LEAST_FREE = 0.1


@dataclass(frozen=True)
class Condition:
    """One thing looked at: what was found; whether all is well, and what to do where it is not."""

    name: str
    found: str
    well: bool
    do: str = ""


def conditions() -> list[Condition]:
    """Everything looked at, in the order it is shown. One that cannot be asked is not well."""
    looked_at: list[tuple[str, Callable[[], Condition]]] = [
        (_("Version"), _version),
        (_("Database"), _database),
        (_("Sealing of the record"), _sealing),
        (_("Notices"), _notices),
        (_("Keys"), _keys),
        (_("Virus scanner"), _scanner),
        (_("Last backup"), _backup),
        (_("Disk"), _disk),
        (_("Clock"), _clock),
    ]
    return [_asked(name, look) for name, look in looked_at]


def faults() -> Iterator[str]:
    """What keeps the server from serving, a word each: `database`, `migrations`, `keys`."""
    checks = {"database": _answers, "migrations": _up_to_date, "keys": _keys_there}
    for name, check in checks.items():
        try:
            fine = check()
        except Exception:  # whatever it is, the server is not ready
            fine = False
        if not fine:
            yield name
            return


def _asked(name: str, look: Callable[[], Condition]) -> Condition:
    try:
        found = look()
    except Exception as fault:
        found = Condition("", _("Could not be asked (%s).") % type(fault).__name__, False)
    return Condition(name, found.found, found.well, found.do)


_Found = partial(Condition, "")


def _version() -> Condition:
    return _Found(__version__, well=True)


def _answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _up_to_date() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _keys_there() -> bool:
    return bool(provider().key_in_force())


def _database() -> Condition:
    kind = _("PostgreSQL") if connection.vendor == "postgresql" else _("SQLite")
    fine = _up_to_date()
    done = _("up to date") if fine else _("not up to date")
    return _Found(f"{kind}, {done}", fine, _("Start the server again; it brings it up to date."))


def _sealing() -> Condition:
    """Rows are sealed every few seconds; an old one that waits says that nobody seals."""
    first = WaitingRow.objects.aggregate(first=Min("row_id"))["first"]
    if first is None:
        return _Found(_("Every row is sealed."), well=True)
    count = WaitingRow.objects.count()
    row = AuditRow.objects.filter(pk=first).values_list("recorded_at", flat=True).first()
    age = clock.now() - row if row else timedelta()
    found = _("%(count)d rows wait, the oldest for %(age)s.") % {"count": count, "age": _long(age)}
    return _Found(found, age < SEALED_WITHIN, _("Look into the server's log for rounds failed."))


def _notices() -> Condition:
    due = waiting().filter(due_at__lt=clock.now() - SENT_WITHIN).count()
    dead = dead_letters().count()
    found = _("%(held)d wait, %(due)d of them too long; %(dead)d could not be sent.") % {
        "held": waiting().count(),
        "due": due,
        "dead": dead,
    }
    return _Found(found, not (due or dead), _("See those that could not be sent, below."))


def _keys() -> Condition:
    kept_by = settings.KEY_PROVIDER.rpartition(".")[2]
    found = _("They answer (%s).") % kept_by if _keys_there() else _("There is none.")
    return _Found(found, _keys_there(), _("Put the keys back from their backup."))


def _scanner() -> Condition:
    """While it is away, nobody can send a file."""
    if not scanner.address():
        return _Found(_("None is configured."), well=True)
    there = scanner.answers()
    found = _("It answers.") if there else _("It does not answer; no file can be sent.")
    return _Found(found, there, _("Start clamd again, or see WELLPOST_CLAMD."))


def _backup() -> Condition:
    made = AuditRow.objects.filter(deed=Deed.BACKED_UP).order_by("-pk").first()
    do = _("Run wellpost backup every night.")
    if made is None:
        return _Found(_("None was made yet."), False, do)
    age = clock.now() - made.recorded_at
    return _Found(_("%s ago.") % _long(age), age < BACKED_UP_WITHIN, do)


def _disk() -> Condition:
    held = shutil.disk_usage(Path(settings.HOME))
    share = held.free / held.total
    found = _("%(free)s GB free of %(total)s.") % {
        "free": f"{held.free / 1e9:,.1f}",
        "total": f"{held.total / 1e9:,.1f}",
    }
    return _Found(found, share > LEAST_FREE, _("Make room, or give the server a larger disk."))


def _clock() -> Condition:
    """By the database's clock, which is another machine's where it is PostgreSQL."""
    with connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        now = "strftime('%s','now')" if sqlite else "extract(epoch FROM clock_timestamp())"
        cursor.execute(f"SELECT {now}")
        theirs = datetime.fromtimestamp(float(cursor.fetchone()[0]), UTC)
    apart = abs(datetime.now(UTC) - theirs)
    found = _("%s s from the database's clock.") % f"{apart.total_seconds():.1f}"
    return _Found(found, apart < CLOCKS_WITHIN, _("Let both machines keep time by NTP."))


def _long(age: timedelta) -> str:
    if age < timedelta(minutes=2):
        return _("%d s") % age.total_seconds()
    if age < timedelta(hours=2):
        return _("%d minutes") % (age.total_seconds() // 60)
    if age < timedelta(days=2):
        return _("%d hours") % (age.total_seconds() // 3600)
    return _("%d days") % age.days
