"""What other rooms listen to. Each is sent inside the transaction of the deed."""

from __future__ import annotations

from django.dispatch import Signal

message_written = Signal()
"""`message` (its thread with practice and patient joined) and `seat`, from which it was written."""

message_taken_back = Signal()
"""`message`, which stays visible as taken back; `seat`, from which it had been written."""

content_destroyed = Signal()
"""`threads`: their keys are being destroyed for good, under `destruction`; what else was written
about them goes as well.
"""

thread_state_changed = Signal()
"""`thread`, with its new state: resolved, opened again, or locked by the practice."""
