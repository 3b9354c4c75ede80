"""Send the notices that wait, those that failed before as well."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ...delivery import deliver, waiting


class Command(BaseCommand):
    """For a timer of the machine: every few minutes."""

    help = "Send by email the notices that wait, those that failed before as well."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many went out and how many still wait; never to whom."""
        found = waiting()
        sent = deliver(found)
        self.stdout.write(f"{sent} notices sent, {len(found) - sent} still wait.")
