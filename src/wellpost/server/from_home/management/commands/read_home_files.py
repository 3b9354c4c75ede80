"""Read the devices' files from home that wait, those that were stopped as well."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ...importing import read, tidy, waiting


class Command(BaseCommand):
    """For a timer of the machine: every few minutes."""

    help = "Read the devices' files from home that wait, those that were stopped as well."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were read; never whose."""
        found = waiting()
        for each in found:
            read(each)
        dropped = tidy()
        self.stdout.write(f"{len(found)} files read, {dropped} that never came whole let go.")
