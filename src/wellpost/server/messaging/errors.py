"""What messaging refuses, and the alarm when something sealed was changed."""

from __future__ import annotations

from wellpost.errors import DataRefusedError, WellpostError


class MessageRefusedError(DataRefusedError):
    """A message, file or deed that cannot be taken; the sentence says what would be right."""


class TamperedError(WellpostError):
    """Something sealed does not open: it, or what stands beside it, is not what was stored.

    `what` is `message`, `subject`, `attachment` or `key`; the identifiers say where, for the
    record. Nothing of the content is in it.
    """

    def __init__(
        self,
        what: str,
        *,
        target_id: object = "",
        practice_id: object = "",
        patient_id: object = "",
    ) -> None:
        self.what = what
        self.target_id = target_id
        self.practice_id = practice_id
        self.patient_id = patient_id
        self.on_record = False
        super().__init__(
            f"This {what} was changed after it was sealed, so it is not shown. The alarm is on "
            "record; the practice must look into it."
        )
