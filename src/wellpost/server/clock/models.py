"""How far the demo's clock stands from the real one."""

from __future__ import annotations

from django.db import models


class ClockShift(models.Model):
    """One row at most: what is added to the real time. Only read where settings.DEMO is on."""

    seconds = models.BigIntegerField(default=0)
