"""A machine of its own for each deed: a home, a database, and commands run on it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ON_SQLITE = pytest.mark.skipif(
    os.environ.get("WELLPOST_TEST_DATABASE") == "postgresql",
    reason="copies the tests' own SQLite; PostgreSQL has its own test, nightly",
)
MAIN = "import sys; from wellpost.cli.main import main; sys.exit(main())"

FILL = """
from wellpost.server.config import serving
serving.set_up()
serving.prepare_database()
from django.core.files.base import ContentFile
from wellpost.server.audit.checkpoints import make_checkpoint
from wellpost.server.audit.sealing import seal_waiting
from wellpost.server.audit.trees import trees
from wellpost.server.messaging.actions import start_thread
from wellpost.server.people.actions import add_patient, set_up_practice
from wellpost.server.people.models import User

practice, ada = set_up_practice(
    name="Harbor", tin="900000001", time_zone="America/New_York",
    administrator_email="ada@example.org", administrator_name="Ada Moss",
    password="a long way to Tipperary",
)
alice = add_patient(
    practice=practice, by=ada, given_name="Alice", family_name="Arden", birth_on="1980-02-03",
)
alice.user = User.objects.create_user("alice@example.org", "another long way", name="Alice")
alice.account_opened_on = "2020-01-01"
alice.save()
start_thread(
    practice=practice, patient=alice, by=alice.user, subject="My knee", body="It hurts a lot.",
    client_key="1", attachments=[ContentFile(b"Every day. " * 20000, name="diary.txt")],
)
seal_waiting()
for tree in trees():
    make_checkpoint(tree)
"""

READ = """
from wellpost.server.config import serving
serving.set_up()
from wellpost.server.messaging.models import Attachment, Thread
from wellpost.server.messaging.queries import open_attachment, open_thread
from wellpost.server.people.models import User

alice = User.objects.get(email="alice@example.org")
opened = open_thread(Thread.objects.get().pk, alice)
print(opened.subject, "|", *[each.text for each in opened.messages])
file = open_attachment(Attachment.objects.get().pk, alice)
print(len(b"".join(file[3])))
"""


@dataclass
class Machine:
    """A home, and what of the environment differs."""

    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, given: str = "", check: bool = False):
        """A command of Wellpost, or Python text after `-c`."""
        return subprocess.run(
            self._words(words),
            env=self._environment(),
            input=given,
            capture_output=True,
            text=True,
            check=check,
        )

    def start(self, *words: str):
        """A command that goes on."""
        return subprocess.Popen(
            self._words(words),
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def _words(self, words):
        code = words[1:2] if words[0] == "-c" else [MAIN, *words]
        return [sys.executable, "-c", *code]

    def _environment(self):
        kept = {name: each for name, each in os.environ.items() if "WELLPOST" not in name}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        return {**kept, "WELLPOST_HOME": str(self.home), **self.variables}
