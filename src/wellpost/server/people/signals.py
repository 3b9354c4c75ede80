"""What other rooms listen to. Each is sent inside the transaction of the deed."""

from __future__ import annotations

from django.dispatch import Signal

account_opened = Signal()
"""`patient`, `representative` (or None), `user`: the user can now open what waits for them."""

account_recovered = Signal()
"""`patient`, `user`: the user's account is lost and about to be taken off the patient's records."""

representative_added = Signal()
"""`representative`."""

representative_ended = Signal()
"""`representative`: with its last day set."""

patient_created = Signal()
"""`patient`."""

patients_merged = Signal()
"""`kept`, `merged`: two records of one person; `merged.merged_into` is `kept`."""

birth_changed = Signal()
"""`patient`: another date of birth is written down."""

ages_changed = Signal()
"""`practice`: the birthdays at which rights change are others now."""

sign_ins_ended = Signal()
"""`user`: some of their sign-ins were ended, and what was opened for them is to be shut: those that
began at `ended`, or (None) all but the one that began at `kept`.
"""
